"""The live list of redemptions and the totals of stores, for one person's eyes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from server.holdings import service as holdings
from server.holdings.values import Redemption, RedemptionFilter
from server.kernel.unit_of_work import UnitOfWork
from server.reports.rules import span_of_day
from server.reports.values import (
    RedemptionPage,
    RedemptionQuery,
    RedemptionRow,
    StoreDay,
    Totals,
)
from server.staff import service as staff
from server.staff.rules import Permission, Person, require, visible_stores
from server.stores import service as stores
from server.tills import service as tills
from server.vouchers import service as vouchers
from shared.ids import StaffId, StoreId
from shared.wire import EventStatus

ROWS_OF_A_PAGE = 50
PAGES_MAX = 100
"""Beyond, a day or a store has to be named."""
UNDONE_COUNTED_MAX = 10_000
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def redemption_page(uow: UnitOfWork, by: Person, query: RedemptionQuery) -> RedemptionPage:
    """One page of the live list, newest change first.

    Args:
        uow: the transaction.
        by: who looks; people of a store see only their stores.
        query: which redemptions.

    Raises:
        NotAllowedError: `by` may not see redemptions, or not those of this store.

    Source: requirement row S3.
    """
    scope = _scope(by, query.store)
    page = min(max(query.page, 1), PAGES_MAX)
    wanted = page * ROWS_OF_A_PAGE + 1
    found = _read(uow, scope, query.day, wanted)
    shown = found[(page - 1) * ROWS_OF_A_PAGE : page * ROWS_OF_A_PAGE]
    has_older = len(found) == wanted and page < PAGES_MAX
    return RedemptionPage(_rows(uow, shown), has_older, _totals(uow, scope, query.day))


def store_days(uow: UnitOfWork, by: Person, day: date) -> list[StoreDay]:
    """What every store that a person may see redeemed on one business day, by number of the store.

    Raises:
        NotAllowedError: `by` may not see redemptions.
    """
    totals = _totals_by_store(uow, visible_stores(by, Permission.see_redemptions), day)
    return [
        StoreDay(store, totals.get(store.id, Totals())) for store in stores.stores_seen_by(uow, by)
    ]


def _scope(by: Person, store: StoreId | None) -> frozenset[StoreId] | None:
    """The stores to read; None is all of them."""
    if store is None:
        return visible_stores(by, Permission.see_redemptions)
    require(by, Permission.see_redemptions, store)
    return frozenset({store})


def _read(
    uow: UnitOfWork, scope: frozenset[StoreId] | None, day: date | None, limit: int
) -> list[Redemption]:
    first, after = _span(uow, day)
    found: list[Redemption] = []
    for store in _each(scope):
        asked = RedemptionFilter(
            store=store, happened_from=first, happened_until=after, limit=limit
        )
        found += holdings.redemptions(uow, asked)
    found.sort(key=lambda redemption: -redemption.news_no)
    return found[:limit]


def _totals(uow: UnitOfWork, scope: frozenset[StoreId] | None, day: date | None) -> Totals:
    together = Totals()
    for totals in _totals_by_store(uow, scope, day).values():
        together = together.plus(totals)
    return together


def _totals_by_store(
    uow: UnitOfWork, scope: frozenset[StoreId] | None, day: date | None
) -> dict[StoreId, Totals]:
    """The totals of every store of a scope that has any."""
    first, after = _span(uow, day)
    since, until = first or _BEGINNING, after or uow.now + timedelta(days=1)
    found: defaultdict[StoreId, Totals] = defaultdict(Totals)
    for store in _each(scope):
        for one in holdings.store_totals(uow, store, since, until):
            accepted = Totals(one.redemptions, one.uses, one.value_fen)
            found[one.store] = found[one.store].plus(accepted)
        taken_back = RedemptionFilter(
            store=store,
            happened_from=since,
            happened_until=until,
            statuses=frozenset({EventStatus.undone}),
            limit=UNDONE_COUNTED_MAX,
        )
        for undone in holdings.redemptions(uow, taken_back):
            counted = Totals(undone_count=1, undone_uses=undone.uses)
            found[undone.store] = found[undone.store].plus(counted)
    return found


def _each(scope: frozenset[StoreId] | None) -> Collection[StoreId | None]:
    return (None,) if scope is None else sorted(scope)


def _span(uow: UnitOfWork, day: date | None) -> tuple[datetime | None, datetime | None]:
    if day is None:
        return None, None
    merchant = stores.merchant_of(uow)
    return span_of_day(day, merchant.zone, merchant.policy.day_cutoff_hours)


def _rows(uow: UnitOfWork, redemptions: Sequence[Redemption]) -> tuple[RedemptionRow, ...]:
    terms = vouchers.terms_of(uow, {redemption.voucher_ref for redemption in redemptions})
    store_names = stores.names_of_stores(uow)
    till_names = {till.id: till.name for till in tills.list_tills(uow)}
    people = staff.people_named(uow, _clerks(redemptions))
    clerk_names = {str(person.id): person.short_name for person in people.values()}
    return tuple(
        RedemptionRow(
            eid=redemption.eid,
            happened_at=redemption.happened_at,
            received_at=redemption.received_at,
            store_name=store_names.get(redemption.store, ""),
            till_name=till_names.get(redemption.till, ""),
            clerk=clerk_names.get(redemption.clerk or "", ""),
            product_name=sold.product_name if sold else "",
            last_four=sold.last_four if sold else "",
            uses=redemption.uses,
            value_fen=redemption.value_fen,
            lane=redemption.lane,
            status=redemption.status,
        )
        for redemption in redemptions
        for sold in [terms.get(redemption.voucher_ref)]
    )


def _clerks(redemptions: Sequence[Redemption]) -> set[StaffId]:
    """The people named on events; a till may have sent any text."""
    return {
        StaffId(clerk)
        for redemption in redemptions
        if redemption.clerk
        for clerk in [_uuid(redemption.clerk)]
        if clerk is not None
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
