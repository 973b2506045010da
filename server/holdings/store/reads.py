"""Reads for people: redemptions, totals, where the uses of a voucher are, refunds, cases."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from server.holdings.rules.records import Grant, Holding, Tenure
from server.holdings.states import Lane
from server.holdings.store.load import grant_of_row, holding_of_row, tenure_of_row
from server.holdings.store.save import NEWS
from server.holdings.tables import COUNTER, EVENT, GRANT, HOLDING, REFUND, TENURE
from server.holdings.values import Redemption, RedemptionFilter, RefundDone, StoreTotal
from server.kernel.bulk import among, insert_rows
from shared.ids import EventId, MerchantId, StoreId, TillId, VoucherRef
from shared.reasons import Reason
from shared.wire import EventStatus


def insert_holdings(
    connection: Connection, merchant: MerchantId, sold: Collection[tuple[VoucherRef, int, int]]
) -> None:
    """Begin the books of vouchers just sold: reference, uses, value in fen."""
    rows = [
        {
            "merchant": merchant,
            "voucher": ref,
            "sold": uses,
            "held": uses,
            "out": 0,
            "redeemed": 0,
            "refunded": 0,
            "value_fen": value_fen,
            "value_left_fen": value_fen,
            "refunded_fen": 0,
            "refund_state": "none",
            "pending": 0,
        }
        for ref, uses, value_fen in sold
    ]
    insert_rows(connection, HOLDING, rows)


def read_holdings(
    connection: Connection, merchant: MerchantId, refs: Collection[VoucherRef]
) -> dict[VoucherRef, Holding]:
    """Holdings without locks and without their pending events."""
    query = select(HOLDING).where(
        HOLDING.c.merchant == merchant, among(connection, HOLDING.c.voucher, refs)
    )
    return {VoucherRef(row.voucher): holding_of_row(row) for row in connection.execute(query)}


def read_live_grants(
    connection: Connection, merchant: MerchantId, ref: VoucherRef
) -> list[tuple[Grant, Tenure]]:
    """The grants of a voucher that are not over, newest first, with their tenures."""
    grants = [
        grant_of_row(row)
        for row in connection.execute(
            select(GRANT)
            .where(
                GRANT.c.merchant == merchant,
                GRANT.c.voucher == ref,
                GRANT.c.state.in_(("open", "recalled")),
            )
            .order_by(GRANT.c.tenure.desc(), GRANT.c.feed_no.desc())
        )
    ]
    numbers = {grant.key.tenure for grant in grants}
    query = select(TENURE).where(TENURE.c.merchant == merchant, TENURE.c.number.in_(numbers))
    tenures = {row.number: tenure_of_row(row) for row in connection.execute(query)}
    return [(grant, tenures[grant.key.tenure]) for grant in grants]


def read_out_of_tenures(
    connection: Connection, merchant: MerchantId, numbers: Collection[int]
) -> list[tuple[Holding, int]]:
    """Holdings of which tenures hold uses, with how many each grant holds."""
    query = (
        select(HOLDING, GRANT.c.out.label("grant_out"))
        .join_from(
            GRANT,
            HOLDING,
            (HOLDING.c.merchant == GRANT.c.merchant) & (HOLDING.c.voucher == GRANT.c.voucher),
        )
        .where(GRANT.c.merchant == merchant, GRANT.c.tenure.in_(numbers), GRANT.c.out > 0)
    )
    return [(holding_of_row(row), row.grant_out) for row in connection.execute(query)]


def insert_refund(connection: Connection, merchant: MerchantId, refund: RefundDone) -> None:
    """Keep a refund for the orders to pay out."""
    row = {
        "merchant": merchant,
        "id": refund.id,
        "voucher": refund.voucher_ref,
        "n": refund.uses,
        "value_fen": refund.value_fen,
        "refunded_at": refund.refunded_at,
    }
    insert_rows(connection, REFUND, [row])


def read_refunds(connection: Connection, merchant: MerchantId, ref: VoucherRef) -> list[RefundDone]:
    """Refunds of a voucher, oldest first."""
    query = (
        select(REFUND)
        .where(REFUND.c.merchant == merchant, REFUND.c.voucher == ref)
        .order_by(REFUND.c.refunded_at, REFUND.c.id)
    )
    return [
        RefundDone(row.id, VoucherRef(row.voucher), row.n, row.value_fen, row.refunded_at)
        for row in connection.execute(query)
    ]


def read_redemptions(
    connection: Connection, merchant: MerchantId, wanted: RedemptionFilter
) -> list[Redemption]:
    """Events as people read them, newest news first."""
    query: Select[Any] = (
        select(EVENT)
        .where(
            EVENT.c.merchant == merchant,
            EVENT.c.status.in_([status.value for status in wanted.statuses]),
        )
        .order_by(EVENT.c.news_no.desc())
        .limit(wanted.limit)
    )
    if wanted.news_after:
        query = query.where(EVENT.c.news_no > wanted.news_after)
    if wanted.store is not None:
        query = query.where(EVENT.c.store == wanted.store)
    if wanted.voucher_ref is not None:
        query = query.where(EVENT.c.voucher == wanted.voucher_ref)
    if wanted.happened_from is not None:
        query = query.where(EVENT.c.happened_at >= wanted.happened_from)
    if wanted.happened_until is not None:
        query = query.where(EVENT.c.happened_at < wanted.happened_until)
    return [_redemption(row) for row in connection.execute(query)]


def _redemption(row: Row[Any]) -> Redemption:
    return Redemption(
        eid=EventId(row.eid),
        news_no=row.news_no,
        voucher_ref=VoucherRef(row.voucher),
        uses=row.n,
        value_fen=row.value_fen,
        status=EventStatus(row.status),
        reason=Reason(row.reason),
        lane=Lane(row.lane),
        store=StoreId(row.store),
        till=TillId(row.till),
        clerk=row.clerk,
        happened_at=row.happened_at,
        received_at=row.first_seen,
        late=row.late,
    )


def read_store_totals(
    connection: Connection,
    merchant: MerchantId,
    store: StoreId | None,
    times: tuple[datetime, datetime],
) -> list[StoreTotal]:
    """Accepted redemptions by store that happened from one moment until before another."""
    table = EVENT.c
    query = (
        select(
            table.store,
            func.count(),
            func.sum(table.n),
            func.sum(table.value_fen),
        )
        .where(
            table.merchant == merchant,
            table.status == EventStatus.accepted.value,
            table.happened_at >= times[0],
            table.happened_at < times[1],
        )
        .group_by(table.store)
        .order_by(table.store)
    )
    if store is not None:
        query = query.where(table.store == store)
    return [
        StoreTotal(StoreId(found), int(count), int(uses), int(value_fen))
        for found, count, uses, value_fen in connection.execute(query)
    ]


def last_accepted(
    connection: Connection, merchant: MerchantId, refs: Collection[VoucherRef]
) -> dict[VoucherRef, Redemption]:
    """The newest accepted redemption of each voucher that has one."""
    query = (
        select(EVENT)
        .where(
            EVENT.c.merchant == merchant,
            among(connection, EVENT.c.voucher, refs),
            EVENT.c.status == EventStatus.accepted.value,
        )
        .order_by(EVENT.c.happened_at)
    )
    return {VoucherRef(row.voucher): _redemption(row) for row in connection.execute(query)}


def news_heads(connection: Connection) -> dict[MerchantId, int]:
    """The newest news number of every merchant of the installation."""
    query = select(COUNTER.c.merchant, COUNTER.c.value).where(COUNTER.c.name == NEWS)
    return {MerchantId(row.merchant): row.value for row in connection.execute(query)}
