from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page

from server.demo.browser import open_browsers
from server.demo.buyer import picture_of
from server.demo.digit_reader import large_shapes, learn_digits

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk() -> Iterator[Page]:
    with open_browsers() as browsers:
        yield browsers.desk


def test_digits_are_read_in_another_size_place_and_colour(desk: Page) -> None:
    reader = learn_digits(desk)
    for digits in ("0123456789", "604718", "111111", "888080"):
        desk.set_content(
            "<body style='margin:70px 33px;background:#f1f4f7'><h1>Compare the digits</h1>"
            "<p style=\"font:700 84px 'WenQuanYi Micro Hei';letter-spacing:11px;color:#15191e\">"
            f"{digits[:3]} {digits[3:]}</p></body>"
        )
        assert reader.read(picture_of(desk)) == digits


def test_small_print_and_large_areas_are_no_digits() -> None:
    picture = np.full((400, 400, 3), 255, np.uint8)
    picture[10:30, 10:22] = 0
    picture[100:390, 20:200] = 0
    assert large_shapes(picture) == []
