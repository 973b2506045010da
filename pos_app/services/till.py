"""One paired till: each verb is one transaction on its database, with its own clock, ids and keys.

Threads may share a `Till`; writing transactions follow one another. A verb's result may be shown or
sent as soon as it returns, because it is on the disk then.
"""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from pos_app.core.history import HistoryRow
from pos_app.core.knowledge import Doubt, Identity, Standing
from pos_app.core.till_keys import TillKeys
from pos_app.core.till_status import TillStatus
from pos_app.core.trusted_clock import latest_binding
from pos_app.core.verdict import Verdict
from pos_app.services import doubts, records, redeem, sync
from pos_app.services.doubts import AskDue
from pos_app.services.redeem import Answer, Attempt
from pos_app.services.sync import Applied
from pos_app.services.work import NotPairedError, Sources, Work
from pos_app.storage import journal
from pos_app.storage.database import Connection, Database
from pos_app.storage.state import begin_life, read_state
from shared.clock import ClockReading, read_clock
from shared.reasons import Reason
from shared.wire import AskReply, HelloReply, HelloRequest, SyncReply, SyncRequest

Result = TypeVar("Result")

__all__ = ["AskDue", "Attempt", "Sources", "Till"]


class Till:
    """The verbs of one life of a till.

    Args:
        database: opened by the caller, who also closes it.
        keys: of this life.
        sources: clock, ids and entropy.
    """

    def __init__(self, database: Database, keys: TillKeys, sources: Sources) -> None:
        self._database = database
        self._keys = keys
        self._sources = sources

    # --- the counter ---

    def redeem(self, attempt: Attempt) -> Answer:
        """Decide about a scan; see `pos_app.services.redeem.redeem_voucher`."""
        return self._write(lambda work: redeem.redeem_voucher(work, attempt))

    def take_answer(self, eid: UUID, reply: AskReply) -> Verdict | None:
        """Record the server's answer to an ask; None where it comes too late."""
        return self._write(lambda work: doubts.take_answer(work, eid, reply))

    def call_off(self, eid: UUID, reason: Reason = Reason.outcome_unknown) -> Verdict | None:
        """End a request without redemption; None where it has ended already."""
        return self._write(lambda work: doubts.call_off(work, eid, reason))

    def note_handed_over(self, eid: UUID) -> None:
        """Record that the goods left while the answer is still out."""
        self._write(lambda work: doubts.note_handed_over(work, eid))

    def open_doubts(self) -> list[tuple[Doubt, AskDue]]:
        """Every request without an answer, oldest first."""
        return self._read(doubts.open_doubts)

    def acknowledge(self, eid: UUID, clerk: str | None = None) -> None:
        """Record that a person has taken note of a scan in dispute."""
        self._write(lambda work: records.acknowledge(work, eid, clerk))

    # --- the server ---

    def sync_request(self, wait_seconds: int = 0) -> SyncRequest:
        """The next upload, or a poll when nothing waits."""
        return self._read(lambda work: sync.sync_request(work, wait_seconds))

    def poll_request(self, wait_seconds: int) -> SyncRequest:
        """A request without events, which may run beside an upload."""
        return self._read(lambda work: sync.poll_request(work, wait_seconds))

    def apply_sync_reply(self, reply: SyncReply) -> Applied:
        """Keep everything a sync reply says."""
        return self._write(lambda work: sync.apply_sync_reply(work, reply))

    def hello_request(self, nonce: bytes, app_version: str) -> HelloRequest:
        """Where journal and feed stand; call it after the nonce came."""
        return self._read(lambda work: sync.hello_request(work, nonce, app_version))

    def apply_hello_reply(self, reply: HelloReply) -> Standing:
        """Keep what the server makes of this till."""
        return self._write(lambda work: sync.apply_hello_reply(work, reply))

    def note_barred(self, standing: Standing) -> None:
        """Keep that the server lets this till decide no more."""
        self._write(lambda work: sync.note_barred(work, standing))

    # --- what people see ---

    def identity(self) -> Identity:
        """Who this till is."""
        return self._read(lambda work: work.state.identity)

    def standing(self) -> Standing:
        """Whether the server lets this till decide."""
        return self._read(lambda work: work.state.standing)

    def status(self) -> TillStatus:
        """What the status bar shows."""
        return self._read(records.status)

    def history_of_today(self, limit: int) -> list[HistoryRow]:
        """Scans of this business day, the newest first."""
        return self._read(lambda work: records.history_of_today(work, limit))

    def exceptions(self, limit: int) -> list[HistoryRow]:
        """Scans in dispute that wait for a person, the oldest first."""
        return self._read(lambda work: records.exceptions(work, limit))

    def clock(self) -> ClockReading:
        """The till's time."""
        return self._read(lambda work: work.clock)

    def _write(self, service: Callable[[Work], Result]) -> Result:
        return self._database.write(lambda connection: service(self.work(connection)))

    def _read(self, service: Callable[[Work], Result]) -> Result:
        return self._database.read(lambda connection: service(self.work(connection)))

    def work(self, connection: Connection) -> Work:
        """What a service of this till is handed inside a transaction.

        Raises:
            NotPairedError: the database belongs to no till.
        """
        state = read_state(connection)
        if state is None:
            raise NotPairedError
        machine = self._sources.machine()
        binding = latest_binding(journal.latest_moment(connection), state.anchor)
        clock = read_clock(machine, state.anchor, binding)
        return Work(connection, state, clock, machine, self._keys, self._sources)


def is_paired(database: Database) -> bool:
    """Whether the database belongs to a till of a store."""
    return database.read(read_state) is not None


def begin(database: Database, identity: Identity) -> None:
    """Begin a life: journal and cursor at 0. The database must be new."""
    database.write(lambda connection: begin_life(connection, identity))
