"""What people look at: the status bar, today's history, and what headquarters disputes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pos_app.core.history import HistoryRow
from pos_app.core.knowledge import Standing
from pos_app.services.work import Work
from pos_app.storage import copies, grants, history, journal
from shared.clock import business_day
from shared.journal import Note

TOPIC_ACKNOWLEDGED = "acknowledged"
"""A note: a person has taken note of a scan in dispute."""


@dataclass(frozen=True, slots=True)
class TillStatus:
    """What the status bar shows without a click.

    Attributes:
        store_name: empty before the first sync.
        till_name: as people call this till.
        standing: whether it may decide.
        is_keeper: it holds this store's vouchers.
        first_sync_done: the feed was read to its end at least once.
        vouchers: grants that the feed has brought.
        pending: events the server has not acknowledged: rows of the queue, not a counter.
        pending_since: when the oldest of them happened, or None.
        exceptions: scans in dispute that wait for a person.
        last_contact: the server's last word, or None before the first.
        offline_until: end of the offline lease, or None before the first contact.
        clock_trusted: whether the till's time rests on the server's.
        now: by the till's clock.
    """

    store_name: str
    till_name: str
    standing: Standing
    is_keeper: bool
    first_sync_done: bool
    vouchers: int
    pending: int
    pending_since: datetime | None
    exceptions: int
    last_contact: datetime | None
    offline_until: datetime | None
    clock_trusted: bool
    now: datetime


def status(work: Work) -> TillStatus:
    """Read the status bar's values."""
    waiting = journal.waiting(work.connection)
    state = work.state
    return TillStatus(
        store_name=copies.store(work.connection).name,
        till_name=state.identity.till_name,
        standing=state.standing,
        is_keeper=state.tenure is not None,
        first_sync_done=state.first_sync_done,
        vouchers=grants.grant_count(work.connection),
        pending=waiting.events,
        pending_since=waiting.oldest,
        exceptions=history.exception_count(work.connection),
        last_contact=state.anchor.server_time if state.anchor else None,
        offline_until=state.offline_until,
        clock_trusted=work.clock.trusted,
        now=work.clock.at,
    )


def history_of_today(work: Work, limit: int) -> list[HistoryRow]:
    """Scans of this business day by the store's clock, the newest first, at most `limit`."""
    return history.history_since(work.connection, _start_of_day(work), limit)


def _start_of_day(work: Work) -> datetime:
    store = copies.store(work.connection)
    zone = ZoneInfo(store.time_zone)
    day = business_day(work.clock.at, zone, store.day_cutoff_hours)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (midnight + timedelta(hours=store.day_cutoff_hours)).astimezone(work.clock.at.tzinfo)


def exceptions(work: Work, limit: int) -> list[HistoryRow]:
    """Scans in dispute that nobody has acknowledged here, the oldest first, at most `limit`."""
    return history.exceptions(work.connection, limit)


def acknowledge(work: Work, eid: UUID, clerk: str | None) -> None:
    """Record that a person has taken note of a scan in dispute; it is never deleted."""
    note = Note(**work.header(clerk), topic=TOPIC_ACKNOWLEDGED, body={"eid": str(eid)})
    journal.append(work.connection, note)
