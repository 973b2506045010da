"""Reads large digits off a screen, as the person does who compares two screens.

Each dark shape as tall as a digit is compared with digits that the browser draws in the fonts of
this machine; the most similar one is what stands there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from server.demo.buyer import picture_of
from server.demo.screen import Picture
from server.demo.waiting import StepFailedError, expect

DIGIT_PIXELS_MIN = 45
DIGIT_PIXELS_MAX = 140
DARK_BELOW = 128
SHAPE_SIZE = (24, 36)
FONT_FAMILIES = ("WenQuanYi Micro Hei", "DejaVu Sans", "sans-serif")
_SPECIMEN = """
<body style="margin:40px;background:#fff;color:#000;font:700 96px '{family}';letter-spacing:24px">
0123456789</body>
"""

Shape = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DigitReader:
    """Knows what digits look like on this machine.

    Attributes:
        alphabets: for each font the ten digits' shapes, 0 first.
    """

    alphabets: tuple[tuple[Shape, ...], ...]

    def read(self, picture: Picture) -> str:
        """The large digits of a picture, from left to right."""
        return "".join(self._digit(shape) for shape in large_shapes(picture))

    def _digit(self, shape: Shape) -> str:
        likeness = [
            max(_likeness(shape, alphabet[digit]) for alphabet in self.alphabets)
            for digit in range(10)
        ]
        return str(int(np.argmax(likeness)))


def learn_digits(page: Page, families: Sequence[str] = FONT_FAMILIES) -> DigitReader:
    """Let a browser draw the digits in several fonts and remember their shapes.

    Args:
        page: wide enough for ten digits; its content is replaced.
        families: names of fonts; one that is not installed is drawn in another.

    Raises:
        StepFailedError: what it drew are not ten shapes.
    """
    alphabets = []
    for family in families:
        page.set_content(_SPECIMEN.format(family=family))
        shapes = tuple(large_shapes(picture_of(page)))
        expect(len(shapes) == 10, f"ten digits in {family}, and saw {len(shapes)}")  # noqa: PLR2004
        alphabets.append(shapes)
    if not alphabets:
        raise StepFailedError("no font to learn digits from")
    return DigitReader(tuple(alphabets))


def large_shapes(picture: Picture) -> list[Shape]:
    """The dark connected shapes that are as tall as a large digit, from left to right.

    Returns:
        Each stretched to one size, -1 where it is light and 1 where it is dark.
    """
    dark = (cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) < DARK_BELOW).astype(np.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(dark)
    found = []
    # The first box is the background.
    for left, top, width, height, _ in boxes[1:]:
        if DIGIT_PIXELS_MIN <= height <= DIGIT_PIXELS_MAX and width <= height:
            cut = dark[top : top + height, left : left + width].astype(np.float32)
            found.append((int(left), _stretched(cut)))
    return [shape for _, shape in sorted(found, key=lambda pair: pair[0])]


def _stretched(cut: Shape) -> Shape:
    height, width = cut.shape
    # A narrow digit stays narrow: it is set into a box of a digit's usual proportion.
    box = np.zeros((height, max(width, round(height * SHAPE_SIZE[0] / SHAPE_SIZE[1]))), np.float32)
    left = (box.shape[1] - width) // 2
    box[:, left : left + width] = cut
    small = cv2.resize(box, SHAPE_SIZE, interpolation=cv2.INTER_AREA)
    return np.asarray(small * 2 - 1, np.float32)


def _likeness(one: Shape, other: Shape) -> float:
    return float((one * other).mean())
