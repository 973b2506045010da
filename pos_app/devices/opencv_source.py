"""Pictures from a camera or a video file through OpenCV.

Importing OpenCV takes a third of a second, so the camera's thread imports this module when the
camera is first wanted.
"""

from typing import cast

import cv2
from cv2_enumerate_cameras import enumerate_cameras, supported_backends
from cv2_enumerate_cameras.camera_info import CameraInfo

from pos_app.devices.frame_source import (
    CameraBusyError,
    CameraChoice,
    CameraFailedError,
    CameraMissingError,
    FrameSource,
    Grab,
    GreyPicture,
    Picture,
)

FRAME_WIDTH = 1280
FRAME_HEIGHT = 720
FIRST_PICTURE_TRIES_MAX = 10
DEFAULT_FILE_FPS = 30.0
_PREFERRED_BACKENDS = (cv2.CAP_MSMF, cv2.CAP_V4L2, cv2.CAP_AVFOUNDATION)

# One thread is enough for one frame at a time, and leaves the others to the window.
cv2.setNumThreads(1)


def open_source(choice: CameraChoice) -> FrameSource:
    """Return the source a setting names, not yet opened."""
    return DeviceSource(choice.device) if choice.video is None else FileSource(choice)


def connected_cameras() -> list[CameraInfo]:
    """The cameras this machine has now, each with index, name and path, in the system's order."""
    for backend in _PREFERRED_BACKENDS:
        if backend in supported_backends:
            return enumerate_cameras(backend)
    return enumerate_cameras()


class DeviceSource:
    """A connected camera, at 1280 x 720.

    Args:
        device: see `CameraChoice.device`.
    """

    is_live = True
    frame_interval_ms = 0

    def __init__(self, device: str) -> None:
        self._device = device
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> None:
        """See `FrameSource`."""
        found = next((camera for camera in connected_cameras() if self._is_meant(camera)), None)
        if found is None:
            raise CameraMissingError(self._device)
        capture = cv2.VideoCapture(found.index, found.backend)
        self._capture = capture
        if not capture.isOpened():
            self.close()
            raise CameraBusyError(found.name)
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, FRAME_WIDTH)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, FRAME_HEIGHT)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        # Some systems open a camera that another program has, and then it stays dark.
        if not any(capture.grab() for _ in range(FIRST_PICTURE_TRIES_MAX)):
            self.close()
            raise CameraBusyError(found.name)

    def grab(self) -> Grab:
        """See `FrameSource`."""
        assert self._capture is not None
        return Grab.picture if self._capture.grab() else Grab.nothing

    def retrieve(self) -> Picture:
        """See `FrameSource`."""
        return _retrieved(self._capture)

    def close(self) -> None:
        """See `FrameSource`."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _is_meant(self, camera: CameraInfo) -> bool:
        return self._device in {str(camera.index), camera.name, camera.path}


class FileSource:
    """A video file, once from beginning to end as fast as it decodes, or looped at its own speed.

    Args:
        choice: with `video` set.
    """

    def __init__(self, choice: CameraChoice) -> None:
        assert choice.video is not None
        self._path = choice.video
        self._loops = choice.loops
        self._capture: cv2.VideoCapture | None = None
        self.is_live = choice.loops
        self.frame_interval_ms = 0

    def open(self) -> None:
        """See `FrameSource`."""
        if not self._path.is_file():
            raise CameraMissingError(str(self._path))
        self._capture = cv2.VideoCapture(str(self._path))
        if not self._capture.isOpened():
            self.close()
            raise CameraFailedError(str(self._path))
        if self._loops:
            fps = self._capture.get(cv2.CAP_PROP_FPS) or DEFAULT_FILE_FPS
            self.frame_interval_ms = round(1000 / fps)

    def grab(self) -> Grab:
        """See `FrameSource`."""
        assert self._capture is not None
        if self._capture.grab():
            return Grab.picture
        if not self._loops:
            return Grab.end
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
        return Grab.picture if self._capture.grab() else Grab.nothing

    def retrieve(self) -> Picture:
        """See `FrameSource`."""
        return _retrieved(self._capture)

    def close(self) -> None:
        """See `FrameSource`."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None


def _retrieved(capture: cv2.VideoCapture | None) -> Picture:
    assert capture is not None
    is_decoded, picture = capture.retrieve()
    if not is_decoded:
        raise CameraFailedError("retrieve")
    return cast("Picture", picture)


def grey(picture: Picture) -> GreyPicture:
    """The brightness of every pixel."""
    return cast("GreyPicture", cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def shrunk(picture: Picture, width: int) -> Picture:
    """The picture at `width` pixels wide and in proportion; never enlarged."""
    height, full_width = picture.shape[:2]
    if full_width <= width:
        return picture
    size = (width, round(height * width / full_width))
    return cast("Picture", cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
