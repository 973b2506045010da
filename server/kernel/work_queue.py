"""Work that must happen after a commit, exactly as durable as the commit itself.

A row is written in the transaction that needs the work and removed when the work is done. One
process at a time leases a row; a process that dies lets its lease run out. A row is named by what
is to be done, so asking twice is asking once. Work that keeps failing stays visible as dead.

Portable SQL only: a lease is a conditional UPDATE whose row count is checked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from server.kernel.insertion import insert_if_absent
from server.kernel.tables import WORK
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import MerchantId

LEASE = timedelta(seconds=60)
ATTEMPTS_MAX = 12
RETRY_FIRST = timedelta(seconds=2)
RETRY_LONGEST = timedelta(minutes=15)

_NO_LEASE = {"lease": None, "leased_until": None, "attempts": 0}


@dataclass(frozen=True, slots=True)
class LeasedWork:
    """A piece of work that this process alone may do until the lease runs out.

    Attributes:
        merchant: whose work it is.
        kind: names the function that does it.
        subject: what it is to be done to.
        requests: how often it had been asked for when it was leased.
        attempts: failures before this attempt.
        lease: names this lease.
    """

    merchant: MerchantId
    kind: str
    subject: UUID
    requests: int
    attempts: int
    lease: UUID


def request_work(uow: UnitOfWork, kind: str, subject: UUID, due_at: datetime | None = None) -> None:
    """Ask for work in the caller's transaction; a second request joins the first.

    Args:
        uow: the transaction.
        kind: names the work, at most 32 characters.
        subject: what it is to be done to.
        due_at: not before then; at once when None.
    """
    row = _new_row(uow, kind, subject, due_at or uow.now)
    if not insert_if_absent(uow.connection, WORK, row):
        uow.connection.execute(
            update(WORK)
            .where(WORK.c.merchant == uow.merchant, WORK.c.kind == kind, WORK.c.subject == subject)
            .values(requests=WORK.c.requests + 1, due_at=due_at or uow.now, attempts=0)
        )


def ensure_work(uow: UnitOfWork, kind: str, subject: UUID) -> None:
    """Ask for work that goes on for ever, unless it is already there; it keeps its own time."""
    insert_if_absent(uow.connection, WORK, _new_row(uow, kind, subject, uow.now))


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether there is anything to lease; costs no write."""
    return connection.execute(select(WORK.c.kind).where(*_due(now)).limit(1)).first() is not None


def lease_due(connection: Connection, now: datetime, lease: UUID, limit: int) -> list[LeasedWork]:
    """Lease work that is due and that nobody else is doing, oldest first.

    Args:
        connection: inside a writing transaction.
        now: aware UTC.
        lease: a new id that names this lease.
        limit: how many pieces at most.
    """
    columns = (WORK.c.merchant, WORK.c.kind, WORK.c.subject, WORK.c.requests, WORK.c.attempts)
    due = select(*columns).where(*_due(now)).order_by(WORK.c.due_at).limit(limit)
    leased: list[LeasedWork] = []
    for row in connection.execute(due).all():
        work = LeasedWork(MerchantId(row[0]), row[1], row[2], row[3], row[4], lease)
        taken = connection.execute(
            update(WORK)
            .where(*_key(work), *_due(now))
            .values(lease=lease, leased_until=now + LEASE)
        )
        if taken.rowcount == 1:
            leased.append(work)
    return leased


def finish(connection: Connection, work: LeasedWork) -> None:
    """Remove work that is done; if it was asked for again meanwhile, it stays and is due."""
    mine = (*_key(work), WORK.c.lease == work.lease)
    done = connection.execute(delete(WORK).where(*mine, WORK.c.requests == work.requests))
    if done.rowcount == 0:
        connection.execute(update(WORK).where(*mine).values(**_NO_LEASE))


def put_back(connection: Connection, work: LeasedWork, due_at: datetime) -> None:
    """Give a lease back with work left to do; if asked for again meanwhile, it is due at once."""
    mine = (*_key(work), WORK.c.lease == work.lease)
    later = {**_NO_LEASE, "due_at": due_at}
    put = connection.execute(
        update(WORK).where(*mine, WORK.c.requests == work.requests).values(**later)
    )
    if put.rowcount == 0:
        connection.execute(update(WORK).where(*mine).values(**_NO_LEASE))


def note_failure(connection: Connection, work: LeasedWork, now: datetime, failure: str) -> None:
    """Give a lease back after a failure: again later, each time later; dead after 12 failures."""
    pause = min(RETRY_FIRST * 2**work.attempts, RETRY_LONGEST)
    connection.execute(
        update(WORK)
        .where(*_key(work), WORK.c.lease == work.lease)
        .values(
            lease=None,
            leased_until=None,
            due_at=now + pause,
            attempts=work.attempts + 1,
            last_failure=failure[:200],
        )
    )


def _key(work: LeasedWork) -> tuple[ColumnElement[bool], ...]:
    return (
        WORK.c.merchant == work.merchant,
        WORK.c.kind == work.kind,
        WORK.c.subject == work.subject,
    )


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    free = or_(WORK.c.leased_until.is_(None), WORK.c.leased_until <= now)
    return (WORK.c.due_at <= now, WORK.c.attempts < ATTEMPTS_MAX, free)


def _new_row(uow: UnitOfWork, kind: str, subject: UUID, due_at: datetime) -> dict[str, object]:
    return {
        "merchant": uow.merchant,
        "kind": kind,
        "subject": subject,
        "due_at": due_at,
        "requests": 1,
        "attempts": 0,
    }
