"""A screen of the demo's own: Xvfb on a free number, and pictures of what is on it.

Xvfb keeps its picture in a file (`-fbdir`) in the X window dump format, so no further program is
needed to photograph it.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from server.demo.programs import Program, Programs
from server.demo.waiting import StepFailedError, until

WIDTH = 1366
HEIGHT = 768

VERDICT_SHARE = 0.1
COLOUR_TOLERANCE = 3
REST_SECONDS = 10.0
REST_LOOK_SECONDS = 0.3
REST_SHARE = 0.01

# Positions in the header of an X window dump, version 7: big-endian numbers of four bytes.
# Source: X11/XWDFile.h.
_HEADER_NUMBERS = 25
_HEADER_SIZE = 0
_PIXMAP_WIDTH = 4
_PIXMAP_HEIGHT = 5
_BITS_PER_PIXEL = 11
_BYTES_PER_LINE = 12
_COLOURS = 19
_COLOUR_BYTES = 12

Picture = NDArray[np.uint8]
"""Height x width x 3, blue, green and red, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A running virtual screen.

    Attributes:
        display: its name for `DISPLAY`, such as `:99`.
        file: where Xvfb keeps the picture.
        program: Xvfb itself.
    """

    display: str
    file: Path
    program: Program

    def picture(self) -> Picture:
        """What is on the screen now."""
        return picture_of_dump(self.file.read_bytes())

    def shows(self, colour: str) -> bool:
        """Whether a colour covers a good part of the screen, as a verdict's does.

        Args:
            colour: such as `#00695C`.
        """
        return share_of(self.picture(), colour) >= VERDICT_SHARE

    def photograph(self, path: Path) -> None:
        """Write what is on the screen to a PNG file, once the window fills it and is drawn.

        Raises:
            StepFailedError: it does not come to rest.
        """
        until(self._is_at_rest, "the screen to come to rest", seconds=REST_SECONDS)
        write_png(path, self.picture())

    def _is_at_rest(self) -> bool:
        """Whether a window fills the screen and hardly changes; a countdown may run."""
        before = self.picture()
        time.sleep(REST_LOOK_SECONDS)
        after = self.picture()
        changed = float((before != after).any(axis=2).mean())
        # Where no window is, the screen is black.
        is_filled = bool(after[-1, -1].any())
        return is_filled and changed <= REST_SHARE


def open_screen(programs: Programs, folder: Path) -> Screen:
    """Start Xvfb on a free display number, 1366 x 768, the size of a small shop's monitor.

    Raises:
        StepFailedError: it did not start in time.
    """
    read_end, write_end = os.pipe()
    # -noreset: the screen must survive the moment between two tills. No TCP, no screen saver.
    program = programs.start(
        "screen",
        [
            *("Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"),
            *("-fbdir", str(folder), "-nolisten", "tcp", "-noreset", "-s", "0"),
        ],
        descriptors=(write_end,),
    )
    os.close(write_end)
    with os.fdopen(read_end, encoding="ascii") as answer:
        # Xvfb writes its number once it is ready; when it dies instead, the pipe ends.
        number = answer.readline().strip()
    if not number:
        program.must_run()
        raise StepFailedError("Xvfb did not name its display")
    file = folder / "Xvfb_screen0"
    until(file.is_file, "the screen's picture file")
    return Screen(f":{number}", file, program)


def picture_of_dump(dump: bytes) -> Picture:
    """Read an X window dump of 32 bits a pixel.

    Args:
        dump: the whole file.

    Raises:
        StepFailedError: the screen has another depth.
    """
    header = np.frombuffer(dump, ">u4", _HEADER_NUMBERS)
    if header[_BITS_PER_PIXEL] != 32:  # noqa: PLR2004 - bits, as the message says
        raise StepFailedError(f"a screen of {header[_BITS_PER_PIXEL]} bits a pixel, not 32")
    start = int(header[_HEADER_SIZE]) + int(header[_COLOURS]) * _COLOUR_BYTES
    height, line_bytes = int(header[_PIXMAP_HEIGHT]), int(header[_BYTES_PER_LINE])
    lines = np.frombuffer(dump, np.uint8, height * line_bytes, start).reshape(height, -1, 4)
    return lines[:, : int(header[_PIXMAP_WIDTH]), :3].copy()


def share_of(picture: Picture, colour: str) -> float:
    """How much of a picture has a colour, 0 to 1, within what anti-aliasing may change."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    distance = np.abs(picture.astype(np.int16) - np.array((blue, green, red), np.int16))
    return float((distance.max(axis=2) <= COLOUR_TOLERANCE).mean())


def write_png(path: Path, picture: Picture) -> None:
    """Write a picture to a PNG file.

    Raises:
        StepFailedError: it cannot be written.
    """
    if not cv2.imwrite(str(path), picture):
        raise StepFailedError(f"cannot write {path}")


def read_png(path: Path) -> Picture:
    """Read a picture from a PNG file.

    Raises:
        StepFailedError: it is no picture.
    """
    picture = cv2.imread(str(path))
    if picture is None:
        raise StepFailedError(f"{path} is no picture")
    return cast("Picture", picture)
