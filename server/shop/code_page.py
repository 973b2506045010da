"""The code page: let its buyer in, show the code, follow what happens to it, change the store."""

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.response import Redirect, ServerSentEvent

from server.holdings import service as holdings
from server.holdings.values import RedemptionFilter
from server.kernel.unit_of_work import UnitOfWork
from server.kernel.watcher import redemption_news
from server.orders import service as orders
from server.orders.service import OrderView
from server.shop.ordering import id_of
from server.shop.paying import order_of_visitor
from server.shop.visit import Shop
from server.shop.voucher_page import VoucherPage, code_qr, read_voucher_page, voucher_json
from server.vouchers import service as vouchers
from server.web.forms import read_form
from server.web.site import AnyRequest, Site, json_reply, see_other, wants_json
from server.web.streams import news_stream
from shared.errors import NotFoundError
from shared.ids import StoreId, VoucherRef

BY_BUYER = "/v/{ref:str}"
BY_LINK = "/c/{secret:str}"
BY_LINK_AND_PLACE = "/c/{secret:str}/{place:int}"
PLACES = [BY_BUYER, BY_LINK, BY_LINK_AND_PLACE]


@dataclass(frozen=True, slots=True)
class StoreForm:
    """Where the buyer means to use a voucher: the id of a store."""

    store: str


@get(PLACES)
async def code_page(
    request: AnyRequest, site: Site, shop: Shop
) -> Response[str] | Response[bytes] | Redirect:
    """Show a voucher to its buyer, or to whoever has the link of its order."""
    seen = site.runtime.watcher.newest(redemption_news(shop.merchant_id))
    keys = site.runtime.keys(shop.merchant_id)

    def read(uow: UnitOfWork) -> VoucherPage | OrderView:
        order, ref = _let_in(uow, request, shop)
        return order if ref is None else read_voucher_page(uow, keys, order, ref)

    page = await site.runtime.read(shop.merchant_id, read)
    if isinstance(page, OrderView):
        # The link of an order that is not paid yet, or was given up.
        return see_other(f"{shop.address}/orders/{page.order.id}")
    address = _address(request)
    if wants_json(request):
        return json_reply(voucher_json(page, address))
    context = {
        "shop": shop,
        "zone": shop.zone,
        "voucher": page,
        "stores": [store for store in page.stores if store.open],
        "code": page.code,
        "qr": code_qr(page.payload) if page.payload else "",
        "news_address": f"{address}/news?after={seen}",
    }
    return site.pages.page(request, "shop/code.html", context)


@get([f"{place}/news" for place in PLACES])
async def code_news(request: AnyRequest, site: Site, shop: Shop, after: int = 0) -> ServerSentEvent:
    """Tell a code page when something happened to its voucher."""
    _, ref = await site.runtime.read(shop.merchant_id, lambda uow: _let_in(uow, request, shop))

    async def concerns(seen: int) -> bool:
        asked = RedemptionFilter(voucher_ref=ref, news_after=seen, limit=1)
        return bool(
            await site.runtime.read(shop.merchant_id, lambda uow: holdings.redemptions(uow, asked))
        )

    news = redemption_news(shop.merchant_id)
    return news_stream(site.runtime.watcher, news, after, concerns)


@post([f"{place}/store" for place in PLACES], status_code=200)
async def choose_store(request: AnyRequest, site: Site, shop: Shop) -> Response[bytes] | Redirect:
    """Take a voucher to another store; only this button does, never the opening of a page."""
    form = await read_form(request, StoreForm)
    store = StoreId(id_of(form.store))

    def choose(uow: UnitOfWork) -> bool:
        _, ref = _let_in(uow, request, shop)
        if ref is None:
            raise NotFoundError(what="voucher")
        return orders.choose_store(uow, ref, store)

    held = await site.runtime.write(shop.merchant_id, choose)
    if wants_json(request):
        return json_reply({"held_by_store": held})
    return see_other(_address(request).removesuffix("/store"))


def _address(request: AnyRequest) -> str:
    return request.url.path


def _let_in(
    uow: UnitOfWork, request: AnyRequest, shop: Shop
) -> tuple[OrderView, VoucherRef | None]:
    """The order and the voucher that an address names, for a visitor who may see them.

    Returns:
        The order, and the voucher; None where the order has none.

    Raises:
        NotFoundError: no such voucher, or not this visitor's: the two look the same.
    """
    named = request.path_params
    if "ref" in named:
        return _of_buyer(uow, shop, str(named["ref"]))
    order = orders.order_of_link(uow, str(named["secret"]))
    place = int(named.get("place", 1))
    if not order.vouchers and place == 1:
        return order, None
    if not 1 <= place <= len(order.vouchers):
        raise NotFoundError(what="voucher")
    return order, order.vouchers[place - 1].terms.voucher_ref


def _of_buyer(uow: UnitOfWork, shop: Shop, text: str) -> tuple[OrderView, VoucherRef]:
    try:
        ref = VoucherRef(bytes.fromhex(text))
    except ValueError as cause:
        raise NotFoundError(what="voucher") from cause
    terms = vouchers.terms_of(uow, [ref]).get(ref)
    if terms is None:
        raise NotFoundError(what="voucher")
    return order_of_visitor(uow, shop, terms.order), ref
