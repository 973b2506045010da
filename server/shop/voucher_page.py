"""What a code page shows: the code, the token of the open grant, what was redeemed and is left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import segno

from server.holdings import service as holdings
from server.holdings.values import Redemption, RedemptionFilter
from server.kernel.keys import MerchantKeys
from server.kernel.unit_of_work import UnitOfWork
from server.orders.service import OrderView
from server.shop.shelf import store_json
from server.stores import service as stores
from server.stores.rules import Store
from server.vouchers import service as vouchers
from server.web.texts import VoucherState
from server.web.vouchers import state_of, uses_left
from shared.ids import VoucherRef
from shared.redemption_rules import RefundState
from shared.voucher_code import VoucherCode
from shared.wire import EventStatus

SAID_FOR = timedelta(minutes=10)
"""So long a page with uses left says what was redeemed last, beside the code."""
QUIET_ZONE_MODULES = 4


@dataclass(frozen=True, slots=True)
class LastEvent:
    """The newest thing that happened to a voucher at a counter.

    Attributes:
        store_name: where.
        happened_at: by the till's clock, aware UTC.
        uses: how many.
        undone: it was taken back.
        is_recent: worth saying while uses are left.
    """

    store_name: str
    happened_at: datetime
    uses: int
    undone: bool
    is_recent: bool


@dataclass(frozen=True, slots=True)
class VoucherPage:
    """Everything on a code page.

    Attributes:
        ref: names the voucher.
        order: id of its order.
        order_number: as people quote it.
        product_name: as ordered.
        state: what it is to its buyer.
        uses_left: redeemable, wherever they are held.
        uses_total: as sold.
        valid_from: first moment, aware UTC.
        valid_until: first moment after, aware UTC.
        code: twelve digits; empty once it cannot be shown at a counter any more.
        token: the open grant, 38 characters, or None.
        store: where the buyer means to use it, or None.
        stores: where it can be used.
        last_event: or None.
        can_refund: whether asking makes sense.
        waits_for_store: a till still holds uses of a refund.
    """

    ref: VoucherRef
    order: UUID
    order_number: str
    product_name: str
    state: VoucherState
    uses_left: int
    uses_total: int
    valid_from: datetime
    valid_until: datetime
    code: str = field(repr=False)
    token: str | None = field(repr=False)
    store: Store | None
    stores: tuple[Store, ...]
    last_event: LastEvent | None
    can_refund: bool
    waits_for_store: bool

    @property
    def payload(self) -> str:
        """What the QR code says: the token where there is one, else the digits."""
        return self.token or self.code


def read_voucher_page(
    uow: UnitOfWork, keys: MerchantKeys, order: OrderView, ref: VoucherRef
) -> VoucherPage:
    """Collect a code page for whoever was let in.

    Args:
        uow: the transaction.
        keys: the merchant's; the code is stored encrypted.
        order: the voucher's order.
        ref: one of its vouchers.
    """
    view = next(one for one in order.vouchers if one.terms.voucher_ref == ref)
    terms, holding = view.terms, view.holding
    state = state_of(view, uow.now)
    shown = state is VoucherState.to_use
    code = vouchers.code_of(uow, keys, ref) if shown else ""
    usable = [
        store
        for store in stores.stores_for_buyers(uow)
        if terms.stores is None or store.id in terms.stores
    ]
    line = next(line for line in order.lines if line.voucher_ref == ref)
    return VoucherPage(
        ref=ref,
        order=terms.order,
        order_number=terms.order_number,
        product_name=terms.product_name,
        state=state,
        uses_left=uses_left(view),
        uses_total=terms.uses_total,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        code=code,
        token=_token(uow, keys, ref, code) if shown else None,
        store=next((store for store in usable if store.id == terms.chosen_store), None),
        stores=tuple(usable),
        last_event=_last_event(uow, ref),
        can_refund=line.refundable and state is VoucherState.to_use,
        waits_for_store=holding.refund_state is RefundState.asked and holding.out > 0,
    )


def code_qr(payload: str) -> str:
    """The QR code as SVG: black on white, a quiet zone of four modules, as large as its box."""
    qr = segno.make(payload, error="m", micro=False, boost_error=False)
    return qr.svg_inline(
        border=QUIET_ZONE_MODULES, omitsize=True, dark="#000", light="#fff", svgclass=None
    )


def voucher_json(page: VoucherPage, address: str) -> Mapping[str, object]:
    """A code page for clients without a browser."""
    last = page.last_event
    return {
        "voucher": page.ref.hex(),
        "address": address,
        "order": page.order,
        "order_number": page.order_number,
        "product_name": page.product_name,
        "state": page.state,
        "uses_left": page.uses_left,
        "uses_total": page.uses_total,
        "valid_from": page.valid_from,
        "valid_until": page.valid_until,
        "code": page.code,
        "token": page.token,
        "qr": page.payload,
        "store": store_json(page.store) if page.store else None,
        "last_event": last,
    }


def _token(uow: UnitOfWork, keys: MerchantKeys, ref: VoucherRef, code: str) -> str | None:
    grant = holdings.open_grant(uow, ref)
    if grant is None:
        return None
    return holdings.token_text(keys.root, keys.merchant, grant, VoucherCode(code))


def _last_event(uow: UnitOfWork, ref: VoucherRef) -> LastEvent | None:
    told = frozenset({EventStatus.accepted, EventStatus.undone})
    found = holdings.redemptions(uow, RedemptionFilter(voucher_ref=ref, statuses=told, limit=1))
    return _event(uow, found[0]) if found else None


def _event(uow: UnitOfWork, redemption: Redemption) -> LastEvent:
    return LastEvent(
        store_name=stores.store_of(uow, redemption.store).name,
        happened_at=redemption.happened_at,
        uses=redemption.uses,
        undone=redemption.status is EventStatus.undone,
        is_recent=uow.now - redemption.happened_at <= SAID_FOR,
    )
