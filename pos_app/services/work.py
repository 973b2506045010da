"""What a service is handed: one transaction of a paired till, its time, keys and ids."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from pos_app.core.knowledge import Standing, TillKnowledge
from pos_app.core.till_keys import TillKeys
from pos_app.storage import copies, journal
from pos_app.storage.database import Connection
from pos_app.storage.state import TillState
from shared.clock import ClockReading, MachineTime
from shared.errors import DomainError
from shared.ids import EntropySource, IdSource, StoreId
from shared.sealing import PURPOSE_TOKEN_KEY, unseal


class NotPairedError(DomainError):
    """This till belongs to no store yet; pair it first."""

    code = "not_paired"


class EventHeader(TypedDict):
    """What every draft of a journal event begins with."""

    seq: int
    prev_hash: bytes
    at: datetime
    clerk: str | None


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a till gets what cannot be computed; seeded in a simulation.

    Attributes:
        machine: says the machine's time.
        new_id: makes a UUIDv7.
        entropy: returns unpredictable bytes.
    """

    machine: Callable[[], MachineTime]
    new_id: IdSource
    entropy: EntropySource


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction. Services never commit; the till does, once, when the service returns.

    Attributes:
        connection: open, in a writing transaction.
        state: as it was when the transaction began.
        clock: now.
        machine: what the machine itself says of the time.
        keys: of this life.
        sources: ids and entropy.
    """

    connection: Connection
    state: TillState
    clock: ClockReading
    machine: MachineTime
    keys: TillKeys = field(repr=False)
    sources: Sources

    def header(self, clerk: str | None = None) -> EventHeader:
        """The beginning of an event that happens now; `journal.append` numbers and links it."""
        return {
            "seq": journal.UNNUMBERED,
            "prev_hash": journal.UNLINKED,
            "at": self.clock.at,
            "clerk": clerk,
        }

    def till_knowledge(self, *, online: bool) -> TillKnowledge:
        """What the till knows of itself, for a decision."""
        state = self.state
        return TillKnowledge(
            store=StoreId(state.identity.store),
            store_open=copies.store(self.connection).open,
            standing=state.standing,
            tenure=state.tenure,
            token_key=self._token_key(),
            cursor=state.cursor,
            offline_until=state.offline_until,
            clock=self.clock,
            online=online and state.standing is Standing.welcome,
        )

    def _token_key(self) -> bytes | None:
        """Open the key of the live tenure's tokens; it lies sealed and is used in memory only."""
        sealed = self.state.sealed_token_key
        return unseal(sealed, self.keys.sealing, PURPOSE_TOKEN_KEY) if sealed else None
