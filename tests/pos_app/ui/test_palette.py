"""Colours that can be read, computed."""

import pytest

from pos_app.ui import palette
from pos_app.ui.palette import (
    LOOK_COLOURS,
    SHAPE_CONTRAST_MIN,
    TEXT_CONTRAST_MIN,
    calm_colours,
    contrast,
)
from pos_app.ui.view_state import Look

HEADLINE_CONTRAST_MIN = 6.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#FFFFFF", "#777777") == pytest.approx(4.48, abs=0.01)


def test_every_look_has_colours() -> None:
    assert set(LOOK_COLOURS) == set(Look)


@pytest.mark.parametrize("look", list(Look))
@pytest.mark.parametrize("calm", [False, True])
def test_a_verdict_is_readable_on_its_ground_its_stripes_and_its_panel(
    look: Look, *, calm: bool
) -> None:
    colours = calm_colours(look) if calm else LOOK_COLOURS[look]
    for ground in (colours.background, colours.stripe, colours.panel):
        assert contrast(colours.ink, ground) >= TEXT_CONTRAST_MIN
        assert contrast(colours.body, ground) >= TEXT_CONTRAST_MIN
        assert contrast(colours.ink_soft, ground) >= TEXT_CONTRAST_MIN


@pytest.mark.parametrize("look", list(Look))
def test_a_headline_is_readable_from_afar(look: Look) -> None:
    colours = LOOK_COLOURS[look]
    assert contrast(colours.ink, colours.background) >= HEADLINE_CONTRAST_MIN


@pytest.mark.parametrize(
    ("ink", "ground", "needed"),
    [
        (palette.INK, palette.WINDOW, TEXT_CONTRAST_MIN),
        (palette.INK_SOFT, palette.WINDOW, TEXT_CONTRAST_MIN),
        (palette.INK_SOFT, palette.LINE, TEXT_CONTRAST_MIN),
        (palette.GOOD, palette.CARD, TEXT_CONTRAST_MIN),
        (palette.CAUTION, palette.CARD, TEXT_CONTRAST_MIN),
        (palette.BAD, palette.CARD, TEXT_CONTRAST_MIN),
        (palette.WHITE, palette.ACCENT, TEXT_CONTRAST_MIN),
        (palette.WHITE, palette.OFFLINE, TEXT_CONTRAST_MIN),
        (palette.INK, palette.ROW_CHOSEN, TEXT_CONTRAST_MIN),
        (palette.STRIP_INK, palette.STRIP, TEXT_CONTRAST_MIN),
        (palette.FIELD_LINE, palette.CARD, SHAPE_CONTRAST_MIN),
        (palette.FIELD_LINE, palette.WINDOW, SHAPE_CONTRAST_MIN),
        (palette.ACCENT, palette.WINDOW, SHAPE_CONTRAST_MIN),
        (palette.ACCENT, palette.ROW_CHOSEN, SHAPE_CONTRAST_MIN),
    ],
)
def test_what_stands_on_a_page_is_readable(ink: str, ground: str, needed: float) -> None:
    assert contrast(ink, ground) >= needed
