"""One till of a simulation: its machine, its database on disk, and the program that runs on it.

What the program keeps in memory (requests it waits for) is lost when it stops; what is in the
database is not.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec

from pos_app.core.knowledge import Standing
from pos_app.core.till_keys import TillKeys
from pos_app.core.verdict import Verdict
from pos_app.services.doubts import AskDue
from pos_app.services.till import Attempt, Sources, Till
from pos_app.storage.database import Database
from shared.reasons import FactName
from shared.wire import AskReply, HelloReply, SyncReply
from tests.together.dice import Dice
from tests.together.engines import share_compiled
from tests.together.machine import Machine
from tests.together.network import Kind
from tests.together.power import power_cut_after

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class TillPlace:
    """Who a till is: the same in every history of one chain.

    Attributes:
        number: 0 and up.
        till: its id.
        store: where it stands.
        keys: of its life.
    """

    number: int
    till: UUID
    store: UUID
    keys: TillKeys = field(repr=False)


@dataclass(slots=True)
class TillNode:
    """A till and its machine.

    Attributes:
        place: who it is.
        path: of its database.
        machine: its computer.
        dice: of the present step; the scheduler sets it.
        line_is_up: whether messages get through.
        waiting_for: requests without reply yet, by name: of which kind, and how long to wait.
        greeted: whether the server has answered a hello of this run of the program.
        cut_after: statements until the power is cut in the next transaction, or None.
    """

    place: TillPlace
    path: Path
    machine: Machine
    dice: Dice
    line_is_up: bool = True
    waiting_for: dict[bytes, tuple[Kind, datetime]] = field(default_factory=dict)
    greeted: bool = False
    cut_after: int | None = None
    database: Database = field(init=False)
    till: Till = field(init=False)
    reader: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self.start()
        self.reader = sqlite3.connect(self.path, isolation_level=None)

    def start(self) -> None:
        """Start the program; it finds whatever is on the disk."""
        self.waiting_for.clear()
        self.greeted = False
        self.database = Database(self.path)
        share_compiled(self.database._engine, "till")
        sources = Sources(
            machine=self.machine.read,
            # The dice change with every step.
            new_id=lambda: self.dice.new_id(),  # noqa: PLW0108
            entropy=lambda count: self.dice.entropy(count),  # noqa: PLW0108
        )
        self.till = Till(self.database, self.place.keys, sources)

    def stop(self) -> None:
        """Kill the program."""
        self.database.close()

    @property
    def lease_ends(self) -> datetime:
        """Until when it may use what it holds, by the server's last word."""
        until = self.till.status().offline_until
        assert until is not None
        return until

    def waits(self, *kinds: Kind) -> bool:
        """Whether a request of one of these kinds is under way."""
        return any(kind in kinds for kind, _ in self.waiting_for.values())

    def close(self) -> None:
        """Leave nothing open at the end of a history."""
        self.database.close()
        self.reader.close()

    @contextmanager
    def _power(self) -> Iterator[None]:
        statements, self.cut_after = self.cut_after, None
        with power_cut_after(self.database._engine, statements, self.place.number):
            yield

    # --- verbs; each may be cut off by a PowerCut ---

    def redeem(self, attempt: Attempt) -> Verdict | AskDue:
        """Scan something."""
        with self._power():
            return self.till.redeem(attempt)

    def take_sync_reply(self, raw: bytes) -> None:
        """Apply a reply to an upload or a poll."""
        reply = msgspec.json.decode(raw, type=SyncReply)
        with self._power():
            self.till.apply_sync_reply(reply)

    def take_answer(self, reply: AskReply) -> Verdict | None:
        """Apply a reply to an ask."""
        with self._power():
            return self.till.take_answer(reply.eid, reply)

    def take_hello_reply(self, raw: bytes) -> None:
        """Apply a reply to a hello; from now on everything else may leave."""
        reply = msgspec.json.decode(raw, type=HelloReply)
        with self._power():
            self.greeted = self.till.apply_hello_reply(reply) is Standing.welcome

    def call_off(self, eid: UUID) -> Verdict | None:
        """Give up a request in doubt."""
        with self._power():
            return self.till.call_off(eid)

    @staticmethod
    def uses_of(verdict: Verdict) -> int:
        """How many uses a green card says were taken."""
        return int(verdict.fact(FactName.uses_taken) or 0)

    def open_doubts(self) -> list[AskDue]:
        """Requests without answer, also those of earlier runs."""
        return [due for _, due in self.till.open_doubts()]
