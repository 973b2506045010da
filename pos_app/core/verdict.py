"""The answer to a scan, as a value that the window shows and the history repeats."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.ids import EventId
from shared.reasons import Fact, FactName, Reason

ACCEPTING_REASONS = frozenset({Reason.accepted, Reason.accepted_offline})
"""The reasons at which goods are handed over."""


class Lane(StrEnum):
    """Which party's right decided a scan."""

    held = "held"
    """This till held the voucher and decided alone; final, with or without a network."""
    asked = "asked"
    """The server held it and was asked."""
    provisional = "provisional"
    """Nobody was asked; to be confirmed."""
    none = "none"
    """Nothing was redeemed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scan ended in, already recorded durably.

    Attributes:
        eid: the customer's intention; also of a refused scan.
        reason: why; one of the closed list.
        lane: whose right was used.
        decided_at: by the till's clock, aware UTC.
        facts: evidence for the card, in the order in which it is shown.
        attention: what the clerk has to check before handing over, or None.
    """

    eid: EventId
    reason: Reason
    lane: Lane
    decided_at: datetime
    facts: tuple[Fact, ...] = ()
    attention: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether goods are handed over."""
        return self.reason in ACCEPTING_REASONS

    def fact(self, name: FactName) -> str | None:
        """The value of a fact, or None where the card does not have it."""
        return next((fact.value for fact in self.facts if fact.name is name), None)
