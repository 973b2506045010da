"""Payment as the buyer sees it: begin, wait, look again; "failed" is never said too early."""

import asyncio
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from server.kernel.unit_of_work import UnitOfWork
from server.orders import service as orders
from server.orders.rules import Order
from server.orders.service import OrderView
from server.payments import service as payments
from server.payments.gateway import GatewayRefusedError, GatewayUnreachableError, PaymentStatus
from server.payments.rules import Payment
from server.shop.visit import Shop
from server.web.gateways import gateway_of
from server.web.site import AnyRequest, Site, json_reply, see_other, wants_json
from shared.errors import NotFoundError
from shared.ids import OrderId
from shared.redemption_rules import OrderState

LOOKS_MAX = 5
"""Two seconds apart; then the buyer is asked."""


async def begin_payment(site: Site, shop: Shop, order: OrderId) -> str:
    """Open the payment of an order at its provider.

    Returns:
        The address of the page where the buyer pays; where the order is paid already, of the order.

    Raises:
        NotPayableError: cancelled, or its time is over.
        GatewayUnreachableError: the provider does not answer; the order stays as it is.
    """
    runtime = site.runtime
    address = f"{shop.address}/orders/{order}/result"
    view = await runtime.read(shop.merchant_id, lambda uow: orders.view_of(uow, order))
    if view.order.state is not OrderState.pending_payment:
        return address
    gateway = gateway_of(runtime, shop.merchant_id)

    def start(uow: UnitOfWork) -> tuple[Order, Payment]:
        return orders.start_payment(uow, order, gateway.provider)

    found, payment = await runtime.write(shop.merchant_id, start)
    request = orders.payment_request(found, payment, address)
    prompt = await asyncio.to_thread(gateway.create, request)
    await runtime.write(shop.merchant_id, lambda uow: payments.note_opened(uow, payment.number))
    return prompt.page


@post("/orders/{order:uuid}/pay", status_code=200)
async def pay_order(
    request: AnyRequest, site: Site, shop: Shop, order: UUID
) -> Response[bytes] | Redirect:
    """Open the payment of an order that was placed earlier."""
    await site.runtime.read(
        shop.merchant_id, lambda uow: order_of_visitor(uow, shop, OrderId(order))
    )
    page = await begin_payment(site, shop, OrderId(order))
    return json_reply({"pay": page}) if wants_json(request) else see_other(page)


@get("/orders/{order:uuid}/result")
async def payment_result(
    request: AnyRequest, site: Site, shop: Shop, order: UUID, look: int = 1
) -> Response[str] | Response[bytes] | Redirect:
    """Lead to the voucher once the payment is known; until then say what is known."""
    view = await _looked_up(site, shop, OrderId(order))
    address = f"{shop.address}/orders/{order}"
    if view.order.state is not OrderState.pending_payment:
        if request.headers.get("hx-request") == "true":
            return Response(b"", status_code=200, headers={"HX-Redirect": address})
        return see_other(address)
    context = {
        "shop": shop,
        "result_address": f"{address}/result",
        "look": max(1, look),
        "looks_max": LOOKS_MAX,
    }
    return site.pages.page(request, "shop/result.html", context)


async def _looked_up(site: Site, shop: Shop, order: OrderId) -> OrderView:
    """The order, after asking the provider where it still waits for payment."""

    def read(uow: UnitOfWork) -> tuple[OrderView, list[Payment]]:
        return order_of_visitor(uow, shop, order), payments.payments_of_order(uow, order)

    view, made = await site.runtime.read(shop.merchant_id, read)
    if view.order.state is not OrderState.pending_payment or not made:
        return view
    gateway = gateway_of(site.runtime, shop.merchant_id)
    try:
        answer = await asyncio.to_thread(gateway.query, made[-1].number)
    except (GatewayUnreachableError, GatewayRefusedError):
        return view  # Unknown is not failed: the page keeps waiting.
    if answer.status is not PaymentStatus.succeeded:
        return view
    keys = site.runtime.keys(shop.merchant_id)
    await site.runtime.write(shop.merchant_id, lambda uow: orders.paid(uow, keys, answer))
    return await site.runtime.read(shop.merchant_id, lambda uow: order_of_visitor(uow, shop, order))


def order_of_visitor(uow: UnitOfWork, shop: Shop, order: OrderId) -> OrderView:
    """An order of the visitor.

    Raises:
        NotFoundError: no such order, or not this visitor's.
    """
    if shop.buyer is None:
        raise NotFoundError(what="order")
    return orders.order_of_buyer(uow, order, shop.buyer)
