"""Loads the working set of a batch: a row lock on each holding first, everything else under it.

Whoever changes a grant or an event of a voucher holds the lock on the voucher's holding, so those
rows need no lock of their own.
"""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_

from server.holdings.rules.books import Books
from server.holdings.rules.records import EventRecord, Grant, Holding, Place, Tenure
from server.holdings.states import Charge, GrantState, Lane, TenureState
from server.holdings.tables import (
    EVENT,
    EVENT_CHARGE,
    GRANT,
    HOLDING,
    PENDING_PROVISIONAL,
    TENURE,
)
from server.kernel.bulk import among
from shared.ids import EventId, MerchantId, StoreId, TillId, VoucherRef
from shared.reasons import Reason
from shared.redemption_rules import RefundState
from shared.wire import EventStatus, GrantKey


@dataclass(slots=True)
class Wanted:
    """What a batch is about; vouchers named only by an event or a grant are looked up."""

    vouchers: set[VoucherRef] = field(default_factory=set)
    events: set[EventId] = field(default_factory=set)
    undone: set[EventId] = field(default_factory=set)
    released: set[GrantKey] = field(default_factory=set)
    tenures: set[int] = field(default_factory=set)
    emptied_tenures: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Snapshot:
    """The books as they were read, to save only what changed."""

    holdings: dict[VoucherRef, Holding] = field(default_factory=dict)
    tenures: dict[int, Tenure] = field(default_factory=dict)
    grants: dict[GrantKey, Grant] = field(default_factory=dict)
    events: dict[EventId, EventRecord] = field(default_factory=dict)


@dataclass(slots=True)
class OpenBooks:
    """A working set and what it was read from."""

    books: Books
    before: Snapshot


def open_books(
    connection: Connection, merchant: MerchantId, now: datetime, wanted: Wanted
) -> OpenBooks:
    """Lock and load everything that a batch may touch.

    Args:
        connection: in a writing transaction.
        merchant: the tenant.
        now: aware UTC.
        wanted: what the batch names.
    """
    _look_up_vouchers(connection, merchant, wanted)
    opened = OpenBooks(Books(now), Snapshot())
    _load_holdings(connection, merchant, wanted.vouchers, opened)
    _load_grants(connection, merchant, opened)
    missing = (wanted.tenures | wanted.emptied_tenures) - opened.books.tenures.keys()
    for tenure in read_tenures(connection, merchant, missing):
        keep_tenure(opened, tenure)
    pending = [eid for holding in opened.books.holdings.values() for eid in holding.pending]
    _load_events(connection, merchant, wanted.events.union(wanted.undone, pending), opened)
    return opened


def _look_up_vouchers(connection: Connection, merchant: MerchantId, wanted: Wanted) -> None:
    if wanted.undone:
        query = select(EVENT.c.voucher).where(
            EVENT.c.merchant == merchant, among(connection, EVENT.c.eid, wanted.undone)
        )
        wanted.vouchers.update(connection.scalars(query))
    of_merchant = select(GRANT.c.voucher).where(GRANT.c.merchant == merchant)
    if wanted.released:
        keys = [(key.tenure, key.feed_no) for key in wanted.released]
        query = of_merchant.where(tuple_(GRANT.c.tenure, GRANT.c.feed_no).in_(keys))
        wanted.vouchers.update(connection.scalars(query))
    if wanted.emptied_tenures:
        query = of_merchant.where(
            GRANT.c.tenure.in_(wanted.emptied_tenures), GRANT.c.state.in_(("open", "recalled"))
        )
        wanted.vouchers.update(connection.scalars(query))


def _load_holdings(
    connection: Connection, merchant: MerchantId, refs: set[VoucherRef], opened: OpenBooks
) -> None:
    if not refs:
        return
    query = (
        select(HOLDING)
        .where(HOLDING.c.merchant == merchant, among(connection, HOLDING.c.voucher, refs))
        .order_by(HOLDING.c.voucher)
        .with_for_update()
    )
    rows = connection.execute(query).all()
    with_pending = [row.voucher for row in rows if row.pending]
    pending = _read_pending(connection, merchant, with_pending)
    for row in rows:
        holding = holding_of_row(row)
        holding.pending = tuple(pending.get(holding.voucher, ()))
        opened.books.holdings[holding.voucher] = holding
        opened.before.holdings[holding.voucher] = copy(holding)


def holding_of_row(row: Row[Any]) -> Holding:
    """A holding without its pending events."""
    return Holding(
        row.voucher,
        row.sold,
        row.held,
        row.out,
        row.redeemed,
        row.refunded,
        row.value_fen,
        row.value_left_fen,
        row.refunded_fen,
        RefundState(row.refund_state),
    )


def _read_pending(
    connection: Connection, merchant: MerchantId, refs: Collection[VoucherRef]
) -> dict[VoucherRef, list[EventId]]:
    found: dict[VoucherRef, list[EventId]] = {}
    if not refs:
        return found
    table = PENDING_PROVISIONAL.c
    query = (
        select(table.voucher, table.eid)
        .where(table.merchant == merchant, among(connection, table.voucher, refs))
        .order_by(table.voucher, table.arrival_no)
    )
    for voucher, eid in connection.execute(query):
        found.setdefault(VoucherRef(voucher), []).append(EventId(eid))
    return found


_GRANT_AND_TENURE = select(
    GRANT,
    TENURE.c.store.label("tenure_store"),
    TENURE.c.till.label("tenure_till"),
    TENURE.c.state.label("tenure_state"),
    *(TENURE.c[name] for name in ("since", "last_seen", "offline_until", "ended_at", "halted")),
    TENURE.c.risk_fen,
).join_from(
    GRANT, TENURE, (TENURE.c.merchant == GRANT.c.merchant) & (TENURE.c.number == GRANT.c.tenure)
)


def _load_grants(connection: Connection, merchant: MerchantId, opened: OpenBooks) -> None:
    refs = opened.books.holdings.keys()
    if not refs:
        return
    query = _GRANT_AND_TENURE.where(
        GRANT.c.merchant == merchant, among(connection, GRANT.c.voucher, refs)
    )
    for row in connection.execute(query):
        key = GrantKey(row.tenure, row.feed_no)
        if key.tenure not in opened.books.tenures:
            keep_tenure(opened, _tenure_of_grant_row(row))
        grant = grant_of_row(row)
        opened.books.add_grant(grant)
        opened.before.grants[key] = copy(grant)


def grant_of_row(row: Row[Any]) -> Grant:
    """A grant as stored."""
    return Grant(
        GrantKey(row.tenure, row.feed_no),
        row.voucher,
        row.k,
        row.out,
        GrantState(row.state),
        row.random_bits,
        row.granted_at,
    )


def _tenure_of_grant_row(row: Row[Any]) -> Tenure:
    return Tenure(
        row.tenure,
        StoreId(row.tenure_store),
        TillId(row.tenure_till),
        TenureState(row.tenure_state),
        row.since,
        row.last_seen,
        row.offline_until,
        row.ended_at,
        row.halted,
        row.risk_fen,
    )


def keep_tenure(opened: OpenBooks, tenure: Tenure) -> Tenure:
    """Take a tenure into the working set, and return it."""
    opened.books.tenures[tenure.number] = tenure
    opened.before.tenures[tenure.number] = copy(tenure)
    return tenure


def tenure_of_row(row: Row[Any]) -> Tenure:
    """A tenure as stored."""
    return Tenure(
        row.number,
        StoreId(row.store),
        TillId(row.till),
        TenureState(row.state),
        row.since,
        row.last_seen,
        row.offline_until,
        row.ended_at,
        row.halted,
        row.risk_fen,
    )


def read_tenures(
    connection: Connection, merchant: MerchantId, numbers: Iterable[int]
) -> list[Tenure]:
    """Tenures by number, without locks."""
    wanted = sorted(numbers)
    if not wanted:
        return []
    query = select(TENURE).where(TENURE.c.merchant == merchant, TENURE.c.number.in_(wanted))
    return [tenure_of_row(row) for row in connection.execute(query)]


def _load_events(
    connection: Connection, merchant: MerchantId, eids: Collection[EventId], opened: OpenBooks
) -> None:
    if not eids:
        return
    query = select(EVENT).where(EVENT.c.merchant == merchant, among(connection, EVENT.c.eid, eids))
    for row in connection.execute(query):
        event = event_of_row(row)
        opened.books.events[event.eid] = event
    if not opened.books.events:
        return
    for eid, keys in _read_charges(connection, merchant, opened.books.events.keys()).items():
        opened.books.events[eid].charges = frozenset(keys)
    opened.before.events.update((eid, copy(event)) for eid, event in opened.books.events.items())


def event_of_row(row: Row[Any]) -> EventRecord:
    """An event without the list of grants ever charged for it."""
    charge = Charge(row.charge)
    return EventRecord(
        eid=EventId(row.eid),
        intent_hash=row.intent_hash,
        voucher=row.voucher,
        uses=row.n,
        value_fen=row.value_fen,
        status=EventStatus(row.status),
        reason=Reason(row.reason),
        lane=Lane(row.lane),
        charge=charge,
        charged_grant=(
            GrantKey(row.charge_tenure, row.charge_feed_no) if charge is Charge.grant else None
        ),
        maker=TillId(row.maker),
        place=Place(TillId(row.till), StoreId(row.store), row.clerk, row.happened_at),
        first_seen=row.first_seen,
        late=row.late,
        facts=row.facts,
        news_no=row.news_no,
    )


def _read_charges(
    connection: Connection, merchant: MerchantId, eids: Collection[EventId]
) -> dict[EventId, list[GrantKey]]:
    table = EVENT_CHARGE.c
    query = select(table.eid, table.tenure, table.feed_no).where(
        table.merchant == merchant, among(connection, table.eid, eids)
    )
    found: dict[EventId, list[GrantKey]] = {}
    for eid, tenure, feed_no in connection.execute(query):
        found.setdefault(EventId(eid), []).append(GrantKey(tenure, feed_no))
    return found
