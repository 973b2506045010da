"""A chain that sells: stores with tills, products, a distributor, carts and payments."""

from dataclasses import replace
from uuid import UUID

from server.catalog import service as catalog
from server.catalog.rules import Product
from server.distribution import service as distribution
from server.distribution.rules import Distributor
from server.holdings import service as holdings
from server.kernel.unit_of_work import UnitOfWork
from server.orders import service as orders
from server.orders.rules import Cart, CartLine
from server.orders.service import PaidOrder
from server.payments import service as payments
from server.payments.gateway import PaymentAnswer, PaymentStatus
from server.stores import service as stores
from shared.ids import DistributorId, OrderId, ProductId, StoreId, TillId
from tests.server.catalog.some_product import SOME_PRODUCT
from tests.server.holdings.chain import TillAtWork
from tests.server.stores.some_chain import LAKESIDE, SOME_MERCHANT, STATION
from tests.server.vouchers.some_sale import KEYS

MEAL = SOME_PRODUCT
CARD = replace(
    SOME_PRODUCT,
    id=ProductId(UUID("01890000-0000-7000-8000-0000000000b2")),
    number=102,
    name="咖啡十次卡",
    price_fen=9_900,
    uses_per_unit=10,
    per_visit_uses_max=2,
)
LAKESIDE_TILL = TillId(UUID(int=21))
STATION_TILL = TillId(UUID(int=22))
LEE = DistributorId(UUID(int=31))
BUYER = UUID(int=41)


def found_market(uow: UnitOfWork) -> None:
    """A merchant, two stores each with a keeper, two products."""
    stores.save_merchant(uow, None, SOME_MERCHANT)
    for store, till in ((LAKESIDE, LAKESIDE_TILL), (STATION, STATION_TILL)):
        stores.save_store(uow, None, store)
        holdings.open_feed(uow, till, name=store.name)
        holdings.appoint_keeper(uow, store.id, till)
    for product in (MEAL, CARD):
        catalog.save_product(uow, None, product)


def lakeside_till() -> TillAtWork:
    return TillAtWork(LAKESIDE_TILL, LAKESIDE.id)


def lee(uow: UnitOfWork) -> Distributor:
    """A distributor who may earn."""
    distribution.join(uow, None, LEE, "推广员")
    return distribution.accept_agreement(uow, LEE)


def cart(
    uow: UnitOfWork,
    *lines: tuple[Product, int],
    store: StoreId | None = None,
    link_code: str | None = None,
) -> Cart:
    wanted = tuple(CartLine(product.id, quantity) for product, quantity in lines or ((MEAL, 1),))
    return Cart(OrderId(uow.new_id()), BUYER, wanted, store, link_code)


def answer_for(uow: UnitOfWork, order: OrderId) -> PaymentAnswer:
    """Start a payment of an order; what its provider will say when it is paid."""
    _, payment = orders.start_payment(uow, order, "sandbox")
    payments.note_opened(uow, payment.number)
    return PaymentAnswer(
        payment.number, PaymentStatus.succeeded, "p-1", payment.amount_fen, uow.now
    )


def pay(uow: UnitOfWork, order: OrderId) -> PaidOrder:
    return orders.paid(uow, KEYS, answer_for(uow, order))


def buy(uow: UnitOfWork, asked: Cart) -> PaidOrder:
    """Place and pay."""
    orders.place(uow, KEYS, asked)
    return pay(uow, asked.order)
