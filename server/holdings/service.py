"""What can be done with holdings: the verbs of this domain, and reads for the floors above.

The writing verbs live in modules by what they are for; this one is their front door.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from server.holdings.granting import (
    grant_to_store,
    grant_waiting,
    grant_waiting_page,
    open_grant,
    open_holdings,
    recall,
    request_refund,
    token_text,
)
from server.holdings.keeping import (
    appoint_keeper,
    declare_lost,
    follow_tenures,
    price_of_loss,
    say_hello,
)
from server.holdings.rules.records import Grant, Tenure
from server.holdings.store import feeds, journals
from server.holdings.store import reads as read_store
from server.holdings.store import tenures as tenure_store
from server.holdings.telling import feed_after, heads, open_feed, tell
from server.holdings.values import (
    Holder,
    HoldingView,
    Keeper,
    Redemption,
    RedemptionFilter,
    RefundDone,
    StoreTotal,
)
from server.kernel.database import Connection
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import MerchantId, StoreId, TillId, VoucherRef

__all__ = [
    "appoint_keeper",
    "declare_lost",
    "feed_after",
    "follow_tenures",
    "grant_to_store",
    "grant_waiting",
    "grant_waiting_page",
    "heads",
    "holding_of",
    "last_contacts",
    "last_redemptions",
    "live_tenures",
    "news_heads",
    "open_feed",
    "open_grant",
    "open_holdings",
    "price_of_loss",
    "recall",
    "redemptions",
    "refunds_of",
    "request_refund",
    "say_hello",
    "store_totals",
    "tell",
    "till_names",
    "token_text",
]


def holding_of(uow: UnitOfWork, ref: VoucherRef) -> HoldingView | None:
    """Where the uses of a voucher are, and who holds them; None for a voucher never sold."""
    holding = read_store.read_holdings(uow.connection, uow.merchant, [ref]).get(ref)
    if holding is None:
        return None
    grants = read_store.read_live_grants(uow.connection, uow.merchant, ref)
    contacts = last_contacts(uow, {tenure.till for _, tenure in grants})
    return HoldingView(
        voucher_ref=ref,
        sold=holding.sold,
        held=holding.held,
        out=holding.out,
        redeemed=holding.redeemed,
        refunded=holding.refunded,
        value_left_fen=holding.value_left_fen,
        refunded_fen=holding.refunded_fen,
        refund_state=holding.refund_state,
        holders=tuple(_holder(grant, tenure, contacts) for grant, tenure in grants),
    )


def _holder(grant: Grant, tenure: Tenure, contacts: Mapping[TillId, datetime]) -> Holder:
    return Holder(
        grant=grant.key,
        store=tenure.store,
        till=tenure.till,
        uses=grant.out,
        state=grant.state,
        last_contact=contacts.get(tenure.till),
    )


def live_tenures(
    uow: UnitOfWork, *, store: StoreId | None = None, till: TillId | None = None
) -> list[Keeper]:
    """Tenures that are not over, of a store, of a till, or all: keepers, and those who drain."""
    return [
        Keeper(tenure.number, tenure.store, tenure.till, tenure.state, tenure.offline_until)
        for tenure in tenure_store.all_live_tenures(uow.connection, uow.merchant)
        if store in {None, tenure.store}
        if till in {None, tenure.till}
    ]


def last_contacts(uow: UnitOfWork, tills: Collection[TillId]) -> dict[TillId, datetime]:
    """When tills were last heard of, aware UTC; those never heard of are missing."""
    return journals.last_contacts(uow.connection, uow.merchant, tills) if tills else {}


def till_names(uow: UnitOfWork, tills: Collection[TillId]) -> dict[TillId, str]:
    """The names of tills as told with `open_feed`."""
    return feeds.till_names(uow.connection, uow.merchant, tills) if tills else {}


def redemptions(uow: UnitOfWork, wanted: RedemptionFilter) -> list[Redemption]:
    """Events as people read them, newest news first.

    A live list asks again with the greatest `news_no` it has seen: numbers follow the commits, so
    nothing is missed. An event that changed comes again under a new number.
    """
    return read_store.read_redemptions(uow.connection, uow.merchant, wanted)


def last_redemptions(uow: UnitOfWork, refs: Collection[VoucherRef]) -> dict[VoucherRef, Redemption]:
    """The newest accepted redemption of each voucher that has one."""
    return read_store.last_accepted(uow.connection, uow.merchant, refs) if refs else {}


def store_totals(
    uow: UnitOfWork, store: StoreId | None, since: datetime, until: datetime
) -> list[StoreTotal]:
    """Accepted redemptions by store, of those that happened from `since` until before `until`."""
    times = (since, until)
    return read_store.read_store_totals(uow.connection, uow.merchant, store, times)


def refunds_of(uow: UnitOfWork, ref: VoucherRef) -> list[RefundDone]:
    """Refunds of a voucher that have run, oldest first; the orders pay them out."""
    return read_store.read_refunds(uow.connection, uow.merchant, ref)


def news_heads(connection: Connection) -> Mapping[MerchantId, int]:
    """The newest news number of every merchant, in one SELECT."""
    return read_store.news_heads(connection)
