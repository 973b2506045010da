"""From a cart to an order that waits for payment, and to its end when nobody pays."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from server.catalog import service as catalog
from server.catalog.rules import Product
from server.distribution import service as distribution
from server.distribution.rules import Distributor
from server.holdings import service as holdings
from server.kernel.keys import MerchantKeys
from server.kernel.unit_of_work import UnitOfWork
from server.orders import store as order_store
from server.orders.rules import (
    PAYMENT_TIME,
    Cart,
    NotForSaleError,
    NotPayableError,
    Order,
    OrderIdReusedError,
    OrderLine,
    OrderNotPaidError,
    cart_hash,
    check_cart,
    check_order_move,
    check_uses,
    new_order_number,
)
from server.stores import service as stores
from server.vouchers import service as vouchers
from server.vouchers.rules import SplitTerms, StoreOutOfScopeError
from shared.errors import BugError, NotFoundError
from shared.ids import OrderId, ProductId, StoreId, VoucherRef
from shared.redemption_rules import OrderState

_DRAWS_MAX = 100


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order and what only its buyer may know.

    Attributes:
        order: as it stands now, which for a retry may be paid already.
        link_secret: opens the code page.
        is_new: false for a retry.
    """

    order: Order
    link_secret: str
    is_new: bool


def place(uow: UnitOfWork, keys: MerchantKeys, cart: Cart) -> PlacedOrder:
    """Place an order: price it, freeze its terms, reserve its stock for 15 minutes.

    The same order id with the same cart is the same order, however often it is sent.

    Raises:
        BadOrderIdError, EmptyCartError, TooManyError, InvalidInputError: a bad cart.
        OrderIdReusedError: the id was used for another cart.
        NotForSaleError: a product is unknown, off the shelf, or no longer valid.
        StoreOutOfScopeError: not every line is valid at the chosen store.
        OutOfStockError: fewer units are left.

    Source: requirement rows O1, P3, D5 (prices and rates are the server's, frozen here).
    """
    check_cart(cart)
    before = order_store.read_order(uow, cart.order)
    if before is not None:
        return _placed_before(uow, keys, cart, before)
    lines = _lines(uow, cart)
    order = _insert(uow, cart, lines)
    if order is None:
        # Another request with the same id came first, a moment ago.
        first = order_store.read_order(uow, cart.order)
        assert first is not None
        return _placed_before(uow, keys, cart, first)
    for line in sorted(lines, key=lambda line: line.product):
        catalog.reserve_stock(uow, line.product, line.quantity)
    order_store.insert_lines(uow, order.id, lines)
    return PlacedOrder(order, vouchers.open_link(uow, keys, order.id), is_new=True)


def _placed_before(uow: UnitOfWork, keys: MerchantKeys, cart: Cart, before: Order) -> PlacedOrder:
    if before.cart_hash != cart_hash(cart):
        raise OrderIdReusedError(order=cart.order)
    return PlacedOrder(before, vouchers.open_link(uow, keys, before.id), is_new=False)


def _lines(uow: UnitOfWork, cart: Cart) -> list[OrderLine]:
    products = catalog.products_of(uow, [line.product for line in cart.lines])
    for asked in cart.lines:
        _check_for_sale(uow, asked.product, products.get(asked.product))
    distributor = distribution.distributor_of_link(uow, cart.link_code) if cart.link_code else None
    lines = [
        _line(line_no, products[asked.product], asked.quantity, distributor)
        for line_no, asked in enumerate(cart.lines, 1)
    ]
    check_uses(lines)
    if cart.store is not None:
        stores.store_of(uow, cart.store)
        if any(line.stores is not None and cart.store not in line.stores for line in lines):
            raise StoreOutOfScopeError(store=cart.store)
    return lines


def _check_for_sale(uow: UnitOfWork, asked: ProductId, product: Product | None) -> None:
    if product is None or not product.on_shelf:
        raise NotForSaleError(product=asked)
    if product.validity.valid_until is not None and product.validity.valid_until <= uow.now:
        raise NotForSaleError(product=asked)


def _line(
    line_no: int, product: Product, quantity: int, distributor: Distributor | None
) -> OrderLine:
    earns = distributor is not None and distributor.earns
    return OrderLine(
        line_no=line_no,
        product=product.id,
        product_number=product.number,
        product_name=product.name,
        quantity=quantity,
        unit_price_fen=product.price_fen,
        face_fen=product.face_fen * quantity,
        uses_per_unit=product.uses_per_unit,
        per_visit_uses_max=product.per_visit_uses_max,
        validity=product.validity,
        stores=product.stores,
        refundable=product.refundable,
        attention=product.attention_text is not None,
        split=SplitTerms(
            distributor=distributor.id if distributor is not None and earns else None,
            level1_rate_bp=product.level1_rate_bp if earns else 0,
            platform_rate_bp=product.platform_rate_bp,
            rule_version=product.rule_version,
        ),
    )


def _insert(uow: UnitOfWork, cart: Cart, lines: Sequence[OrderLine]) -> Order | None:
    """Insert the order under a free number; None when its id is taken."""
    for _ in range(_DRAWS_MAX):
        order = Order(
            id=cart.order,
            number=new_order_number(uow.entropy),
            buyer=cart.buyer,
            state=OrderState.pending_payment,
            amount_fen=sum(line.amount_fen for line in lines),
            chosen_store=cart.store,
            distributor=lines[0].split.distributor,
            cart_hash=cart_hash(cart),
            placed_at=uow.now,
            expires_at=uow.now + PAYMENT_TIME,
            paid_at=None,
            paid_by=None,
            refunding=False,
        )
        if order_store.insert_order(uow, order):
            return order
        if order_store.read_order(uow, cart.order) is not None:
            return None
    raise BugError("the entropy source keeps returning order numbers that are taken")


def cancel(uow: UnitOfWork, order: OrderId) -> None:
    """Give up an unpaid order at the buyer's wish; its stock is free again at once.

    Raises:
        NotFoundError: no such order.
        NotPayableError: it is paid or over already.
    """
    found = order_store.read_order(uow, order, lock=True)
    if found is None:
        raise NotFoundError(what="order")
    if found.state is not OrderState.pending_payment:
        raise NotPayableError(state=found.state.value)
    _cancel(uow, [found])


def expire_unpaid(uow: UnitOfWork, limit: int) -> int:
    """End orders that were not paid in time and free their stock; a payment may still come late.

    Args:
        uow: the transaction.
        limit: at most so many orders.

    Returns:
        How many were ended; call again while it is `limit`.
    """
    return _cancel(uow, order_store.read_unpaid_orders_over_time(uow, limit))


def _cancel(uow: UnitOfWork, orders: Sequence[Order]) -> int:
    for order in orders:
        check_order_move(order.state, OrderState.cancelled)
    ended = [
        order.id for order in orders if order_store.write_state(uow, order, OrderState.cancelled)
    ]
    units: Counter[ProductId] = Counter()
    for lines in order_store.read_lines(uow, ended).values():
        for line in lines:
            units[line.product] += line.quantity
    for product in sorted(units):
        catalog.release_stock(uow, product, units[product])
    return len(ended)


def choose_store(uow: UnitOfWork, ref: VoucherRef, store: StoreId) -> bool:
    """Take a voucher to the store the buyer picked by pressing a button, never by opening a page.

    Uses that another store's till holds are called back; they follow when it has answered.

    Returns:
        Whether the store's keeper has it now; false when it has to wait or no till keeps there.

    Raises:
        NotFoundError: no such voucher or store.
        OrderNotPaidError: the order was refunded or is in after-sale.
        StoreOutOfScopeError: not valid there.
        TooManyStoreMovesError: more than five moves within an hour.

    Source: protocol rule S16.
    """
    stores.store_of(uow, store)
    terms = vouchers.terms_of(uow, [ref]).get(ref)
    if terms is None:
        raise NotFoundError(what="voucher")
    if terms.order_state is not OrderState.paid:
        raise OrderNotPaidError(state=terms.order_state.value)
    if vouchers.choose_store(uow, ref, store):
        holdings.recall(uow, ref)
    return ref in holdings.grant_to_store(uow, [ref], store)
