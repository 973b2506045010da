"""Which shop is visited, and what its visitor carries: an anonymous buyer, who sent them.

Both are cookies that cannot be forged and are sent to this shop's pages only. A buyer needs no
name and no password; whoever loses the phone still has the link of each order.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar.datastructures import Cookie

from server.kernel.database import Connection
from server.stores import service as stores
from server.stores.rules import Merchant
from server.web.security import is_https
from server.web.signed_cookie import CookieSeal, cookie_seal
from server.web.site import AnyRequest, Site
from shared.errors import NotFoundError
from shared.ids import MerchantId

BUYER_COOKIE = "hexiao_buyer"
SENDER_COOKIE = "hexiao_sender"
BUYER_LIFE = timedelta(days=400)
"""Browsers keep no cookie longer."""
SENDER_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop of one merchant, as its pages need it.

    Attributes:
        merchant: whose it is.
        buyer: who is visiting, or None before the first order.
        link_code: of the distributor's link the visitor came by, or None.
    """

    merchant: Merchant
    buyer: UUID | None
    link_code: str | None

    @property
    def merchant_id(self) -> MerchantId:
        """The tenant of every transaction."""
        return self.merchant.id

    @property
    def name(self) -> str:
        """As buyers read it."""
        return self.merchant.name

    @property
    def address(self) -> str:
        """Of the first page; every other address begins with it."""
        return shop_address(self.merchant)

    @property
    def zone(self) -> ZoneInfo:
        """In which times are written."""
        return self.merchant.zone


def shop_address(merchant: Merchant) -> str:
    """The path under which a merchant's shop stands."""
    return f"/s/{merchant.short_name}"


async def shop_of(request: AnyRequest, site: Site, short_name: str) -> Shop:
    """The shop of an address, and its visitor.

    Raises:
        NotFoundError: no merchant has this short name.
    """

    def find(connection: Connection) -> Merchant | None:
        return stores.merchant_named(connection, short_name)

    merchant = await site.runtime.database.read(find)
    if merchant is None:
        raise NotFoundError(what="shop")
    buyer = _seal(site, merchant, BUYER_COOKIE).opened(request.cookies.get(BUYER_COOKIE))
    sender = _seal(site, merchant, SENDER_COOKIE).opened(request.cookies.get(SENDER_COOKIE))
    return Shop(merchant, UUID(buyer) if buyer else None, sender)


def buyer_cookie(site: Site, merchant: Merchant, buyer: UUID) -> Cookie:
    """Lets this browser see the orders it places."""
    value = _seal(site, merchant, BUYER_COOKIE).sealed(buyer.hex)
    return _cookie(site, merchant, (BUYER_COOKIE, value), BUYER_LIFE)


def sender_cookie(site: Site, merchant: Merchant, link_code: str) -> Cookie:
    """Remembers who sent the visitor until an order is placed."""
    value = _seal(site, merchant, SENDER_COOKIE).sealed(link_code)
    return _cookie(site, merchant, (SENDER_COOKIE, value), SENDER_LIFE)


def _seal(site: Site, merchant: Merchant, purpose: str) -> CookieSeal:
    return cookie_seal(site.runtime.root_key, purpose, merchant.id)


def _cookie(site: Site, merchant: Merchant, pair: tuple[str, str], life: timedelta) -> Cookie:
    name, value = pair
    return Cookie(
        key=name,
        value=value,
        path=shop_address(merchant),
        max_age=int(life.total_seconds()),
        httponly=True,
        secure=is_https(site.runtime.settings),
        samesite="lax",
    )
