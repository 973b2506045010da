"""Which states follow which, and where the sandbox may run."""

import pytest

from server.kernel.settings import Environment
from server.payments.rules import (
    PAYMENT_MOVES,
    REFUND_MOVES,
    PaymentState,
    RefundState,
    SandboxForbiddenError,
    check_payment_move,
    check_refund_move,
    check_sandbox_may_start,
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


def test_the_sandbox_takes_no_real_money() -> None:
    check_sandbox_may_start(Environment.demo)
    check_sandbox_may_start(Environment.test)
    with pytest.raises(SandboxForbiddenError):
        check_sandbox_may_start(Environment.production)
