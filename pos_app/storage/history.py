"""Reads of the history view: today's scans, and what headquarters could not simply agree to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from pos_app.core.history import Ending, HistoryRow, state_of
from pos_app.storage.moments import from_microseconds, to_microseconds
from shared.ids import EventId
from shared.money import Fen, value_of_uses
from shared.reasons import Reason
from shared.wire import EventStatus

_SINCE = text("SELECT * FROM history WHERE at >= :since ORDER BY seq DESC LIMIT :limit")
_EXCEPTIONS = text("SELECT * FROM exception ORDER BY seq LIMIT :limit")
_EXCEPTION_COUNT = text("SELECT count(*) FROM exception")
_OUTCOME = text(
    "INSERT INTO outcome (eid, status, reason, at) VALUES (:eid, :status, :reason, :at)"
    " ON CONFLICT (eid) DO UPDATE SET status = excluded.status, reason = excluded.reason,"
    " at = excluded.at"
)


def history_since(connection: Connection, since: datetime, limit: int) -> list[HistoryRow]:
    """Scans from a moment on, the newest first, at most `limit`."""
    rows = connection.execute(_SINCE, {"since": to_microseconds(since), "limit": limit})
    return [_history_row(row) for row in rows]


def exceptions(connection: Connection, limit: int) -> list[HistoryRow]:
    """Scans in dispute that nobody has acknowledged here, the oldest first, at most `limit`."""
    return [_history_row(row) for row in connection.execute(_EXCEPTIONS, {"limit": limit})]


def exception_count(connection: Connection) -> int:
    """How many scans in dispute wait for a person."""
    return int(connection.execute(_EXCEPTION_COUNT).scalar_one())


def keep_outcome(
    connection: Connection, eid: UUID, ended: tuple[EventStatus, Reason], at: datetime
) -> None:
    """Store what the server made of an event; a later word replaces an earlier one."""
    status, reason = ended
    values = {"status": status.value, "reason": reason.value, "at": to_microseconds(at)}
    connection.execute(_OUTCOME, {"eid": eid.bytes, **values})


def _history_row(row: Row[tuple[object, ...]]) -> HistoryRow:
    ending = Ending(
        kind=row.kind,
        undone=bool(row.undone),
        voided=bool(row.voided),
        answer=None if row.answer is None else EventStatus(row.answer),
        outcome=None if row.outcome is None else EventStatus(row.outcome),
    )
    disputed = row.outcome in {EventStatus.case, EventStatus.refused}
    reason = row.outcome_reason if disputed else row.reason or row.answer_reason
    return HistoryRow(
        seq=row.seq,
        eid=EventId(UUID(bytes=row.eid)),
        at=from_microseconds(row.at),
        state=state_of(ending),
        reason=Reason(reason or Reason.accepted),
        product=row.product,
        last_four=row.last_four,
        uses=row.uses or 0,
        value_fen=_value_fen(row),
        clerk=row.clerk,
        sent=bool(row.sent),
    )


def _value_fen(row: Row[tuple[object, ...]]) -> int | None:
    """What the uses were worth by the card; the server's books alone say it to the fen."""
    if row.value_fen is None or not row.uses or row.uses > row.granted:
        return None
    return value_of_uses(Fen(row.value_fen), row.uses, row.granted)
