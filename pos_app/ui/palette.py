"""The counter's colours by name, and the arithmetic that proves them readable.

Colour never speaks alone: every look also has its own icon shape, words, sound and place.
"""

from dataclasses import dataclass

from pos_app.ui.view_state import Look

TEXT_CONTRAST_MIN = 4.5
"""Lowest contrast of text against what it stands on. Source: WCAG 2.2, 1.4.3."""
SHAPE_CONTRAST_MIN = 3.0
"""Lowest contrast of icons, borders and focus rings. Source: WCAG 2.2, 1.4.11."""

WHITE = "#FFFFFF"
INK = "#15191E"
INK_SOFT = "#4A545E"
WINDOW = "#F1F4F7"
CARD = "#FFFFFF"
LINE = "#D3DAE1"
FIELD_LINE = "#76828E"
ROW_ALTERNATE = "#F7F9FB"
ROW_CHOSEN = "#DCE9F5"
ACCENT = "#0B4F8A"
ACCENT_PRESSED = "#083B68"
OFFLINE = "#4A3AA7"
GOOD = "#00695C"
CAUTION = "#8A5300"
BAD = "#B71C1C"
STRIP = "#111111"
STRIP_INK = "#FFC233"


@dataclass(frozen=True, slots=True)
class LookColours:
    """What a verdict is painted with.

    Attributes:
        background: fills the window.
        stripe: diagonal bands on the background; the same colour where there are none.
        panel: behind the facts.
        ink: headline and icon.
        body: every sentence and value.
        ink_soft: labels of the facts.
    """

    background: str
    stripe: str
    panel: str
    ink: str
    body: str
    ink_soft: str


_OK = LookColours("#00695C", "#00695C", "#005248", WHITE, WHITE, "#C9E7E1")
_OFFLINE_OK = LookColours(OFFLINE, "#5A4BB8", "#392B8C", WHITE, WHITE, "#DDD9F7")
_WARN = LookColours("#FFC233", "#FFC233", "#FFD578", "#111111", "#111111", "#4D3A00")
_ERROR = LookColours("#B71C1C", "#B71C1C", "#961414", WHITE, WHITE, "#FBDADA")
_CHECKING = LookColours("#0B4F8A", "#0B4F8A", "#083E6D", WHITE, WHITE, "#D2E4F4")

LOOK_COLOURS = {
    Look.ok: _OK,
    Look.offline_ok: _OFFLINE_OK,
    Look.warn: _WARN,
    Look.error: _ERROR,
    Look.checking: _CHECKING,
    Look.unknown_outcome: _CHECKING,
}


def calm_colours(look: Look) -> LookColours:
    """A verdict whose full colour has had its time: the same ink on paper."""
    accent = LOOK_COLOURS[look].background if look is not Look.warn else CAUTION
    return LookColours(CARD, CARD, WINDOW, accent, INK, INK_SOFT)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours.

    Args:
        one: such as `#00695C`.
        other: the same.

    Returns:
        1 (equal) to 21 (black and white).

    Source: WCAG 2.2, definition of contrast ratio.
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    # The numbers are those of the sRGB curve in WCAG 2.2, "relative luminance".
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
