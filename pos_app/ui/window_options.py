"""What the window can show, and how a person wants it."""

from dataclasses import dataclass, field
from enum import StrEnum, auto

from pos_app.ui.theme import FONT_PERCENT_MIN
from pos_app.ui.verdict_card import VerdictTiming

WIDTH_MIN = 960
HEIGHT_MIN = 540
"""A 1920 x 1080 screen at 200 %, in logical pixels."""
RECEIVING_MS_MAX = 3_000
"""A scan that has not been completed for this long is no longer announced."""
PREPARE_AFTER_MS = 300
"""How long after the window has been shown the verdict's card is laid out for the first time."""


class Page(StrEnum):
    """What fills the middle of the window."""

    ready = auto()
    """Waiting for a scan."""
    verdict = auto()
    """The answer to one."""
    history = auto()
    """Today's scans."""


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """How a person wants the window.

    Attributes:
        font_percent: 100 to 200.
        moves: false for no blinking and little motion.
        timing: how long verdicts stay.
    """

    font_percent: int = FONT_PERCENT_MIN
    moves: bool = True
    timing: VerdictTiming = field(default_factory=VerdictTiming)
