"""A line of the history: one scan and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.ids import EventId
from shared.reasons import Reason
from shared.wire import EventStatus


class HistoryState(StrEnum):
    """What became of a scan, as a person needs to know it."""

    redeemed = "redeemed"
    """Redeemed, finally."""
    provisional = "provisional"
    """Accepted offline, not confirmed yet."""
    refused = "refused"
    """Not redeemed, for the reason given."""
    asking = "asking"
    """The server was asked and has not answered."""
    given_up = "given_up"
    """Asked, then called off by the clerk."""
    undone = "undone"
    """Redeemed and taken back."""
    conflict = "conflict"
    """Accepted here, in dispute at headquarters."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One scan.

    Attributes:
        seq: its number in the journal.
        eid: the event.
        at: when, aware UTC.
        state: what became of it.
        reason: why, where it was refused or is in dispute; otherwise accepted.
        product: name, or None where unknown.
        last_four: end of the code, or empty.
        uses: how many, 0 for a refused scan.
        value_fen: what these uses were paid with, or None where unknown.
        clerk: id of the person at work, or None.
        sent: the server has it.
    """

    seq: int
    eid: EventId
    at: datetime
    state: HistoryState
    reason: Reason
    product: str | None
    last_four: str
    uses: int
    value_fen: int | None
    clerk: str | None
    sent: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """What the journal and the server's outcomes say of an event.

    Attributes:
        kind: of the journal event: redeem, provisional, refused or intent.
        undone: an undo follows.
        voided: a void follows.
        answer: what was shown of an ask's answer, or None.
        outcome: the server's stored outcome, or None.
    """

    kind: str
    undone: bool
    voided: bool
    answer: EventStatus | None
    outcome: EventStatus | None


def state_of(ending: Ending) -> HistoryState:
    """Sum up how a scan ended; what a person did last comes first."""
    if ending.undone or ending.outcome is EventStatus.undone:
        return HistoryState.undone
    if ending.voided or ending.outcome is EventStatus.void:
        return HistoryState.given_up
    if ending.kind in {"refused", "intent"}:
        return _state_without_right(ending)
    if ending.outcome in {EventStatus.case, EventStatus.refused}:
        return HistoryState.conflict
    if ending.kind == "provisional" and ending.outcome is not EventStatus.accepted:
        return HistoryState.provisional
    return HistoryState.redeemed


def _state_without_right(ending: Ending) -> HistoryState:
    """Of a refused scan, or of one that the server was asked about."""
    if ending.answer is EventStatus.accepted:
        return HistoryState.redeemed
    is_open = ending.kind == "intent" and ending.answer is None
    return HistoryState.asking if is_open else HistoryState.refused
