"""The verdict's measures and style sheet, computed from the window's height and the look."""

from dataclasses import dataclass

from pos_app.ui.palette import LookColours

HEADLINE_SHARE = 11
"""The window's height divided by the headline's letter height; at most 14."""
BODY_PIXELS_MIN = 14
TAIL_SHARE = 8
"""A letter height divided by the room left below it."""


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


def measures_for(width: int, height: int) -> VerdictMeasures:
    """The measures of a verdict that fills a window, in logical pixels."""
    return VerdictMeasures(
        icon=min(width * 20 // 100, height * 36 // 100),
        headline=-(-height // HEADLINE_SHARE),
        reason=max(BODY_PIXELS_MIN, height // 28),
        next_step=max(BODY_PIXELS_MIN, height // 30),
        value=max(BODY_PIXELS_MIN, height // 38),
        label=max(BODY_PIXELS_MIN - 1, height // 50),
        margin=height // 24,
        gap=height // 54,
    )


def verdict_style(colours: LookColours, sizes: VerdictMeasures) -> str:
    """The style of the card's own widgets; the background is painted."""
    return _STYLE.format(
        c=colours,
        s=sizes,
        # Some fonts draw the tails of letters below the line they claim.
        tail=sizes.headline // TAIL_SHARE,
        button_height=sizes.label * 5 // 2,
    )


_STYLE = """
QLabel {{ color: {c.body}; background: transparent; }}
QLabel#headline {{
    font-size: {s.headline}px; font-weight: 700; color: {c.ink}; padding-bottom: {tail}px;
}}
QLabel#reason {{ font-size: {s.reason}px; }}
QLabel#nextLabel {{
    font-size: {s.label}px; color: {c.background}; background: {c.ink};
    border-radius: 6px; padding: 4px 12px;
}}
QLabel#nextStep {{ font-size: {s.next_step}px; font-weight: 600; }}
QLabel#factLabel {{ font-size: {s.label}px; color: {c.ink_soft}; }}
QLabel#factValue {{ font-size: {s.value}px; }}
QLabel#left {{ font-size: {s.label}px; color: {c.ink_soft}; }}
QFrame#facts {{ background: {c.panel}; border-radius: 12px; }}
QPushButton {{
    font-size: {s.label}px; color: {c.ink}; background: transparent; font-weight: 400;
    min-height: {button_height}px; max-height: {button_height}px;
    border: 2px solid {c.ink}; border-radius: 8px; padding: 0 {s.label}px;
}}
QPushButton:hover, QPushButton:pressed {{ background: {c.panel}; border-color: {c.ink}; }}
QPushButton:focus {{ border: 4px double {c.ink}; background: {c.panel}; }}
"""
