"""Reads and writes our payments and refunds."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from server.kernel.insertion import insert_if_absent
from server.kernel.unit_of_work import UnitOfWork
from server.payments.rules import Payment, PaymentState, Refund, RefundState
from server.payments.tables import payment, refund
from shared.ids import OrderId


def insert_payment(uow: UnitOfWork, made: Payment) -> None:
    """Store a payment before its provider hears of it."""
    uow.connection.execute(
        insert(payment).values(
            merchant=uow.merchant,
            payment=made.id,
            order_id=made.order,
            number=made.number,
            provider=made.provider,
            amount_fen=made.amount_fen,
            state=made.state.value,
            expires_at=made.expires_at,
            provider_number=made.provider_number,
            made_at=uow.now,
            changed_at=uow.now,
        )
    )


def _payment(row: Row[*tuple[Any, ...]]) -> Payment:
    return Payment(
        id=row.payment,
        order=OrderId(row.order_id),
        number=row.number,
        provider=row.provider,
        amount_fen=row.amount_fen,
        state=PaymentState(row.state),
        expires_at=row.expires_at,
        provider_number=row.provider_number,
    )


def lock_payment(
    uow: UnitOfWork, *, number: str | None = None, payment_id: UUID | None = None
) -> Payment | None:
    """Lock and read one payment by our number or its id."""
    query = select(payment).where(payment.c.merchant == uow.merchant)
    if number is not None:
        query = query.where(payment.c.number == number)
    if payment_id is not None:
        query = query.where(payment.c.payment == payment_id)
    row = uow.connection.execute(query.with_for_update()).one_or_none()
    return None if row is None else _payment(row)


def read_payments_of_order(uow: UnitOfWork, order: OrderId) -> list[Payment]:
    """The payments of an order, oldest first."""
    query = (
        select(payment)
        .where(payment.c.merchant == uow.merchant, payment.c.order_id == order)
        .order_by(payment.c.payment)
    )
    return [_payment(row) for row in uow.connection.execute(query)]


def read_overdue_payments(uow: UnitOfWork, limit: int) -> list[Payment]:
    """Payments that may still be open at their provider although their time is over."""
    waiting = (PaymentState.planned.value, PaymentState.open.value)
    query = (
        select(payment)
        .where(
            payment.c.merchant == uow.merchant,
            payment.c.state.in_(waiting),
            payment.c.expires_at <= uow.now,
        )
        .order_by(payment.c.expires_at)
        .limit(limit)
    )
    return [_payment(row) for row in uow.connection.execute(query)]


def write_payment_state(
    uow: UnitOfWork, payment_id: UUID, state: PaymentState, provider_number: str
) -> None:
    """Move a payment on."""
    uow.connection.execute(
        update(payment)
        .where(payment.c.merchant == uow.merchant, payment.c.payment == payment_id)
        .values(state=state.value, provider_number=provider_number, changed_at=uow.now)
    )


def insert_refund(uow: UnitOfWork, made: Refund) -> bool:
    """Store a refund unless its cause has one already."""
    return insert_if_absent(
        uow.connection,
        refund,
        {
            "merchant": uow.merchant,
            "refund": made.id,
            "payment": made.payment,
            "number": made.number,
            "amount_fen": made.amount_fen,
            "cause": made.cause,
            "why": made.why,
            "state": made.state.value,
            "provider_number": "",
            "made_at": uow.now,
            "changed_at": uow.now,
        },
    )


def _refund(row: Row[*tuple[Any, ...]]) -> Refund:
    return Refund(
        id=row.refund,
        payment=row.payment,
        number=row.number,
        amount_fen=row.amount_fen,
        cause=row.cause,
        why=row.why,
        state=RefundState(row.state),
    )


def lock_refund(
    uow: UnitOfWork,
    *,
    refund_id: UUID | None = None,
    number: str | None = None,
    cause: UUID | None = None,
) -> Refund | None:
    """Lock and read one refund by its id, our number or its cause."""
    query = select(refund).where(refund.c.merchant == uow.merchant)
    if refund_id is not None:
        query = query.where(refund.c.refund == refund_id)
    if number is not None:
        query = query.where(refund.c.number == number)
    if cause is not None:
        query = query.where(refund.c.cause == cause)
    row = uow.connection.execute(query.with_for_update()).one_or_none()
    return None if row is None else _refund(row)


def read_refunds_of_payment(uow: UnitOfWork, payment_id: UUID) -> list[Refund]:
    """The refunds of a payment, oldest first."""
    query = (
        select(refund)
        .where(refund.c.merchant == uow.merchant, refund.c.payment == payment_id)
        .order_by(refund.c.refund)
    )
    return [_refund(row) for row in uow.connection.execute(query)]


def sum_refunds_fen(uow: UnitOfWork, payment_id: UUID) -> int:
    """What has been or will be paid back from a payment; failed refunds still count."""
    query = select(func.coalesce(func.sum(refund.c.amount_fen), 0)).where(
        refund.c.merchant == uow.merchant, refund.c.payment == payment_id
    )
    return int(uow.connection.execute(query).scalar_one())


def write_refund_state(
    uow: UnitOfWork, refund_id: UUID, state: RefundState, provider_number: str
) -> None:
    """Move a refund on."""
    uow.connection.execute(
        update(refund)
        .where(refund.c.merchant == uow.merchant, refund.c.refund == refund_id)
        .values(state=state.value, provider_number=provider_number, changed_at=uow.now)
    )
