"""A buyer's own orders: the list, one order, and asking for a refund."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from server.kernel.unit_of_work import UnitOfWork
from server.orders import service as orders
from server.orders.service import OrderView, VoucherView
from server.shop.paying import order_of_visitor
from server.shop.visit import Shop
from server.vouchers import service as vouchers
from server.web.site import AnyRequest, Site, json_reply, see_other, wants_json
from server.web.texts import VoucherState, VoucherTab
from server.web.vouchers import state_of, tab_of, uses_left
from shared.ids import OrderId, VoucherRef
from shared.redemption_rules import OrderState

ORDERS_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """A voucher in the buyer's list.

    Attributes:
        address: of its code page.
        product_name: as ordered.
        uses_left: redeemable.
        uses_total: as sold.
        valid_until: first moment after validity, aware UTC.
        state: what it is to the buyer.
    """

    address: str
    product_name: str
    uses_left: int
    uses_total: int
    valid_until: datetime
    state: VoucherState


@get("/orders")
async def my_orders(
    request: AnyRequest, site: Site, shop: Shop, show: str = ""
) -> Response[str] | Response[bytes]:
    """Show what was bought with this browser."""
    tab = next((one for one in VoucherTab if one.value == show), VoucherTab.to_use)
    buyer = shop.buyer
    views: list[OrderView] = []
    if buyer is not None:
        views = await site.runtime.read(
            shop.merchant_id, lambda uow: orders.orders_of_buyer(uow, buyer, ORDERS_SHOWN_MAX)
        )
    if wants_json(request):
        return json_reply({"orders": [_order_json(site, shop, view) for view in views]})
    now = site.runtime.clock()
    lines = [voucher_line(shop, one, now) for view in views for one in view.vouchers]
    unpaid = [view for view in views if view.order.state is OrderState.pending_payment]
    context = {
        "shop": shop,
        "zone": shop.zone,
        "tabs": [one.value for one in VoucherTab],
        "show": tab.value,
        "vouchers": [line for line in lines if tab_of(line.state) is tab],
        "unpaid": [view for view in unpaid if view.order.expires_at > now]
        if tab is VoucherTab.to_use
        else [],
    }
    return site.pages.page(request, "shop/orders.html", context)


@get("/orders/{order:uuid}")
async def one_order(
    request: AnyRequest, site: Site, shop: Shop, order: UUID
) -> Response[bytes] | Redirect:
    """Lead to the order's voucher, or to where it is paid."""
    view = await site.runtime.read(
        shop.merchant_id, lambda uow: order_of_visitor(uow, shop, OrderId(order))
    )
    if wants_json(request):
        return json_reply(_order_json(site, shop, view))
    if view.order.state is OrderState.pending_payment:
        return see_other(f"{shop.address}/orders/{order}/result")
    if len(view.vouchers) == 1:
        return see_other(voucher_address(shop, view.vouchers[0]))
    return see_other(f"{shop.address}/orders")


@get("/orders/{order:uuid}/refund")
async def refund_form(request: AnyRequest, site: Site, shop: Shop, order: UUID) -> Response[str]:
    """Say what a refund means before it is asked for."""
    view = await site.runtime.read(
        shop.merchant_id, lambda uow: order_of_visitor(uow, shop, OrderId(order))
    )
    now = site.runtime.clock()
    lines = [voucher_line(shop, one, now) for one in view.vouchers]
    return site.pages.page(request, "shop/refund.html", {"shop": shop, "vouchers": lines})


@post("/orders/{order:uuid}/refund", status_code=200)
async def ask_for_refund(
    request: AnyRequest, site: Site, shop: Shop, order: UUID
) -> Response[bytes] | Redirect:
    """Refund what is left; what a till holds follows when the till has answered."""

    def refund(uow: UnitOfWork) -> OrderView:
        order_of_visitor(uow, shop, OrderId(order))
        orders.request_refund(uow, OrderId(order))
        return order_of_visitor(uow, shop, OrderId(order))

    view = await site.runtime.write(shop.merchant_id, refund)
    if wants_json(request):
        return json_reply(_order_json(site, shop, view))
    return see_other(f"{shop.address}/orders?show={VoucherTab.refunded.value}")


def voucher_line(shop: Shop, view: VoucherView, now: datetime) -> VoucherLine:
    """One voucher as a line of a list."""
    return VoucherLine(
        address=voucher_address(shop, view),
        product_name=view.terms.product_name,
        uses_left=uses_left(view),
        uses_total=view.terms.uses_total,
        valid_until=view.terms.valid_until,
        state=state_of(view, now),
    )


def voucher_address(shop: Shop, view: VoucherView) -> str:
    """The code page of a voucher, for the browser that bought it."""
    return f"{shop.address}/v/{view.terms.voucher_ref.hex()}"


def _order_json(site: Site, shop: Shop, view: OrderView) -> Mapping[str, object]:
    now = site.runtime.clock()
    secret = vouchers.link_secret(site.runtime.keys(shop.merchant_id), view.order.id)
    lines: Sequence[VoucherLine] = [voucher_line(shop, one, now) for one in view.vouchers]
    refs: Sequence[VoucherRef] = [one.terms.voucher_ref for one in view.vouchers]
    return {
        "order": view.order.id,
        "number": view.order.number,
        "state": view.order.state,
        "stage": view.stage,
        "amount_fen": view.order.amount_fen,
        "placed_at": view.order.placed_at,
        "link": f"{shop.address}/c/{secret}",
        "vouchers": [
            {"voucher": ref.hex(), "line": line} for ref, line in zip(refs, lines, strict=True)
        ],
    }
