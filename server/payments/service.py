"""What can be done with payments and refunds in our books; the provider is called in between.

A payment: `plan_payment` → commit → `Gateway.create` → `note_opened`. A refund: `plan_refund` →
commit → `refund_to_send` → commit → `Gateway.refund` or `query_refund` → `note_refund`. Whatever
dies in between is found by the next look, and nothing gets a second number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.kernel.unit_of_work import UnitOfWork
from server.kernel.work_queue import request_work
from server.payments.gateway import (
    PaymentAnswer,
    PaymentStatus,
    RefundAnswer,
    RefundRequest,
    RefundStatus,
)
from server.payments.rules import (
    AmountMismatchError,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    check_payment_move,
    check_refund_move,
)
from server.payments.store import books
from shared.errors import BugError, NotFoundError
from shared.ids import OrderId

SEND_REFUND_WORK = "send_refund"
"""Work queue: send the refund named by the subject, or ask what became of it."""


@dataclass(frozen=True, slots=True)
class RefundToSend:
    """A refund that has to reach its provider.

    Attributes:
        request: what to send.
        provider: to whom.
        sent_before: it may have arrived already: query first and send only if it is unknown.
    """

    request: RefundRequest
    provider: str
    sent_before: bool


def plan_payment(
    uow: UnitOfWork, order: OrderId, provider: str, amount_fen: int, expires_at: datetime
) -> Payment:
    """Number a payment before its provider hears of it; asked again, the same one.

    Args:
        uow: the transaction; the caller holds the order's lock.
        order: what is to be paid.
        provider: which gateway will be asked.
        amount_fen: above 0.
        expires_at: after that it is closed, aware UTC.
    """
    waiting = (PaymentState.planned, PaymentState.open)
    for payment in books.read_payments_of_order(uow, order):
        if payment.provider == provider and payment.state in waiting:
            return payment
    made = Payment(
        id=uow.new_id(),
        order=order,
        number=uow.entropy(16).hex(),
        provider=provider,
        amount_fen=amount_fen,
        state=PaymentState.planned,
        expires_at=expires_at,
        provider_number="",
    )
    books.insert_payment(uow, made)
    return made


def note_opened(uow: UnitOfWork, number: str) -> None:
    """Record that the provider waits for the buyer; late news of it changes nothing."""
    payment = _locked_payment(uow, number)
    if payment.state is PaymentState.planned:
        books.write_payment_state(uow, payment.id, PaymentState.open, "")


def note_paid(uow: UnitOfWork, answer: PaymentAnswer) -> tuple[Payment, bool]:
    """Record that the money is there; locks the payment.

    Returns:
        The payment, and whether this is the first time we hear of it.

    Raises:
        NotFoundError: we never made a payment of that number.
        AmountMismatchError: another amount was paid; nothing is recorded.
    """
    assert answer.status is PaymentStatus.succeeded
    payment = _locked_payment(uow, answer.number)
    if answer.amount_fen != payment.amount_fen:
        raise AmountMismatchError(asked_fen=payment.amount_fen, paid_fen=answer.amount_fen)
    if payment.state is PaymentState.succeeded:
        return payment, False
    check_payment_move(payment.state, PaymentState.succeeded)
    books.write_payment_state(uow, payment.id, PaymentState.succeeded, answer.provider_number)
    return payment, True


def note_closed(uow: UnitOfWork, number: str) -> None:
    """Record that a payment can no longer be paid; one that was paid stays paid."""
    payment = _locked_payment(uow, number)
    if payment.state in (PaymentState.planned, PaymentState.open):
        books.write_payment_state(uow, payment.id, PaymentState.closed, "")


def overdue_payments(uow: UnitOfWork, limit: int) -> list[Payment]:
    """Payments to close at their provider, because their time is over; oldest first."""
    return books.read_overdue_payments(uow, limit)


def payments_of_order(uow: UnitOfWork, order: OrderId) -> list[Payment]:
    """The payments of an order, oldest first."""
    return books.read_payments_of_order(uow, order)


def refunds_of_payment(uow: UnitOfWork, payment: UUID) -> list[Refund]:
    """The refunds of a payment, oldest first."""
    return books.read_refunds_of_payment(uow, payment)


def plan_refund(
    uow: UnitOfWork, payment: UUID, amount_fen: int, cause: UUID, why: str
) -> tuple[Refund, bool]:
    """Number a refund and ask for it to be sent; the same cause is refunded once.

    Args:
        uow: the transaction of the fact that causes the refund.
        payment: a payment that succeeded.
        amount_fen: above 0; all refunds of a payment together at most what was paid.
        cause: id of that fact.
        why: what the buyer reads.

    Returns:
        The refund, and whether this call planned it.

    Raises:
        BugError: more would be paid back than was paid.
    """
    paid = books.lock_payment(uow, payment_id=payment)
    assert paid is not None
    assert paid.state is PaymentState.succeeded
    before = books.lock_refund(uow, cause=cause)
    if before is not None:
        return before, False
    if books.sum_refunds_fen(uow, payment) + amount_fen > paid.amount_fen:
        raise BugError(f"refunds of payment {payment} would exceed what was paid")
    number = uow.entropy(16).hex()
    made = Refund(uow.new_id(), payment, number, amount_fen, cause, why, RefundState.planned)
    books.insert_refund(uow, made)
    request_work(uow, SEND_REFUND_WORK, made.id)
    return made, True


def refund_to_send(uow: UnitOfWork, refund: UUID) -> RefundToSend | None:
    """Mark a refund as sent and return what to send; commit before sending.

    Returns:
        None when it has succeeded and nothing is left to do.
    """
    found = books.lock_refund(uow, refund_id=refund)
    if found is None:
        raise NotFoundError(what="refund")
    if found.state is RefundState.succeeded:
        return None
    sent_before = found.state is not RefundState.planned
    if found.state is not RefundState.submitted:
        check_refund_move(found.state, RefundState.submitted)
        books.write_refund_state(uow, found.id, RefundState.submitted, "")
    paid = books.lock_payment(uow, payment_id=found.payment)
    assert paid is not None
    request = RefundRequest(found.number, paid.number, found.amount_fen, paid.amount_fen, found.why)
    return RefundToSend(request, paid.provider, sent_before)


_REFUND_STATES: Mapping[RefundStatus, RefundState] = {
    RefundStatus.succeeded: RefundState.succeeded,
    RefundStatus.failed: RefundState.failed,
}


def note_refund(uow: UnitOfWork, answer: RefundAnswer) -> RefundState:
    """Record what the provider says of a refund, by answer or by callback.

    Returns:
        The state it is in now; `submitted` means: look again later.
    """
    found = books.lock_refund(uow, number=answer.number)
    if found is None:
        raise NotFoundError(what="refund")
    after = _REFUND_STATES.get(answer.status, RefundState.submitted)
    if after is found.state or found.state is RefundState.succeeded:
        return found.state
    check_refund_move(found.state, after)
    books.write_refund_state(uow, found.id, after, answer.provider_number)
    return after


def _locked_payment(uow: UnitOfWork, number: str) -> Payment:
    payment = books.lock_payment(uow, number=number)
    if payment is None:
        raise NotFoundError(what="payment")
    return payment
