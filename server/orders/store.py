"""Reads and writes orders."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, insert, select, update

from server.catalog.rules import Validity
from server.kernel.insertion import insert_if_absent
from server.kernel.unit_of_work import UnitOfWork
from server.orders.rules import Order, OrderLine
from server.orders.tables import order_line, sales_order
from server.vouchers.rules import SplitTerms
from shared.ids import DistributorId, OrderId, ProductId, StoreId, VoucherRef
from shared.redemption_rules import OrderState

_STORE_ID_BYTES = 16
_Rows = tuple[Any, ...]


def insert_order(uow: UnitOfWork, order: Order) -> bool:
    """Insert an order; false when its id or its number is taken."""
    row = {
        "merchant": uow.merchant,
        "order_id": order.id,
        "number": order.number,
        "buyer": order.buyer,
        "state": order.state.value,
        "amount_fen": order.amount_fen,
        "chosen_store": order.chosen_store,
        "distributor": order.distributor,
        "cart_hash": order.cart_hash,
        "placed_at": order.placed_at,
        "expires_at": order.expires_at,
        "paid_at": None,
        "paid_by": None,
        "refunding": False,
        "changed_at": uow.now,
    }
    return insert_if_absent(uow.connection, sales_order, row)


def insert_lines(uow: UnitOfWork, order: OrderId, lines: Sequence[OrderLine]) -> None:
    """Insert the lines of a new order."""
    uow.connection.execute(
        insert(order_line),
        [
            {
                "merchant": uow.merchant,
                "order_id": order,
                "line_no": line.line_no,
                "product": line.product,
                "product_number": line.product_number,
                "product_name": line.product_name,
                "quantity": line.quantity,
                "unit_price_fen": line.unit_price_fen,
                "face_fen": line.face_fen,
                "uses_per_unit": line.uses_per_unit,
                "per_visit_uses_max": line.per_visit_uses_max,
                "valid_days": line.validity.days,
                "valid_from": line.validity.valid_from,
                "valid_until": line.validity.valid_until,
                "stores": _packed(line.stores),
                "refundable": line.refundable,
                "attention": line.attention,
                "level1_rate_bp": line.split.level1_rate_bp,
                "platform_rate_bp": line.split.platform_rate_bp,
                "rule_version": line.split.rule_version,
                "voucher_ref": None,
            }
            for line in lines
        ],
    )


def _packed(stores: frozenset[StoreId] | None) -> bytes | None:
    return None if stores is None else b"".join(sorted(store.bytes for store in stores))


def _unpacked(packed: bytes | None) -> frozenset[StoreId] | None:
    if packed is None:
        return None
    starts = range(0, len(packed), _STORE_ID_BYTES)
    return frozenset(StoreId(UUID(bytes=packed[at : at + _STORE_ID_BYTES])) for at in starts)


def read_order(uow: UnitOfWork, order: OrderId, *, lock: bool = False) -> Order | None:
    """One order, locked until the transaction ends if asked for."""
    query = _orders(uow).where(sales_order.c.order_id == order)
    row = uow.connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _order(row)


def _orders(uow: UnitOfWork) -> Select[*_Rows]:
    return select(sales_order).where(sales_order.c.merchant == uow.merchant)


def _order(row: Row[*_Rows]) -> Order:
    return Order(
        id=OrderId(row.order_id),
        number=row.number,
        buyer=row.buyer,
        state=OrderState(row.state),
        amount_fen=row.amount_fen,
        chosen_store=None if row.chosen_store is None else StoreId(row.chosen_store),
        distributor=None if row.distributor is None else DistributorId(row.distributor),
        cart_hash=row.cart_hash,
        placed_at=row.placed_at,
        expires_at=row.expires_at,
        paid_at=row.paid_at,
        paid_by=row.paid_by,
        refunding=row.refunding,
    )


def read_lines(uow: UnitOfWork, orders: Collection[OrderId]) -> dict[OrderId, list[OrderLine]]:
    """The lines of orders, in order of their numbers."""
    columns = order_line.c
    query = (
        select(order_line, sales_order.c.distributor)
        .join(
            sales_order,
            (sales_order.c.merchant == columns.merchant)
            & (sales_order.c.order_id == columns.order_id),
        )
        .where(columns.merchant == uow.merchant, columns.order_id.in_(orders))
        .order_by(columns.order_id, columns.line_no)
    )
    lines: dict[OrderId, list[OrderLine]] = {order: [] for order in orders}
    for row in uow.connection.execute(query):
        lines[OrderId(row.order_id)].append(_line(row))
    return lines


def _line(row: Row[*_Rows]) -> OrderLine:
    return OrderLine(
        line_no=row.line_no,
        product=ProductId(row.product),
        product_number=row.product_number,
        product_name=row.product_name,
        quantity=row.quantity,
        unit_price_fen=row.unit_price_fen,
        face_fen=row.face_fen,
        uses_per_unit=row.uses_per_unit,
        per_visit_uses_max=row.per_visit_uses_max,
        validity=Validity(row.valid_days, row.valid_from, row.valid_until),
        stores=_unpacked(row.stores),
        refundable=row.refundable,
        attention=row.attention,
        split=SplitTerms(
            distributor=None if row.distributor is None else DistributorId(row.distributor),
            level1_rate_bp=row.level1_rate_bp,
            platform_rate_bp=row.platform_rate_bp,
            rule_version=row.rule_version,
        ),
        voucher_ref=None if row.voucher_ref is None else VoucherRef(row.voucher_ref),
    )


def write_voucher_of_line(uow: UnitOfWork, order: OrderId, line_no: int, ref: VoucherRef) -> None:
    """Record which voucher a line became."""
    columns = order_line.c
    uow.connection.execute(
        update(order_line)
        .where(
            columns.merchant == uow.merchant,
            columns.order_id == order,
            columns.line_no == line_no,
        )
        .values(voucher_ref=ref)
    )


def write_state(uow: UnitOfWork, order: Order, after: OrderState) -> bool:
    """Move an order on from the state it was read in; false when somebody else moved it."""
    return _write(uow, order, {"state": after.value})


def write_paid(uow: UnitOfWork, order: Order, payment: UUID, paid_at: datetime) -> bool:
    """Move an order on to paid; false when somebody else moved it."""
    values = {"state": OrderState.paid.value, "paid_by": payment, "paid_at": paid_at}
    return _write(uow, order, values)


def write_refunding(uow: UnitOfWork, order: Order, *, refunding: bool) -> bool:
    """Record that a refund is under way or over; writing the same again counts as a look."""
    return _write(uow, order, {"refunding": refunding})


def _write(uow: UnitOfWork, order: Order, values: dict[str, Any]) -> bool:
    columns = sales_order.c
    result = uow.connection.execute(
        update(sales_order)
        .where(
            columns.merchant == uow.merchant,
            columns.order_id == order.id,
            columns.state == order.state.value,
        )
        .values(values | {"changed_at": uow.now})
    )
    return result.rowcount == 1


def read_refunding(uow: UnitOfWork, limit: int) -> list[OrderId]:
    """Orders whose refund is under way, the one looked at longest ago first."""
    columns = sales_order.c
    query = (
        select(columns.order_id)
        .where(columns.merchant == uow.merchant, columns.refunding)
        .order_by(columns.changed_at)
        .limit(limit)
    )
    return [OrderId(order) for order in uow.connection.execute(query).scalars()]


def read_unpaid_orders_over_time(uow: UnitOfWork, limit: int) -> list[Order]:
    """Orders that were not paid in time, longest overdue first."""
    columns = sales_order.c
    query = (
        _orders(uow)
        .where(columns.state == OrderState.pending_payment.value, columns.expires_at <= uow.now)
        .order_by(columns.expires_at)
        .limit(limit)
    )
    return [_order(row) for row in uow.connection.execute(query)]


def read_orders(
    uow: UnitOfWork,
    limit: int,
    *,
    buyer: UUID | None = None,
    number: str | None = None,
    stores: Collection[StoreId] | None = None,
) -> list[Order]:
    """Orders, newest first; of one buyer, of one number, or meant for one of some stores."""
    columns = sales_order.c
    query = _orders(uow).order_by(columns.placed_at.desc(), columns.order_id.desc()).limit(limit)
    if buyer is not None:
        query = query.where(columns.buyer == buyer)
    if number is not None:
        query = query.where(columns.number == number)
    if stores is not None:
        query = query.where(columns.chosen_store.in_(stores))
    return [_order(row) for row in uow.connection.execute(query)]


def read_order_of_voucher(uow: UnitOfWork, ref: VoucherRef) -> OrderId | None:
    """The order that a voucher was sold with."""
    query = select(order_line.c.order_id).where(
        order_line.c.merchant == uow.merchant, order_line.c.voucher_ref == ref
    )
    found = uow.connection.execute(query).scalar_one_or_none()
    return None if found is None else OrderId(found)
