"""What the camera's thread does: open, watch, decode, and open again when the camera goes away.

Imported by that thread only, because it brings OpenCV and the decoders with it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from PySide6.QtGui import QImage

from pos_app.core.device_states import CameraState
from pos_app.core.scan import Scan, ScanSource, Symbology
from pos_app.devices.decoding import FrameDecoder, LinearConfirmation
from pos_app.devices.frame_source import (
    CameraError,
    CameraFailedError,
    FrameSource,
    Grab,
    Picture,
)
from pos_app.devices.opencv_source import grey, shrunk

DECODES_PER_SECOND_MAX = 15
PREVIEWS_PER_SECOND_MAX = 10
PREVIEW_WIDTH = 640
SILENCE_MS_MAX = 1500
"""After this long without a picture the device is closed and opened again."""
NOTHING_PAUSE_MS = 20
REOPEN_PAUSE_MS = 2000


@dataclass(frozen=True, slots=True)
class SessionLink:
    """How the session reaches the thread it runs in.

    Attributes:
        tell: posts a `CameraState`, a `Scan` or a preview `QImage` to the window's thread.
        is_stopped: whether the camera is no longer wanted; asked at least once a frame.
        pause: waits that many milliseconds, or less when the camera is no longer wanted.
        now_ms: the machine's monotonic counter.
    """

    tell: Callable[[object], None]
    is_stopped: Callable[[], bool]
    pause: Callable[[int], None]
    now_ms: Callable[[], int]


class Pace:
    """Says when the next of something is due, at most `per_second` times a second."""

    def __init__(self, per_second: int) -> None:
        self._interval_ms = 1000 / per_second
        self._due_at_ms = 0.0

    def is_due(self, now_ms: int) -> bool:
        """Whether one is due now; if so the next is due one interval later."""
        if now_ms < self._due_at_ms:
            return False
        self._due_at_ms = max(self._due_at_ms + self._interval_ms, float(now_ms))
        return True


class CameraSession:
    """One camera from wanted to not wanted.

    Args:
        source: not yet opened; closed when the session is over.
        symbologies: kinds of code to look for.
        link: see `SessionLink`.
    """

    def __init__(
        self, source: FrameSource, symbologies: Collection[Symbology], link: SessionLink
    ) -> None:
        self._source = source
        self._link = link
        self._decoder = FrameDecoder(symbologies, is_live=source.is_live)
        self._confirmation = LinearConfirmation()
        self._decode_pace = Pace(DECODES_PER_SECOND_MAX)
        self._preview_pace = Pace(PREVIEWS_PER_SECOND_MAX)

    def run(self) -> None:
        """Keep the camera open while it is wanted; return when it is not, or a file is over."""
        self._link.tell(CameraState.starting)
        while not self._link.is_stopped():
            try:
                self._source.open()
                self._watch()
            except CameraError as error:
                self._link.tell(error.state)
            else:
                return
            finally:
                self._source.close()
            self._link.pause(REOPEN_PAUSE_MS)

    def _watch(self) -> None:
        """Look at pictures until the camera is not wanted or a file is over.

        Raises:
            CameraError: no more pictures come.
        """
        last_picture_at_ms = self._link.now_ms()
        is_running = False
        while not self._link.is_stopped():
            grabbed = self._source.grab()
            now_ms = self._link.now_ms()
            if grabbed is Grab.end:
                return
            if grabbed is Grab.nothing:
                if now_ms - last_picture_at_ms > SILENCE_MS_MAX:
                    raise CameraFailedError
                self._link.pause(NOTHING_PAUSE_MS)
                continue
            last_picture_at_ms = now_ms
            if not is_running:
                is_running = True
                self._link.tell(CameraState.running)
            self._look(now_ms)
            self._link.pause(self._source.frame_interval_ms)

    def _look(self, now_ms: int) -> None:
        """Convert, decode and show the picture just grabbed, as far as each is due."""
        decodes = not self._source.is_live or self._decode_pace.is_due(now_ms)
        shows = self._preview_pace.is_due(now_ms)
        if not (decodes or shows):
            return
        picture = self._source.retrieve()
        if decodes:
            found = self._confirmation.confirmed(self._decoder.decode(grey(picture)))
            for code in found:
                at_ms = self._link.now_ms()
                self._link.tell(Scan(code.text, ScanSource.camera, at_ms, code.symbology))
        if shows:
            self._link.tell(_preview(picture))


def _preview(picture: Picture) -> QImage:
    small = shrunk(picture, PREVIEW_WIDTH)
    height, width = small.shape[:2]
    image = QImage(small.data, width, height, small.strides[0], QImage.Format.Format_BGR888)
    # The picture's memory goes away with it; the window needs its own.
    return image.copy()
