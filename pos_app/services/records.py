"""What people look at: the status bar, today's history, and what headquarters disputes."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pos_app.core.history import HistoryRow
from pos_app.core.till_status import TillStatus
from pos_app.services.work import Work
from pos_app.storage import copies, grants, history, journal
from shared.clock import business_day
from shared.journal import Note

TOPIC_ACKNOWLEDGED = "acknowledged"
"""A note: a person has taken note of a scan in dispute."""


def status(work: Work) -> TillStatus:
    """Read the status bar's values."""
    waiting = journal.waiting(work.connection)
    state = work.state
    store = copies.store(work.connection)
    return TillStatus(
        store_name=store.name,
        time_zone=store.time_zone,
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
