"""Which states of payments and refunds follow which."""

import pytest

from server.payments.rules import (
    PAYMENT_MOVES,
    REFUND_MOVES,
    PaymentState,
    RefundState,
    check_payment_move,
    check_refund_move,
)
from shared.errors import BugError


def test_every_state_is_in_its_table() -> None:
    assert set(PAYMENT_MOVES) == set(PaymentState)
    assert set(REFUND_MOVES) == set(RefundState)


@pytest.mark.parametrize("after", list(PaymentState))
def test_paid_stays_paid(after: PaymentState) -> None:
    with pytest.raises(BugError):
        check_payment_move(PaymentState.succeeded, after)


@pytest.mark.parametrize("after", list(RefundState))
def test_refunded_stays_refunded(after: RefundState) -> None:
    with pytest.raises(BugError):
        check_refund_move(RefundState.succeeded, after)


def test_a_closed_payment_may_turn_out_to_be_paid() -> None:
    check_payment_move(PaymentState.closed, PaymentState.succeeded)
