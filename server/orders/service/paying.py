"""From a payment to vouchers: exactly once, however often and however late the provider says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.catalog import service as catalog
from server.catalog.rules import validity_of
from server.holdings import service as holdings
from server.kernel.keys import MerchantKeys
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import Account, AccountKind, Entry, EntryKind, Line, mirrored
from server.orders import store as order_store
from server.orders.rules import NotPayableError, Order, OrderLine, check_order_move
from server.payments import service as payments
from server.payments.gateway import PaymentAnswer, PaymentRequest
from server.payments.rules import Payment
from server.stores import service as stores
from server.vouchers import service as vouchers
from server.vouchers.rules import IssuedVoucher, VoucherSale
from shared.errors import NotFoundError
from shared.ids import OrderId, VoucherRef
from shared.redemption_rules import OrderState

_CLEARING = Account(AccountKind.provider_clearing)
_LIABILITY = Account(AccountKind.voucher_liability)


class PaidOutcome(StrEnum):
    """What a notification of a payment led to."""

    issued = "issued"
    """The order is paid and its vouchers exist."""
    known = "known"
    """We knew already; nothing changed."""
    refunding = "refunding"
    """Too late, or paid twice: the money goes back."""


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """The order that a notification was about, what it led to, and the vouchers issued now."""

    order: OrderId
    outcome: PaidOutcome
    vouchers: tuple[VoucherRef, ...]


def start_payment(uow: UnitOfWork, order: OrderId, provider: str) -> tuple[Order, Payment]:
    """Number a payment of an order; commit before asking the provider to create it.

    Raises:
        NotFoundError: no such order.
        NotPayableError: paid, cancelled, or its time is over.
    """
    found = order_store.read_order(uow, order, lock=True)
    if found is None:
        raise NotFoundError(what="order")
    if found.state is not OrderState.pending_payment or uow.now >= found.expires_at:
        raise NotPayableError(state=found.state.value)
    payment = payments.plan_payment(uow, order, provider, found.amount_fen, found.expires_at)
    return found, payment


def payment_request(order: Order, payment: Payment, return_path: str) -> PaymentRequest:
    """What to ask the provider for; `return_path` is where the browser goes afterwards."""
    return PaymentRequest(
        number=payment.number,
        amount_fen=payment.amount_fen,
        description=order.number,
        expires_at=payment.expires_at,
        return_path=return_path,
    )


def paid(uow: UnitOfWork, keys: MerchantKeys, answer: PaymentAnswer) -> PaidOrder:
    """Record that an order was paid; in one transaction it becomes vouchers at a store's till.

    Args:
        uow: the transaction.
        keys: the merchant's.
        answer: that a payment succeeded, from a verified callback or a query.

    Returns:
        What came of it; a repeated notification changes nothing.

    Raises:
        NotFoundError: no payment of ours.
        AmountMismatchError: another amount than was asked for.

    Source: requirement rows O1 and O2 (a callback may come many times, late, or never).
    """
    payment, is_news = payments.note_paid(uow, answer)
    if not is_news:
        return PaidOrder(payment.order, PaidOutcome.known, ())
    order = order_store.read_order(uow, payment.order, lock=True)
    assert order is not None
    if order.state is not OrderState.pending_payment:
        _give_back(uow, payment, answer.happened_at)
        return PaidOrder(order.id, PaidOutcome.refunding, ())
    check_order_move(order.state, OrderState.paid)
    order_store.write_paid(uow, order, payment.id, answer.happened_at)
    _book(uow, order.id, payment.amount_fen, answer.happened_at)
    issued = _issue(uow, keys, order)
    return PaidOrder(order.id, PaidOutcome.issued, tuple(made.voucher_ref for made in issued))


def _give_back(uow: UnitOfWork, payment: Payment, happened_at: datetime) -> None:
    """Book and return money for which there is no order: nothing is lost, nothing is kept."""
    _book(uow, payment.id, payment.amount_fen, happened_at)
    refund, _ = payments.plan_refund(
        uow, payment.id, payment.amount_fen, payment.id, "the order was closed before payment"
    )
    lines = mirrored((Line(_CLEARING, _LIABILITY, payment.amount_fen),))
    entry = Entry(uow.new_id(), EntryKind.refunded, refund.cause, uow.now, lines)
    ledger.post(uow, [entry])


def _book(uow: UnitOfWork, cause: UUID, amount_fen: int, happened_at: datetime) -> None:
    line = Line(_CLEARING, _LIABILITY, amount_fen)
    entry = Entry(uow.new_id(), EntryKind.paid, cause, happened_at, (line,))
    ledger.post(uow, [entry])


def _issue(uow: UnitOfWork, keys: MerchantKeys, order: Order) -> list[IssuedVoucher]:
    lines = order_store.read_lines(uow, [order.id])[order.id]
    for line in sorted(lines, key=lambda line: line.product):
        catalog.take_stock(uow, line.product, line.quantity)
    issued = vouchers.issue(uow, keys, _sales(uow, order, lines))
    for line, made in zip(lines, issued, strict=True):
        order_store.write_voucher_of_line(uow, order.id, line.line_no, made.voucher_ref)
    opened = [
        (made.voucher_ref, line.uses_total, line.amount_fen)
        for line, made in zip(lines, issued, strict=True)
    ]
    holdings.open_holdings(uow, opened)
    if order.chosen_store is not None:
        refs = [made.voucher_ref for made in issued]
        holdings.grant_to_store(uow, refs, order.chosen_store)
    return issued


def _sales(uow: UnitOfWork, order: Order, lines: Sequence[OrderLine]) -> list[VoucherSale]:
    zone = stores.merchant_of(uow).zone
    sales = []
    for line in lines:
        valid_from, valid_until = validity_of(line.validity, uow.now, zone)
        sales.append(
            VoucherSale(
                order=order.id,
                order_number=order.number,
                product=line.product,
                product_number=line.product_number,
                product_name=line.product_name,
                uses_total=line.uses_total,
                value_fen=line.amount_fen,
                face_fen=line.face_fen,
                valid_from=valid_from,
                valid_until=valid_until,
                stores=line.stores,
                per_visit_uses_max=line.per_visit_uses_max,
                attention=line.attention,
                booked_slot=None,
                chosen_store=order.chosen_store,
                split=line.split,
            )
        )
    return sales
