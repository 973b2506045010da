"""Our books of payments: one number each, news counted once, refunds within what was paid."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from server.kernel.unit_of_work import UnitOfWork
from server.payments import service as payments
from server.payments.gateway import PaymentAnswer, PaymentStatus, RefundAnswer, RefundStatus
from server.payments.rules import AmountMismatchError, Payment, PaymentState, RefundState
from shared.errors import BugError, NotFoundError
from shared.ids import OrderId
from tests.server.database_under_test import NOW

ORDER = OrderId(UUID(int=1))
CAUSE = UUID(int=2)
EXPIRES_AT = NOW + timedelta(minutes=15)


@pytest.fixture
def payment(uow: UnitOfWork) -> Payment:
    return payments.plan_payment(uow, ORDER, "sandbox", 8_800, EXPIRES_AT)


def paid_answer(payment: Payment, amount_fen: int = 8_800) -> PaymentAnswer:
    return PaymentAnswer(payment.number, PaymentStatus.succeeded, "p-1", amount_fen, NOW)


def state_of(uow: UnitOfWork) -> PaymentState:
    return payments.payments_of_order(uow, ORDER)[0].state


class TestPayments:
    def test_asked_for_twice_are_the_same(self, uow: UnitOfWork, payment: Payment) -> None:
        assert len(payment.number) == 32
        assert payments.plan_payment(uow, ORDER, "sandbox", 8_800, EXPIRES_AT) == payment
        payments.note_opened(uow, payment.number)
        again = payments.plan_payment(uow, ORDER, "sandbox", 8_800, EXPIRES_AT)
        assert again.number == payment.number

    def test_after_one_is_closed_the_next_has_another_number(
        self, uow: UnitOfWork, payment: Payment
    ) -> None:
        payments.note_closed(uow, payment.number)
        again = payments.plan_payment(uow, ORDER, "sandbox", 8_800, EXPIRES_AT)
        assert again.number != payment.number

    def test_are_news_once(self, uow: UnitOfWork, payment: Payment) -> None:
        news = [payments.note_paid(uow, paid_answer(payment))[1] for _ in range(10)]
        assert news == [True] + [False] * 9

    def test_of_another_amount_are_refused(self, uow: UnitOfWork, payment: Payment) -> None:
        with pytest.raises(AmountMismatchError):
            payments.note_paid(uow, paid_answer(payment, 1))
        assert state_of(uow) is PaymentState.planned

    def test_we_never_made_are_not_found(self, uow: UnitOfWork, payment: Payment) -> None:
        with pytest.raises(NotFoundError):
            payments.note_paid(uow, paid_answer(replace(payment, number="x" * 32)))

    def test_that_we_closed_may_be_paid_after_all(self, uow: UnitOfWork, payment: Payment) -> None:
        payments.note_closed(uow, payment.number)
        assert payments.note_paid(uow, paid_answer(payment))[1]

    def test_late_news_never_undoes_a_payment(self, uow: UnitOfWork, payment: Payment) -> None:
        payments.note_paid(uow, paid_answer(payment))
        payments.note_closed(uow, payment.number)
        payments.note_opened(uow, payment.number)
        assert state_of(uow) is PaymentState.succeeded

    def test_whose_time_is_over_are_listed(self, uow: UnitOfWork, payment: Payment) -> None:
        assert payments.overdue_payments(uow, 10) == []
        late = replace(uow, now=EXPIRES_AT)
        assert payments.overdue_payments(late, 10) == [payment]
        payments.note_closed(late, payment.number)
        assert payments.overdue_payments(late, 10) == []


class TestRefunds:
    @pytest.fixture
    def settled(self, uow: UnitOfWork, payment: Payment) -> Payment:
        payments.note_paid(uow, paid_answer(payment))
        return payment

    def test_have_one_number_per_cause(self, uow: UnitOfWork, settled: Payment) -> None:
        refund, is_new = payments.plan_refund(uow, settled.id, 3_000, CAUSE, "why")
        assert is_new
        assert payments.plan_refund(uow, settled.id, 3_000, CAUSE, "why") == (refund, False)

    def test_never_exceed_what_was_paid(self, uow: UnitOfWork, settled: Payment) -> None:
        payments.plan_refund(uow, settled.id, 8_000, CAUSE, "why")
        with pytest.raises(BugError):
            payments.plan_refund(uow, settled.id, 801, UUID(int=3), "why")

    def test_are_sent_then_asked_about(self, uow: UnitOfWork, settled: Payment) -> None:
        refund, _ = payments.plan_refund(uow, settled.id, 3_000, CAUSE, "why")
        first = payments.refund_to_send(uow, refund.id)
        second = payments.refund_to_send(uow, refund.id)
        assert first is not None
        assert second is not None
        assert (first.sent_before, second.sent_before) == (False, True)
        assert first.request == second.request
        assert first.request.payment_number == settled.number

    def test_end_when_the_provider_says_so(self, uow: UnitOfWork, settled: Payment) -> None:
        refund, _ = payments.plan_refund(uow, settled.id, 3_000, CAUSE, "why")
        payments.refund_to_send(uow, refund.id)

        def told(status: RefundStatus) -> RefundState:
            return payments.note_refund(uow, RefundAnswer(refund.number, status, "r", 3_000, NOW))

        assert told(RefundStatus.processing) is RefundState.submitted
        assert told(RefundStatus.succeeded) is RefundState.succeeded
        assert told(RefundStatus.failed) is RefundState.succeeded
        assert payments.refund_to_send(uow, refund.id) is None

    def test_that_failed_can_be_sent_again(self, uow: UnitOfWork, settled: Payment) -> None:
        refund, _ = payments.plan_refund(uow, settled.id, 3_000, CAUSE, "why")
        payments.refund_to_send(uow, refund.id)
        failed = RefundAnswer(refund.number, RefundStatus.failed, "r", 3_000, NOW)
        assert payments.note_refund(uow, failed) is RefundState.failed
        again = payments.refund_to_send(uow, refund.id)
        assert again is not None
        assert again.request.number == refund.number
