"""The refund of what was not redeemed: asked for once, run when no till holds a use, paid back."""

from collections.abc import Sequence

from server.catalog import service as catalog
from server.holdings import service as holdings
from server.holdings.values import HoldingView
from server.kernel.unit_of_work import UnitOfWork
from server.orders import store as order_store
from server.orders.rules import (
    NotRefundableError,
    Order,
    OrderLine,
    check_order_move,
    units_to_return,
)
from server.payments import service as payments
from server.staff import service as staff
from server.staff.rules import Permission, Person, require
from server.vouchers import service as vouchers
from shared.errors import NotFoundError
from shared.ids import OrderId, VoucherRef
from shared.redemption_rules import OrderState, RefundState

WHY = "unredeemed uses were refunded"


def request_refund(uow: UnitOfWork, order: OrderId, by: Person | None = None) -> OrderState:
    """Refund every unredeemed use of an order that its terms let go.

    What the server holds is refunded now. What a till holds is called back, and refunded as soon
    as the till has answered; until then the order's stage is `refunding`.

    Args:
        uow: the transaction.
        order: one that was paid.
        by: somebody of headquarters on the buyer's behalf; None for the buyer.

    Returns:
        The order's state now: `refunded`, or `paid` while uses are still out.

    Raises:
        NotFoundError: no such order.
        NotAllowedError: `by` may not.
        NotRefundableError: not paid, not refundable, or nothing is left.

    Source: protocol rule S9, requirement row O3.
    """
    if by is not None:
        require(by, Permission.refund_order)
        staff.record(uow, by, "refund_requested", str(order), {})
    found = order_store.read_order(uow, order, lock=True)
    if found is None:
        raise NotFoundError(what="order")
    # A refunded order has something left again when a redemption was taken back since.
    if found.state not in (OrderState.paid, OrderState.refunded):
        raise NotRefundableError(state=found.state.value)
    refs = _refundable(uow, order_store.read_lines(uow, [order])[order])
    if not refs:
        raise NotRefundableError(state=found.state.value)
    for ref in sorted(refs):
        holdings.request_refund(uow, ref)
    return _settle(uow, found)


def _refundable(uow: UnitOfWork, lines: Sequence[OrderLine]) -> list[VoucherRef]:
    refs = [line.voucher_ref for line in lines if line.refundable and line.voucher_ref is not None]
    return [ref for ref in refs if _left(holdings.holding_of(uow, ref)) > 0]


def _left(holding: HoldingView | None) -> int:
    return 0 if holding is None else holding.held + holding.out


def settle_refunds(uow: UnitOfWork, limit: int) -> int:
    """Pay back what tills have given back since, for at most `limit` orders.

    Returns:
        How many orders are done with; each look takes those that waited longest.
    """
    done = 0
    for order in order_store.read_refunding(uow, limit):
        found = order_store.read_order(uow, order, lock=True)
        assert found is not None
        if found.refunding:
            _settle(uow, found)
            after = order_store.read_order(uow, order)
            done += after is not None and not after.refunding
    return done


def _settle(uow: UnitOfWork, order: Order) -> OrderState:
    """Instruct the provider for every refund that ran, and move the order on when all did."""
    lines = order_store.read_lines(uow, [order.id])[order.id]
    for line in sorted(lines, key=lambda line: line.product):
        _pay_back(uow, order, line)
    sold = [line.voucher_ref for line in lines if line.voucher_ref is not None]
    views = [view for ref in sold if (view := holdings.holding_of(uow, ref)) is not None]
    waiting = any(view.refund_state is RefundState.asked for view in views)
    order_store.write_refunding(uow, order, refunding=waiting)
    if waiting or any(_left(view) for view in views) or not any(view.refunded for view in views):
        return order.state
    if order.state is OrderState.refunded:
        return order.state
    check_order_move(order.state, OrderState.refunded)
    order_store.write_state(uow, order, OrderState.refunded)
    vouchers.set_order_state(uow, order.id, OrderState.refunded)
    return OrderState.refunded


def _pay_back(uow: UnitOfWork, order: Order, line: OrderLine) -> None:
    assert order.paid_by is not None
    assert line.voucher_ref is not None
    for refunded in holdings.refunds_of(uow, line.voucher_ref):
        if refunded.value_fen == 0:
            continue
        _, is_new = payments.plan_refund(uow, order.paid_by, refunded.value_fen, refunded.id, WHY)
        units = units_to_return(refunded.uses, line.uses_per_unit)
        if is_new and units:
            catalog.return_stock(uow, line.product, units)
