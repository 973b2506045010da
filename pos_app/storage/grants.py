"""Grants from the feed, and what this till holds: reads of the views by voucher or by grant."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, text

from pos_app.core.knowledge import Doubt, Holding, PastUse, VoucherKnowledge
from pos_app.storage.moments import from_microseconds, to_microseconds
from shared.feed import GrantEntry
from shared.ids import EventId
from shared.journal import Intent
from shared.wire import GrantKey

# Many rows at once: the driver's own executemany, several times as fast as building statements.
_INSERT_GRANTS = (
    "INSERT INTO feed_grant (tenure, feed_no, voucher, uses, product_number, valid_from,"
    " valid_until, per_visit_uses_max, last_four, value_fen, face_fen, order_number, uses_total,"
    " attention, booked_slot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_HOLDINGS = text("SELECT * FROM holding WHERE voucher = :voucher ORDER BY feed_no")
_HOLDING = text("SELECT left_uses FROM holding WHERE tenure = :tenure AND feed_no = :feed_no")
_ALL_HOLDINGS = text("SELECT tenure, feed_no, left_uses FROM holding ORDER BY feed_no")
_COUNT = text("SELECT count(*) FROM feed_grant")
_PAST = text("SELECT eid, uses, at, clerk FROM past_use WHERE voucher = :voucher ORDER BY seq")
_RESERVED = text("SELECT coalesce(sum(uses), 0) FROM reserved WHERE voucher = :voucher")
_TOTAL = text(
    "SELECT uses_total, product_number FROM feed_grant WHERE voucher = :voucher"
    " ORDER BY feed_no DESC LIMIT 1"
)
_DOUBT = text("SELECT * FROM in_doubt WHERE voucher = :voucher ORDER BY seq LIMIT 1")
_DOUBTS = text("SELECT * FROM in_doubt ORDER BY seq")
_DOUBT_OF_EVENT = text("SELECT * FROM in_doubt WHERE eid = :eid")
_TOKEN_SEEN = text(
    "SELECT 1 FROM journal WHERE tenure = :tenure AND feed_no = :feed_no AND kind = 'token_seen'"
)
_FORGET = text("DELETE FROM feed_grant")


def insert_grants(connection: Connection, entries: Sequence[GrantEntry]) -> None:
    """Store grants as the feed brought them; each has a feed number of its own."""
    if entries:
        connection.exec_driver_sql(_INSERT_GRANTS, [_grant_row(entry) for entry in entries])


def _grant_row(entry: GrantEntry) -> tuple[object, ...]:
    card = entry.card
    return (
        entry.tenure,
        entry.feed_no,
        entry.voucher_ref,
        entry.uses,
        entry.product_number,
        to_microseconds(entry.valid_from),
        to_microseconds(entry.valid_until),
        entry.per_visit_uses_max,
        card.last_four,
        card.value_fen,
        card.face_fen,
        card.order_number,
        card.uses_total,
        card.attention,
        card.booked_slot,
    )


def left_of(connection: Connection, grant: GrantKey) -> int | None:
    """Uses left of an open grant of the live tenure; None where it is closed or unknown."""
    values = {"tenure": grant.tenure, "feed_no": grant.feed_no}
    left: int | None = connection.execute(_HOLDING, values).scalar_one_or_none()
    return left


def open_grants(connection: Connection) -> list[tuple[GrantKey, int]]:
    """Every open grant of the live tenure with what is left of it, oldest first."""
    rows = connection.execute(_ALL_HOLDINGS).all()
    return [(GrantKey(row.tenure, row.feed_no), row.left_uses) for row in rows]


def grant_count(connection: Connection) -> int:
    """How many grants the feed has brought in this life of the till."""
    return int(connection.execute(_COUNT).scalar_one())


def forget_grants(connection: Connection) -> None:
    """Wipe the cached vouchers of a till that was switched off; its journal stays."""
    connection.execute(_FORGET)


def voucher_knowledge(
    connection: Connection, voucher: bytes, token_grant: GrantKey | None
) -> VoucherKnowledge:
    """Everything this till has about one voucher.

    Args:
        connection: in a transaction.
        voucher: its reference, 16 bytes.
        token_grant: the grant that a shown token names, or None.
    """
    key = {"voucher": voucher}
    total = connection.execute(_TOTAL, key).one_or_none()
    doubt = connection.execute(_DOUBT, key).one_or_none()
    past = connection.execute(_PAST, key).all()
    return VoucherKnowledge(
        holdings=tuple(_holding(row) for row in connection.execute(_HOLDINGS, key)),
        past=tuple(_past_use(row) for row in past),
        reserved=connection.execute(_RESERVED, key).scalar_one(),
        uses_total=None if total is None else total.uses_total,
        doubt=None if doubt is None else _doubt(doubt),
        token_seen=token_grant is not None and token_was_seen(connection, token_grant),
        product_number=None if total is None else total.product_number,
    )


def token_was_seen(connection: Connection, grant: GrantKey) -> bool:
    """Whether a token has opened this grant before, open or closed since."""
    values = {"tenure": grant.tenure, "feed_no": grant.feed_no}
    return connection.execute(_TOKEN_SEEN, values).first() is not None


def doubts(connection: Connection) -> list[Doubt]:
    """Every request without an answer, oldest first."""
    return [_doubt(row) for row in connection.execute(_DOUBTS).all()]


def doubt_of_event(connection: Connection, eid: UUID) -> Doubt | None:
    """The request in doubt with this event id, or None where it has ended."""
    row = connection.execute(_DOUBT_OF_EVENT, {"eid": eid.bytes}).one_or_none()
    return None if row is None else _doubt(row)


def _holding(row: Row[tuple[object, ...]]) -> Holding:
    return Holding(
        key=GrantKey(row.tenure, row.feed_no),
        granted=row.uses,
        left=row.left_uses,
        product_number=row.product_number,
        valid_from=from_microseconds(row.valid_from),
        valid_until=from_microseconds(row.valid_until),
        per_visit_uses_max=row.per_visit_uses_max,
        last_four=row.last_four,
        uses_total=row.uses_total,
        value_fen=row.value_fen,
        order_number=row.order_number,
        attention=bool(row.attention),
        booked_slot=row.booked_slot,
    )


def _past_use(row: Row[tuple[object, ...]]) -> PastUse:
    return PastUse(EventId(UUID(bytes=row.eid)), row.uses, from_microseconds(row.at), row.clerk)


def _doubt(row: Row[tuple[object, ...]]) -> Doubt:
    intent = msgspec.json.decode(row.bytes, type=Intent)
    return Doubt(
        eid=EventId(intent.eid),
        voucher_ref=intent.voucher_ref,
        uses=intent.uses,
        since=intent.at,
        evidence=intent.evidence,
        last_four=intent.last_four,
        clerk=intent.clerk,
        handed_over=bool(row.handed_over),
    )
