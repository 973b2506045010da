"""Reads for an audit: sums over whole tables, and journals page by page."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, func, inspect, select, union

from server.holdings.rules.records import EventRecord, Head, Holding
from server.holdings.store.journals import JournalRow, head_of_row, journal_row
from server.holdings.store.load import event_of_row, holding_of_row
from server.holdings.tables import (
    ASK_IN,
    EVENT,
    FEED_OUT,
    GRANT,
    HOLDING,
    JOURNAL_BRANCH,
    JOURNAL_IN,
    PENDING_PROVISIONAL,
    REFUND,
    TILL_FEED,
    TILL_HEAD,
)
from server.holdings.values import RefundDone
from shared.ids import EventId, MerchantId, TillId, VoucherRef

ROWS_OF_A_PAGE = 5_000


class Sums(NamedTuple):
    """What other tables say of one voucher: uses and value."""

    uses: int
    value_fen: int


NOTHING = Sums(0, 0)


def has_books(connection: Connection) -> bool:
    """Whether this is a database of this product."""
    return inspect(connection).has_table(HOLDING.name)


def merchants_with_books(connection: Connection) -> list[MerchantId]:
    """Every merchant that has holdings or journals."""
    query = union(select(HOLDING.c.merchant), select(TILL_HEAD.c.merchant))
    return sorted(MerchantId(merchant) for merchant in connection.scalars(query))


def read_every_holding(connection: Connection, merchant: MerchantId) -> list[Holding]:
    """All holdings, in order, without their pending events."""
    query = select(HOLDING).where(HOLDING.c.merchant == merchant).order_by(HOLDING.c.voucher)
    return [holding_of_row(row) for row in connection.execute(query)]


def uses_out(connection: Connection, merchant: MerchantId) -> dict[VoucherRef, Sums]:
    """Uses out by voucher, from the grants."""
    query = (
        select(GRANT.c.voucher, func.sum(GRANT.c.out))
        .where(GRANT.c.merchant == merchant)
        .group_by(GRANT.c.voucher)
    )
    return {VoucherRef(ref): Sums(int(uses), 0) for ref, uses in connection.execute(query)}


def uses_accepted(connection: Connection, merchant: MerchantId) -> dict[VoucherRef, Sums]:
    """Uses and value redeemed by voucher, from the events."""
    query = (
        select(EVENT.c.voucher, func.sum(EVENT.c.n), func.sum(EVENT.c.value_fen))
        .where(EVENT.c.merchant == merchant, EVENT.c.status == "accepted")
        .group_by(EVENT.c.voucher)
    )
    return _sums(connection, query)


def uses_refunded(connection: Connection, merchant: MerchantId) -> dict[VoucherRef, Sums]:
    """Uses and value refunded by voucher."""
    query = (
        select(REFUND.c.voucher, func.sum(REFUND.c.n), func.sum(REFUND.c.value_fen))
        .where(REFUND.c.merchant == merchant)
        .group_by(REFUND.c.voucher)
    )
    return _sums(connection, query)


def _sums(connection: Connection, query: Any) -> dict[VoucherRef, Sums]:  # noqa: ANN401 - a Select
    return {
        VoucherRef(ref): Sums(int(uses), int(value_fen))
        for ref, uses, value_fen in connection.execute(query)
    }


def read_heads(connection: Connection, merchant: MerchantId) -> list[Head]:
    """The heads of all journals, in order."""
    query = (
        select(TILL_HEAD)
        .where(TILL_HEAD.c.merchant == merchant)
        .order_by(TILL_HEAD.c.till, TILL_HEAD.c.incarnation)
    )
    return [head_of_row(row) for row in connection.execute(query)]


def read_whole_journal(
    connection: Connection, merchant: MerchantId, head: Head
) -> Iterator[JournalRow]:
    """The events of one journal in order, a page at a time."""
    table, seq = JOURNAL_IN.c, 0
    while True:
        query = (
            select(JOURNAL_IN)
            .where(
                table.merchant == merchant,
                table.till == head.till,
                table.incarnation == head.incarnation,
                table.seq > seq,
            )
            .order_by(table.seq)
            .limit(ROWS_OF_A_PAGE)
        )
        page = [journal_row(row) for row in connection.execute(query)]
        yield from page
        if len(page) < ROWS_OF_A_PAGE:
            return
        seq = page[-1].seq


def read_branches(connection: Connection, merchant: MerchantId) -> list[JournalRow]:
    """The events of other branches of forked journals."""
    table = JOURNAL_BRANCH.c
    query = (
        select(JOURNAL_BRANCH)
        .where(table.merchant == merchant)
        .order_by(table.till, table.incarnation, table.seq, table.hash)
    )
    return [journal_row(row) for row in connection.execute(query)]


def count_journals_without_head(connection: Connection, merchant: MerchantId) -> int:
    """Journal events whose journal has no head."""
    return _count_without(connection, merchant, JOURNAL_IN, TILL_HEAD, ("till", "incarnation"))


def _count_without(
    connection: Connection, merchant: MerchantId, table: Table, other: Table, names: tuple[str, ...]
) -> int:
    matches = [table.c[name] == other.c[name] for name in ("merchant", *names)]
    query = (
        select(func.count())
        .select_from(table)
        .where(table.c.merchant == merchant, ~select(other).where(*matches).exists())
    )
    return int(connection.execute(query).scalar_one())


def asked_events(
    connection: Connection, merchant: MerchantId
) -> dict[EventId, tuple[TillId, VoucherRef, int]]:
    """Who asked for what, by event."""
    table = ASK_IN.c
    query = select(table.eid, table.till, table.voucher, table.n).where(table.merchant == merchant)
    return {
        EventId(eid): (TillId(till), VoucherRef(voucher), uses)
        for eid, till, voucher, uses in connection.execute(query)
    }


def read_every_event(connection: Connection, merchant: MerchantId) -> Iterator[EventRecord]:
    """All events in order of their news, a page at a time."""
    news_no = 0
    while True:
        query = (
            select(EVENT)
            .where(EVENT.c.merchant == merchant, EVENT.c.news_no > news_no)
            .order_by(EVENT.c.news_no)
            .limit(ROWS_OF_A_PAGE)
        )
        page = [event_of_row(row) for row in connection.execute(query)]
        yield from page
        if len(page) < ROWS_OF_A_PAGE:
            return
        news_no = page[-1].news_no


def pending_counts(connection: Connection, merchant: MerchantId) -> dict[VoucherRef, int]:
    """Undecided events by voucher."""
    table = PENDING_PROVISIONAL.c
    query = (
        select(table.voucher, func.count())
        .where(table.merchant == merchant)
        .group_by(table.voucher)
    )
    return {VoucherRef(ref): count for ref, count in connection.execute(query)}


def holdings_pending(connection: Connection, merchant: MerchantId) -> dict[VoucherRef, int]:
    """How many undecided events each holding counts, where any."""
    query = select(HOLDING.c.voucher, HOLDING.c.pending).where(
        HOLDING.c.merchant == merchant, HOLDING.c.pending > 0
    )
    return {VoucherRef(ref): count for ref, count in connection.execute(query)}


def feed_counts(
    connection: Connection, merchant: MerchantId
) -> list[tuple[TillId, int, int, int, int]]:
    """For each till: the feed's next number, and how many entries, the lowest and the highest."""
    counts = (
        select(
            FEED_OUT.c.till,
            func.count().label("entries"),
            func.min(FEED_OUT.c.feed_no).label("lowest"),
            func.max(FEED_OUT.c.feed_no).label("highest"),
        )
        .where(FEED_OUT.c.merchant == merchant)
        .group_by(FEED_OUT.c.till)
        .subquery()
    )
    query = (
        select(TILL_FEED.c.till, TILL_FEED.c.next_no, counts)
        .join_from(TILL_FEED, counts, counts.c.till == TILL_FEED.c.till, isouter=True)
        .where(TILL_FEED.c.merchant == merchant)
        .order_by(TILL_FEED.c.till)
    )
    return [
        (TillId(row.till), row.next_no, row.entries or 0, row.lowest or 1, row.highest or 0)
        for row in connection.execute(query)
    ]


def read_every_refund(connection: Connection, merchant: MerchantId) -> list[RefundDone]:
    """All refunds, in order."""
    query = select(REFUND).where(REFUND.c.merchant == merchant).order_by(REFUND.c.id)
    return [
        RefundDone(row.id, VoucherRef(row.voucher), row.n, row.value_fen, row.refunded_at)
        for row in connection.execute(query)
    ]


def read_value_left(connection: Connection, merchant: MerchantId) -> int:
    """The value of all uses not redeemed or refunded, in fen."""
    query = select(func.sum(HOLDING.c.value_left_fen)).where(HOLDING.c.merchant == merchant)
    return int(connection.execute(query).scalar() or 0)
