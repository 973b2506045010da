"""The verdict's measures and colours, computed from the window's size and the look."""

from dataclasses import dataclass

from pos_app.ui.palette import LookColours

HEADLINE_SHARE = 11
"""The window's height divided by the headline's letter height, where there is room."""
HEADLINE_SHARE_MAX = 14
"""The same where there is little room."""
FIT_PERCENTS = (100, 90, 80, 70, 60)
"""Magnifications to try until everything fits."""
BODY_PIXELS_MIN = 14


@dataclass(frozen=True, slots=True)
class VerdictMeasures:
    """Sizes in logical pixels.

    Attributes:
        icon: side of the icon.
        headline: letter height.
        reason: letter height.
        next_step: letter height.
        value: letter height of a fact's value.
        label: letter height of a fact's label, of buttons and of the seconds left.
        margin: around everything.
        gap: between two things.
    """

    icon: int
    headline: int
    reason: int
    next_step: int
    value: int
    label: int
    margin: int
    gap: int


def measures_for(width: int, height: int, percent: int) -> VerdictMeasures:
    """The measures of a verdict that fills a window.

    Args:
        width: of the window, in logical pixels.
        height: of the window, in logical pixels.
        percent: of the measures that look best, 1 to 100.
    """
    scaled = height * percent // 100
    return VerdictMeasures(
        icon=min(width * 20 // 100, height * 36 // 100),
        headline=max(-(-height // HEADLINE_SHARE_MAX), scaled // HEADLINE_SHARE),
        reason=max(BODY_PIXELS_MIN, scaled // 28),
        next_step=max(BODY_PIXELS_MIN, scaled // 30),
        value=max(BODY_PIXELS_MIN, scaled // 38),
        label=max(BODY_PIXELS_MIN - 1, scaled // 50),
        margin=scaled // 24,
        gap=scaled // 54,
    )


def button_style(colours: LookColours, sizes: VerdictMeasures) -> str:
    """The style of a verdict's button."""
    return _BUTTON.format(c=colours, s=sizes, height=sizes.label * 5 // 2)


_BUTTON = """
QPushButton {{
    font-size: {s.label}px; color: {c.ink}; background: transparent;
    min-height: {height}px; max-height: {height}px;
    border: 2px solid {c.ink}; border-radius: 8px; padding: 0 {s.label}px;
}}
QPushButton:hover, QPushButton:pressed {{ background: {c.panel}; border-color: {c.ink}; }}
QPushButton:focus {{ border: 4px double {c.ink}; background: {c.panel}; }}
"""
