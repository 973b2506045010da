"""From a product to an order that waits for payment."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from server.catalog import service as catalog
from server.kernel.unit_of_work import UnitOfWork
from server.orders import service as orders
from server.orders.rules import LINE_USES_MAX, Cart, CartLine
from server.orders.service import PlacedOrder
from server.shop.paying import begin_payment
from server.shop.shelf import Offer, offer_of
from server.shop.visit import Shop, buyer_cookie
from server.web.forms import read_form
from server.web.gateways import gateway_of
from server.web.site import AnyRequest, Site, json_reply, see_other, wants_json
from shared.errors import InvalidInputError
from shared.ids import OrderId, StoreId

QUANTITIES_OFFERED_MAX = 10


@dataclass(frozen=True, slots=True)
class OrderForm:
    """What a buyer asks for.

    Attributes:
        product: the product's number.
        quantity: units, 1 and up.
        store: id of the store where it will be used; empty when the buyer does not know yet.
        order: UUIDv7 that stays the same when the form is sent again; empty for a new one.
    """

    product: int
    quantity: int = 1
    store: str = ""
    order: str = ""


@get("/p/{number:int}/buy")
async def order_form(request: AnyRequest, site: Site, shop: Shop, number: int) -> Response[str]:
    """Ask how many and for which store; the form carries the id of the order to be."""
    offer = await site.runtime.read(shop.merchant_id, lambda uow: offer_of(uow, shop, number))
    context = {
        "shop": shop,
        "product": offer.good,
        "stores": offer.stores,
        "quantities": range(1, _quantity_max(offer) + 1),
        "order": site.runtime.new_id(),
    }
    return site.pages.page(request, "shop/buy.html", context)


@post("/orders", status_code=200)
async def place_order(request: AnyRequest, site: Site, shop: Shop) -> Response[bytes] | Redirect:
    """Place an order and open its payment; the browser goes on to the payment's page."""
    form = await read_form(request, OrderForm)
    buyer = shop.buyer or site.runtime.new_id()
    order = id_of(form.order) if form.order else site.runtime.new_id()
    keys = site.runtime.keys(shop.merchant_id)
    gateway_of(site.runtime, shop.merchant_id)  # No stock is reserved for what nobody can pay.

    def place(uow: UnitOfWork) -> PlacedOrder:
        product = catalog.product_of_number(uow, form.product)
        cart = Cart(
            order=OrderId(order),
            buyer=buyer,
            lines=(CartLine(product.id, form.quantity),),
            store=StoreId(id_of(form.store)) if form.store else None,
            link_code=shop.link_code,
        )
        return orders.place(uow, keys, cart)

    placed = await site.runtime.write(shop.merchant_id, place)
    page = await begin_payment(site, shop, placed.order.id)
    reply: Response[bytes] | Redirect
    reply = (
        json_reply(_placed_json(shop, placed, page), 201)
        if wants_json(request)
        else see_other(page)
    )
    reply.set_cookie(buyer_cookie(site, shop.merchant, buyer))
    return reply


def _placed_json(shop: Shop, placed: PlacedOrder, page: str) -> dict[str, object]:
    order = placed.order
    return {
        "order": order.id,
        "number": order.number,
        "amount_fen": order.amount_fen,
        "expires_at": order.expires_at,
        "pay": page,
        "result": f"{shop.address}/orders/{order.id}",
        "link": f"{shop.address}/c/{placed.link_secret}",
    }


def _quantity_max(offer: Offer) -> int:
    left = offer.good.stock_left
    fits = LINE_USES_MAX // offer.good.uses
    return max(1, min(QUANTITIES_OFFERED_MAX, fits, fits if left is None else left))


def id_of(text: str) -> UUID:
    """Read an id that came in a form.

    Raises:
        InvalidInputError: not an id.
    """
    try:
        return UUID(text)
    except ValueError as cause:
        raise InvalidInputError(field="id") from cause
