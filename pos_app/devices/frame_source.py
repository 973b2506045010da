"""Where a camera's pictures come from: one protocol for devices and files, and how it may fail.

KnownError
└── CameraError          `state` says what the camera's chip shows
    ├── CameraMissingError
    ├── CameraBusyError
    └── CameraFailedError
"""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from pos_app.core.device_states import CameraState
from shared.errors import KnownError

Picture = NDArray[np.uint8]
"""Height x width x 3, blue, green and red, 0 to 255."""
GreyPicture = NDArray[np.uint8]
"""Height x width, 0 (black) to 255."""


class CameraError(KnownError):
    """The camera cannot be used now."""

    state: ClassVar[CameraState] = CameraState.failed


class CameraMissingError(CameraError):
    """No such device or file."""

    state = CameraState.missing


class CameraBusyError(CameraError):
    """The device is there and does not give itself to us."""

    state = CameraState.busy


class CameraFailedError(CameraError):
    """The device or file opened and delivers no picture."""

    state = CameraState.failed


class Grab(Enum):
    """What became of the wait for the next picture."""

    picture = auto()
    """One is there; `retrieve` returns it."""
    nothing = auto()
    """None came in time."""
    end = auto()
    """A file is over."""


class FrameSource(Protocol):
    """A stream of pictures, used by one thread.

    Attributes:
        is_live: pictures come at their own pace and a late one is worth nothing.
        frame_interval_ms: how long to wait between two pictures because the source itself does
            not pace them; 0 where it does, or where every picture is wanted at once.
    """

    is_live: bool
    frame_interval_ms: int

    def open(self) -> None:
        """Take the device.

        Raises:
            CameraError: see the tree above.
        """

    def grab(self) -> Grab:
        """Wait for the next picture without converting it."""

    def retrieve(self) -> Picture:
        """Return the picture grabbed last.

        Raises:
            CameraFailedError: it cannot be decoded.
        """

    def close(self) -> None:
        """Give the device back; does nothing when it is not open."""


@dataclass(frozen=True, slots=True)
class CameraChoice:
    """Which camera, as a setting names it.

    Attributes:
        device: a number from 0, a camera's name, or its path; empty when `video` is given.
        video: a file that stands in for a camera.
        loops: play `video` again and again at its own speed, as if it were live.
    """

    device: str = "0"
    video: Path | None = None
    loops: bool = False
