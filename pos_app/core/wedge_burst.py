"""Tells a barcode gun that types like a keyboard from a person who types, by the keys' times.

`WedgeBurst` is told of every key press and answers, for each, what has become certain and whether
the key is kept back, dropped or given to the widget. Keys of one *run* follow each other within
`BurstSettings.gap_ms`; there is no limit on a run's whole duration, because a slow gun needs
seconds for a long token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from itertools import pairwise
from statistics import median

GUN_GAP_MS_MAX = 35
"""No person keeps a median gap as short as this; in a text field it proves a gun."""
PERSON_GAP_MS_MIN = 60
"""A run slower than this, in a text field, is a person: its keys are shown at once."""
PERSON_KEYS = range(5, 17)
"""Counts of keys at which a run in a text field may still be called a person's early."""
SLOW_GAP_MS_MAX = 300
"""Gaps above the limit and up to this one still look like a gun, one set up too slow."""
LATE_TERMINATOR_MS = 500
"""How long after a scan that ended without a terminator one may still arrive."""
RECEIVING_AFTER_KEYS = 6
PARTIAL_KEYS_MIN = 3
"""Fewer keys than this without a terminator are never called a partial scan."""
GAP_MS_MIN = 20
LENGTH_MIN_MAX = 64
LENGTH_MAX = 4096


@dataclass(frozen=True, slots=True)
class BurstSettings:
    """How one till's guns behave.

    Attributes:
        gap_ms: longest time between two keys of a scan, 20 to 300.
        length_min: fewest characters of a scan, 1 to 64.
        length_max: most characters of a scan, up to 4096.
    """

    gap_ms: int = 100
    length_min: int = 6
    length_max: int = LENGTH_MAX

    def __post_init__(self) -> None:
        assert GAP_MS_MIN <= self.gap_ms <= SLOW_GAP_MS_MAX
        assert 1 <= self.length_min <= LENGTH_MIN_MAX
        assert self.length_min < self.length_max <= LENGTH_MAX


@dataclass(frozen=True, slots=True)
class KeyPress:
    """One key press that carries text or ends a scan; modifiers and repeats are left out.

    Attributes:
        at_ms: when the system saw it, in milliseconds of any steady counter.
        text: what it types; not looked at for a terminator.
        is_terminator: it may end a scan (Return, Enter, Line feed, Tab).
    """

    at_ms: int
    text: str
    is_terminator: bool


class BurstFault(StrEnum):
    """Why keys that came like a gun's are no scan."""

    too_short = "too_short"
    """Fewer characters than a code has: a partial reading."""
    too_long = "too_long"
    """More characters than any code has."""
    too_slow = "too_slow"
    """Keys regular like a gun's, with gaps above the limit: the gun is set up too slow."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """Enough fast keys have come that a scan is under way."""


@dataclass(frozen=True, slots=True)
class BurstScan:
    """A scan is complete; the keys kept back are its own and are dropped."""

    text: str


@dataclass(frozen=True, slots=True)
class BurstRejected:
    """A gun's keys that are no scan; the keys kept back are dropped."""

    text: str
    fault: BurstFault


@dataclass(frozen=True, slots=True)
class Typing:
    """The keys kept back were typed by a person and are to be delivered now, in order."""


BurstEvent = Receiving | BurstScan | BurstRejected | Typing


class KeyFate(Enum):
    """What is done with the key just pressed, after the decision's events were carried out."""

    hold = auto()
    """Kept back until the run is judged."""
    drop = auto()
    """Never delivered."""
    deliver = auto()
    """Given to the widget as if nobody had looked."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one key press made certain: events in order, then the fate of the key itself."""

    events: tuple[BurstEvent, ...]
    fate: KeyFate


class _Run(Enum):
    """What is known of the keys since the last pause."""

    none = auto()
    holding = auto()
    typing = auto()
    overlong = auto()


class WedgeBurst:
    """The judge of one keyboard; see the module's text.

    Args:
        settings: the limits of a scan.
        looks_like_code: true for text that is certainly a voucher code or token, so that a slow
            gun is believed even in a text field. Must be quick; it is asked once per run.
    """

    def __init__(self, settings: BurstSettings, looks_like_code: Callable[[str], bool]) -> None:
        self._settings = settings
        self._looks_like_code = looks_like_code
        self._run = _Run.none
        self._held: list[KeyPress] = []
        self._in_text_field = False
        self._last_at_ms = 0
        self._terminators_dropped_until_ms = -1
        self._slow_text = ""

    @property
    def is_holding(self) -> bool:
        """Whether keys are being kept back at this moment."""
        return self._run is _Run.holding

    def press(self, key: KeyPress, *, in_text_field: bool) -> Decision:
        """Judge one key press.

        Args:
            key: the key.
            in_text_field: whether a person could be typing into a text field now; it counts for
                the whole run that this key begins.
        """
        gap_ms = abs(key.at_ms - self._last_at_ms)
        events = self.idle() if gap_ms > self._settings.gap_ms else ()
        if self._run is _Run.none:
            self._in_text_field = in_text_field
        if gap_ms > SLOW_GAP_MS_MAX:
            self._slow_text = ""
        decided = self._terminate(key) if key.is_terminator else self._take(key)
        self._last_at_ms = key.at_ms
        return Decision(events + decided.events, decided.fate)

    def idle(self) -> tuple[BurstEvent, ...]:
        """Judge what was kept back, because no further key came within the gap."""
        run, self._run = self._run, _Run.none
        if run is not _Run.holding:
            return ()
        verdict = self._judge(terminated_at_ms=None)
        if not isinstance(verdict, Typing):
            self._terminators_dropped_until_ms = self._last_at_ms + LATE_TERMINATOR_MS
        return (verdict,)

    def _take(self, key: KeyPress) -> Decision:
        if self._run is _Run.overlong:
            return Decision((), KeyFate.drop)
        if self._run is _Run.typing:
            return Decision((), KeyFate.deliver)
        self._run = _Run.holding
        self._held.append(key)
        if len(self._held) > self._settings.length_max:
            self._run = _Run.overlong
            text = "".join(held.text for held in self._held)
            return Decision((self._reject(text, BurstFault.too_long),), KeyFate.drop)
        if self._in_text_field and self._is_person():
            self._run = _Run.typing
            self._held.clear()
            return Decision((Typing(),), KeyFate.deliver)
        if len(self._held) == RECEIVING_AFTER_KEYS and self._seems_gun():
            return Decision((Receiving(),), KeyFate.hold)
        return Decision((), KeyFate.hold)

    def _terminate(self, key: KeyPress) -> Decision:
        run, self._run = self._run, _Run.none
        if run is _Run.overlong:
            return self._ended(key, ())
        if run is _Run.holding:
            verdict = self._judge(terminated_at_ms=key.at_ms)
            if isinstance(verdict, Typing):
                return Decision((verdict,), KeyFate.deliver)
            return self._ended(key, (verdict,))
        if run is _Run.none and 0 <= key.at_ms <= self._terminators_dropped_until_ms:
            return self._ended(key, ())
        if len(self._slow_text) >= self._settings.length_min and not self._in_text_field:
            return self._ended(key, (self._reject(self._slow_text, BurstFault.too_slow),))
        return Decision((), KeyFate.deliver)

    def _ended(self, key: KeyPress, events: tuple[BurstEvent, ...]) -> Decision:
        """Drop the terminator, and the other half of a CRLF that may follow."""
        self._terminators_dropped_until_ms = key.at_ms + self._settings.gap_ms
        return Decision(events, KeyFate.drop)

    def _judge(self, terminated_at_ms: int | None) -> BurstScan | BurstRejected | Typing:
        """Decide about the keys kept back, and keep none back from here on."""
        text = "".join(key.text for key in self._held)
        if self._is_scan(text, terminated_at_ms):
            self._held.clear()
            self._slow_text = ""
            return BurstScan(text)
        if self._is_partial(terminated_at_ms):
            return self._reject(text, BurstFault.too_short)
        self._held.clear()
        if not self._in_text_field:
            self._slow_text += text
        return Typing()

    def _reject(self, text: str, fault: BurstFault) -> BurstRejected:
        self._held.clear()
        self._slow_text = ""
        return BurstRejected(text, fault)

    def _is_scan(self, text: str, terminated_at_ms: int | None) -> bool:
        if len(text) < self._settings.length_min:
            return False
        if not self._in_text_field:
            return True
        return self._median_gap_ms(terminated_at_ms) <= GUN_GAP_MS_MAX or self._looks_like_code(
            text
        )

    def _is_partial(self, terminated_at_ms: int | None) -> bool:
        """Whether fewer keys than a code's came in a way that only a gun's would."""
        count = len(self._held)
        gap_ms = self._median_gap_ms(terminated_at_ms)
        if terminated_at_ms is None:
            return (
                not self._in_text_field and count >= PARTIAL_KEYS_MIN and gap_ms < PERSON_GAP_MS_MIN
            )
        if self._in_text_field:
            return count >= PARTIAL_KEYS_MIN and gap_ms <= GUN_GAP_MS_MAX
        return count > 1 or gap_ms <= GUN_GAP_MS_MAX

    def _is_person(self) -> bool:
        return len(self._held) in PERSON_KEYS and self._median_gap_ms(None) > PERSON_GAP_MS_MIN

    def _seems_gun(self) -> bool:
        return not self._in_text_field or self._median_gap_ms(None) <= GUN_GAP_MS_MAX

    def _median_gap_ms(self, terminated_at_ms: int | None) -> float:
        """The median gap between the keys kept back, and the terminator; endless for one key."""
        times = [key.at_ms for key in self._held]
        if terminated_at_ms is not None:
            times.append(terminated_at_ms)
        gaps = [abs(after - before) for before, after in pairwise(times)]
        return median(gaps) if gaps else float("inf")
