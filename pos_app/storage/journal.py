"""Appends to the journal, and reads what is to be sent.

An event is written as a draft without number; `append` numbers it, chains it to the one before and
stores its exact bytes beside the columns that the views need.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from pos_app.storage.moments import from_microseconds, to_microseconds
from shared.journal import (
    FIRST_HASH,
    BrokenLink,
    JournalEvent,
    Note,
    Undo,
    encode_event,
    event_hash,
    first_broken_link,
)
from shared.wire import GrantKey, JournalHead

UNNUMBERED: Final = 0
UNLINKED: Final = b""
"""What a draft carries until it is appended."""

Event = TypeVar("Event", bound=JournalEvent)

_INSERT = text(
    "INSERT INTO journal (seq, hash, bytes, kind, at, clerk, eid, voucher, uses, tenure, feed_no,"
    " reason, detail, last_four, product_number, valid_until) VALUES (:seq, :hash, :bytes, :kind,"
    " :at, :clerk, :eid, :voucher, :uses, :tenure, :feed_no, :reason, :detail, :last_four,"
    " :product_number, :valid_until)"
)
_HEAD = text("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
_AFTER = text("SELECT bytes FROM journal WHERE seq > :seq ORDER BY seq LIMIT :limit")
_LATEST = text(
    "SELECT at FROM journal WHERE seq > (SELECT clock_floor_seq FROM state)"
    " ORDER BY seq DESC LIMIT 1"
)
_ALL = text("SELECT seq, hash, bytes FROM journal ORDER BY seq")
_WAITING = text(
    "SELECT count(*) AS events, min(at) AS oldest FROM journal"
    " WHERE seq > (SELECT accepted_seq FROM state)"
)
_REDEMPTION = text(
    "SELECT tenure, feed_no, uses, EXISTS (SELECT 1 FROM journal u WHERE u.eid = :eid"
    " AND u.kind = 'undo') AS undone FROM journal WHERE eid = :eid AND kind = 'redeem'"
)


def head(connection: Connection) -> JournalHead:
    """Number and hash of the last event; number 0 when there is none."""
    row = connection.execute(_HEAD).one_or_none()
    return JournalHead(0, FIRST_HASH) if row is None else JournalHead(row.seq, row.hash)


def append(connection: Connection, draft: Event, *, undone_grant: GrantKey | None = None) -> Event:
    """Number, chain and store an event.

    Args:
        connection: in a writing transaction.
        draft: with `UNNUMBERED` and `UNLINKED` in place of number and hash.
        undone_grant: where the use goes back to, for an `Undo` to its grant.

    Returns:
        The event as it was stored.
    """
    event, values = _chained(draft, head(connection))
    if undone_grant is not None:
        assert isinstance(draft, Undo)
        values |= {"tenure": undone_grant.tenure, "feed_no": undone_grant.feed_no}
    connection.execute(_INSERT, values)
    return event


def append_all(connection: Connection, drafts: Iterable[JournalEvent]) -> None:
    """Append many events in order; several times as fast as one by one."""
    last = head(connection)
    rows: list[dict[str, Any]] = []
    for draft in drafts:
        _, values = _chained(draft, last)
        last = JournalHead(values["seq"], values["hash"])
        rows.append(values)
    if rows:
        connection.execute(_INSERT, rows)


def _chained(draft: Event, last: JournalHead) -> tuple[Event, dict[str, Any]]:
    """The event behind `last`, and its row."""
    event = msgspec.structs.replace(draft, seq=last.last_seq + 1, prev_hash=last.last_hash)
    raw = encode_event(event)
    stored = {"seq": event.seq, "hash": event_hash(raw), "bytes": raw}
    return event, _columns(event) | stored


def _columns(event: JournalEvent) -> dict[str, Any]:
    """What the views need of an event, by column; None where its kind has no such field."""
    grant: GrantKey | None = getattr(event, "grant", None)
    eid = getattr(event, "eid", None)
    valid_until = getattr(event, "valid_until", None)
    detail = getattr(event, "answer", None) or getattr(event, "to", None)
    if isinstance(event, Note):
        detail, named = event.topic, event.body.get("eid")
        eid = None if named is None else UUID(named)
    return {
        "kind": str(event.__struct_config__.tag),
        "at": to_microseconds(event.at),
        "clerk": event.clerk,
        "eid": None if eid is None else eid.bytes,
        "voucher": getattr(event, "voucher_ref", None),
        "uses": getattr(event, "uses", None),
        "tenure": getattr(event, "tenure", None) if grant is None else grant.tenure,
        "feed_no": None if grant is None else grant.feed_no,
        "reason": getattr(event, "reason", None),
        "detail": detail,
        "last_four": getattr(event, "last_four", None),
        "product_number": getattr(event, "product_number", None),
        "valid_until": None if valid_until is None else to_microseconds(valid_until),
    }


def events_after(
    connection: Connection, seq: int, events_max: int, bytes_max: int
) -> list[msgspec.Raw]:
    """The exact bytes of the events after `seq`, in order, within both limits.

    At least one event is returned when there is one, however large it is.
    """
    rows = connection.execute(_AFTER, {"seq": seq, "limit": events_max}).scalars()
    taken: list[msgspec.Raw] = []
    size = 0
    for raw in rows:
        size += len(raw) + 1
        if taken and size > bytes_max:
            break
        taken.append(msgspec.Raw(raw))
    return taken


def latest_moment(connection: Connection) -> datetime | None:
    """When the last event happened whose time still binds; times do not go back after it."""
    at = connection.execute(_LATEST).scalar_one_or_none()
    return None if at is None else from_microseconds(at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has not been acknowledged by the server.

    Attributes:
        events: how many.
        oldest: when the first of them happened, or None.
    """

    events: int
    oldest: datetime | None


def waiting(connection: Connection) -> Waiting:
    """Count the events that the server has not acknowledged."""
    row = connection.execute(_WAITING).one()
    oldest = None if row.oldest is None else from_microseconds(row.oldest)
    return Waiting(row.events, oldest)


@dataclass(frozen=True, slots=True)
class Redemption:
    """A redemption of the held lane, as the journal has it."""

    grant: GrantKey
    uses: int
    undone: bool


def redemption(connection: Connection, eid: UUID) -> Redemption | None:
    """What was redeemed under an event id, or None where nothing was redeemed as held."""
    row = connection.execute(_REDEMPTION, {"eid": eid.bytes}).one_or_none()
    if row is None:
        return None
    return Redemption(GrantKey(row.tenure, row.feed_no), row.uses, bool(row.undone))


def verify(connection: Connection) -> BrokenLink | None:
    """Check the whole chain, and that each event has the hash that is stored beside it.

    Returns:
        None for a whole journal, otherwise the first bad record and what is wrong with it.
    """
    rows = connection.execute(_ALL).all()
    broken = first_broken_link(row.bytes for row in rows)
    for row in rows:
        if broken is not None and broken.seq <= row.seq:
            break
        if event_hash(row.bytes) != row.hash:
            return BrokenLink(row.seq, "its bytes do not have the stored hash")
    return broken
