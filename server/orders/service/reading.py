"""What buyers and headquarters see of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.holdings import service as holdings
from server.holdings.values import HoldingView
from server.kernel.unit_of_work import UnitOfWork
from server.orders import store as order_store
from server.orders.rules import Order, OrderLine, Stage, UsesOfVoucher, stage_of
from server.staff.rules import Permission, Person, visible_stores
from server.vouchers import service as vouchers
from server.vouchers.rules import VoucherTerms
from shared.errors import NotFoundError
from shared.ids import OrderId, VoucherRef

ORDERS_MAX = 500


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A voucher's terms beside where its uses are."""

    terms: VoucherTerms
    holding: HoldingView


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as a page shows it; `vouchers` is empty before it is paid."""

    order: Order
    stage: Stage
    lines: tuple[OrderLine, ...]
    vouchers: tuple[VoucherView, ...]


def view_of(uow: UnitOfWork, order: OrderId) -> OrderView:
    """An order for whoever was let in by the caller: its buyer, its link, or headquarters.

    Raises:
        NotFoundError: no such order.
    """
    found = order_store.read_order(uow, order)
    if found is None:
        raise NotFoundError(what="order")
    return _views(uow, [found])[0]


def order_of_link(uow: UnitOfWork, secret: str) -> OrderView:
    """The order that the bearer of a link's secret may see.

    Raises:
        NotFoundError: no link has this secret.
    """
    order = vouchers.order_of_link(uow, secret)
    if order is None:
        raise NotFoundError(what="order")
    return view_of(uow, order)


def order_of_buyer(uow: UnitOfWork, order: OrderId, buyer: UUID) -> OrderView:
    """An order of the buyer whose session this is.

    Raises:
        NotFoundError: no such order, or another buyer's.
    """
    found = order_store.read_order(uow, order)
    if found is None or found.buyer != buyer:
        raise NotFoundError(what="order")
    return _views(uow, [found])[0]


def orders_of_buyer(uow: UnitOfWork, buyer: UUID, limit: int) -> list[OrderView]:
    """A buyer's orders, newest first, at most `ORDERS_MAX`."""
    return _views(uow, order_store.read_orders(uow, min(limit, ORDERS_MAX), buyer=buyer))


def list_orders(
    uow: UnitOfWork, by: Person, limit: int, number: str | None = None
) -> list[OrderView]:
    """Orders for the console, newest first, without codes; store staff see those of their stores.

    Raises:
        NotAllowedError: `by` may not see orders.
    """
    visible = visible_stores(by, Permission.see_orders)
    orders = order_store.read_orders(uow, min(limit, ORDERS_MAX), number=number, stores=visible)
    return _views(uow, orders)


def _views(uow: UnitOfWork, orders: Sequence[Order]) -> list[OrderView]:
    lines = order_store.read_lines(uow, [order.id for order in orders])
    refs = [
        line.voucher_ref for of in lines.values() for line in of if line.voucher_ref is not None
    ]
    terms = vouchers.terms_of(uow, refs)
    views = {
        ref: VoucherView(terms[ref], holding)
        for ref in refs
        if (holding := holdings.holding_of(uow, ref)) is not None
    }
    return [_view(order, lines[order.id], views) for order in orders]


def _view(
    order: Order, lines: Sequence[OrderLine], views: dict[VoucherRef, VoucherView]
) -> OrderView:
    shown = tuple(
        views[ref] for line in lines if (ref := line.voucher_ref) is not None and ref in views
    )
    uses = [
        UsesOfVoucher(view.holding.held + view.holding.out, view.holding.refund_state)
        for view in shown
    ]
    return OrderView(order, stage_of(order.state, uses), tuple(lines), shown)
