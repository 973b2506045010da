"""The counter's camera: wanted or not, and what it reads, without ever holding up the window."""

import importlib
import logging
import os
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal
from PySide6.QtGui import QImage

from pos_app.core.device_states import CameraState
from pos_app.core.scan import Scan, Symbology
from pos_app.devices.frame_source import CameraChoice, FrameSource
from pos_app.devices.monotonic import counter_ms

if TYPE_CHECKING:
    from pos_app.devices.camera_session import CameraSession, SessionLink

STALL_MS_MAX = 5000
"""A running camera whose thread gives no sign of life for this long has failed."""
WATCH_INTERVAL_MS = 1000
PAUSE_SLICE_MS = 20
CLOSE_WAIT_MS = 1500

_log = logging.getLogger(__name__)


def camera_source(choice: CameraChoice) -> FrameSource:
    """Return the source a setting names; call it in the camera's thread, it imports OpenCV."""
    module = importlib.import_module("pos_app.devices.opencv_source")
    return cast("FrameSource", module.open_source(choice))


class Camera(QObject):
    """Runs the camera in a thread of its own for as long as it is wanted.

    Signals:
        scanned: a `Scan` for every frame in which a code is seen, up to 15 a second; a
            `SameCodeGuard` tells the first from the rest.
        state_changed: a `CameraState`.
        preview: a `QImage` 640 pixels wide, at most 10 a second.

    Args:
        new_source: makes the source; called in the camera's thread.
        symbologies: kinds of code to look for, at least one.
        parent: the owner, as in every Qt object.
    """

    scanned = Signal(object)
    state_changed = Signal(object)
    preview = Signal(QImage)

    def __init__(
        self,
        new_source: Callable[[], FrameSource],
        symbologies: Collection[Symbology],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._new_source = new_source
        self._symbologies = frozenset(symbologies)
        self._thread: CameraThread | None = None
        self._wanted = False
        self._state = CameraState.off
        self._stalled = False
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_INTERVAL_MS)
        self._watch.timeout.connect(self._look_for_stall)

    @property
    def state(self) -> CameraState:
        """What the camera is doing, as last told by `state_changed`."""
        return self._state

    def set_wanted(self, wanted: bool) -> None:  # noqa: FBT001 (a slot)
        """Open or release the camera; returns at once, `state_changed` tells the rest."""
        self._wanted = wanted
        if wanted and self._thread is None:
            self._start()
        elif not wanted and self._thread is not None:
            self._thread.requestInterruption()

    def choose(self, new_source: Callable[[], FrameSource]) -> None:
        """Use another source from now on, reopening if the camera is wanted."""
        self._new_source = new_source
        if self._thread is not None:
            self._thread.requestInterruption()

    def close(self) -> None:
        """Release the camera before the program ends; waits at most 1.5 s."""
        self._wanted = False
        if self._thread is None:
            return
        self._thread.requestInterruption()
        if not self._thread.wait(CLOSE_WAIT_MS):
            # The driver does not answer, and Qt aborts a program that leaves a thread running.
            self._thread.terminate()
            self._thread.wait(CLOSE_WAIT_MS)

    def _start(self) -> None:
        self._thread = CameraThread(self._new_source, self._symbologies)
        self._thread.told.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._thread.finished.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._stalled = False
        self._thread.start()
        self._watch.start()

    def _receive(self, message: object) -> None:
        if isinstance(message, CameraState):
            self._set_state(message)
        elif not self._wanted:
            return
        elif isinstance(message, Scan):
            self.scanned.emit(message)
        elif isinstance(message, QImage):
            self.preview.emit(message)

    def _finish(self) -> None:
        thread, self._thread = self._thread, None
        self._watch.stop()
        if thread is None:
            return
        thread.wait()
        if self._wanted and not thread.is_over:
            self._start()
            return
        if not thread.has_failed:
            self._set_state(CameraState.off)

    def _look_for_stall(self) -> None:
        """Find a driver that neither gives a picture nor says why."""
        assert self._thread is not None
        is_silent = counter_ms() - self._thread.alive_at_ms > STALL_MS_MAX
        if is_silent and self._state is CameraState.running:
            self._stalled = True
            self._set_state(CameraState.failed)
        elif self._stalled and not is_silent:
            self._stalled = False
            self._set_state(CameraState.running)

    def _set_state(self, state: CameraState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)


class CameraThread(QThread):
    """The thread of one `CameraSession`.

    Signals:
        told: what the session tells; see `SessionLink.tell`.

    Attributes:
        alive_at_ms: when the session last showed a sign of life, on the monotonic counter.
        is_over: the session ended by itself, not because the camera was no longer wanted.
        has_failed: it ended by a fault of ours.
    """

    told = Signal(object)

    def __init__(
        self, new_source: Callable[[], FrameSource], symbologies: Collection[Symbology]
    ) -> None:
        super().__init__()
        self._new_source = new_source
        self._symbologies = symbologies
        self.alive_at_ms = counter_ms()
        self.is_over = False
        self.has_failed = False

    def run(self) -> None:
        """Import OpenCV, then watch until nobody wants the camera."""
        # Without it Windows takes up to 20 s to open a camera; OpenCV reads it when imported.
        os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
        try:
            self._new_session().run()
        except Exception:  # noqa: BLE001 (the thread's edge: nobody above could catch it)
            _log.exception("camera_failed")
            self.has_failed = True
            self.told.emit(CameraState.failed)
        self.is_over = not self.isInterruptionRequested()

    def _new_session(self) -> "CameraSession":
        module = importlib.import_module("pos_app.devices.camera_session")
        link: SessionLink = module.SessionLink(
            self.told.emit, self._is_stopped, self._pause, counter_ms
        )
        session: CameraSession = module.CameraSession(self._new_source(), self._symbologies, link)
        return session

    def _is_stopped(self) -> bool:
        self.alive_at_ms = counter_ms()
        return self.isInterruptionRequested()

    def _pause(self, duration_ms: int) -> None:
        until_ms = counter_ms() + duration_ms
        while not self._is_stopped() and (left_ms := until_ms - counter_ms()) > 0:
            self.msleep(min(PAUSE_SLICE_MS, left_ms))
