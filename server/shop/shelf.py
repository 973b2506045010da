"""What buyers can choose: the shelf, one product, and the distributor who sent them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar.response import Redirect

from server.catalog import service as catalog
from server.catalog.rules import Product, Stock, validity_of
from server.distribution import service as distribution
from server.kernel.unit_of_work import UnitOfWork
from server.shop.visit import Shop, sender_cookie
from server.stores import service as stores
from server.stores.rules import Store
from server.web.site import AnyRequest, Site, json_reply, see_other, wants_json
from shared.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Good:
    """A product as a buyer sees it; the fields are also its JSON form.

    Attributes:
        number: names it in addresses and orders.
        name: of the product.
        description: a few words.
        price_fen: of one unit.
        face_fen: list price of one unit.
        uses: of one unit.
        refundable: whether unredeemed uses are refunded on request.
        attention_text: what the counter will check, or None.
        stock_left: units that can be ordered, None for no limit.
        sold_out: whether none can be.
    """

    number: int
    name: str
    description: str
    price_fen: int
    face_fen: int
    uses: int
    refundable: bool
    attention_text: str | None
    stock_left: int | None
    sold_out: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """One product with where and how long it can be used."""

    good: Good
    product: Product
    stores: tuple[Store, ...]
    valid_from: datetime
    valid_until: datetime


@get("/")
async def home(request: AnyRequest, site: Site, shop: Shop) -> Response[str] | Response[bytes]:
    """Show the shelf."""

    def read(uow: UnitOfWork) -> list[Good]:
        found = catalog.list_products(uow, on_shelf_only=True)
        return [good_of(one.product, one.stock) for one in found]

    goods = await site.runtime.read(shop.merchant_id, read)
    if wants_json(request):
        return json_reply({"name": shop.name, "products": goods})
    return site.pages.page(request, "shop/home.html", {"shop": shop, "products": goods})


@get("/p/{number:int}")
async def product_page(
    request: AnyRequest, site: Site, shop: Shop, number: int
) -> Response[str] | Response[bytes]:
    """Show one product."""
    offer = await site.runtime.read(shop.merchant_id, lambda uow: offer_of(uow, shop, number))
    if wants_json(request):
        return json_reply(offer_json(offer))
    context = {
        "shop": shop,
        "zone": shop.zone,
        "product": offer.good,
        "stores": offer.stores,
        "valid_from": offer.valid_from,
        "valid_until": offer.valid_until,
        "counts_from_payment": offer.product.validity.days is not None,
    }
    return site.pages.page(request, "shop/product.html", context)


@get("/d/{link_code:str}")
async def distributor_link(site: Site, shop: Shop, link_code: str) -> Redirect:
    """Remember who sent the visitor; a link that is unknown or misspelt still leads to the shop."""
    found = await site.runtime.read(
        shop.merchant_id, lambda uow: distribution.distributor_of_link(uow, link_code)
    )
    reply = see_other(shop.address)
    if found is not None:
        reply.set_cookie(sender_cookie(site, shop.merchant, found.link_code))
    return reply


def offer_of(uow: UnitOfWork, shop: Shop, number: int) -> Offer:
    """A product that is on the shelf.

    Raises:
        NotFoundError: no such product, or it is off the shelf.
    """
    product = catalog.product_of_number(uow, number)
    if not product.on_shelf:
        raise NotFoundError(what="product", number=number)
    stock = catalog.stocks_of(uow, [product.id])[product.id]
    usable = [
        store
        for store in stores.stores_for_buyers(uow)
        if product.stores is None or store.id in product.stores
    ]
    valid_from, valid_until = validity_of(product.validity, uow.now, shop.zone)
    return Offer(good_of(product, stock), product, tuple(usable), valid_from, valid_until)


def good_of(product: Product, stock: Stock) -> Good:
    """A product as a buyer sees it."""
    return Good(
        number=product.number,
        name=product.name,
        description=product.description,
        price_fen=product.price_fen,
        face_fen=product.face_fen,
        uses=product.uses_per_unit,
        refundable=product.refundable,
        attention_text=product.attention_text,
        stock_left=stock.left,
        sold_out=stock.left is not None and stock.left <= 0,
    )


def offer_json(offer: Offer) -> Mapping[str, object]:
    """A product with its stores, for clients without a browser."""
    return {
        "product": offer.good,
        "valid_from": offer.valid_from,
        "valid_until": offer.valid_until,
        "stores": [store_json(store) for store in offer.stores],
    }


def store_json(store: Store) -> Mapping[str, object]:
    """A store as buyers may know it."""
    return {
        "id": store.id,
        "name": store.name,
        "address": store.address,
        "hours": store.hours,
        "phone": store.phone,
        "open": store.open,
    }
