"""The rules of redemption: every reason has its cause, and graver ones come first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import ClockReading
from shared.ids import StoreId
from shared.reasons import Reason
from shared.redemption_rules import Counter, OrderState, RefundState, VoucherFacts, judge

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE, THERE = StoreId(UUID(int=1)), StoreId(UUID(int=2))
GOOD = VoucherFacts(
    order_state=OrderState.paid,
    refund_state=RefundState.none,
    frozen=False,
    stores=frozenset({HERE}),
    valid_from=NOON - timedelta(days=1),
    valid_until=NOON + timedelta(days=7),
    uses_total=3,
    uses_free=3,
    uses_away=0,
    per_visit_uses_max=2,
)
COUNTER = Counter(HERE, store_open=True, clock=ClockReading(NOON, trusted=True), quota_left=None)


def at(moment: datetime) -> Counter:
    """The same counter at another time."""
    return replace(COUNTER, clock=ClockReading(moment, trusted=True))


@pytest.mark.parametrize(
    ("voucher", "counter", "uses", "reason"),
    [
        (GOOD, COUNTER, 1, Reason.accepted),
        (GOOD, COUNTER, 2, Reason.accepted),
        (replace(GOOD, stores=None), replace(COUNTER, store=THERE), 1, Reason.accepted),
        (replace(GOOD, frozen=True), COUNTER, 1, Reason.frozen),
        (replace(GOOD, refund_state=RefundState.asked), COUNTER, 1, Reason.refunding),
        (replace(GOOD, refund_state=RefundState.done), COUNTER, 1, Reason.refunded),
        (replace(GOOD, order_state=OrderState.pending_payment), COUNTER, 1, Reason.unpaid),
        (replace(GOOD, order_state=OrderState.cancelled), COUNTER, 1, Reason.order_cancelled),
        (replace(GOOD, order_state=OrderState.in_after_sale), COUNTER, 1, Reason.in_after_sale),
        (GOOD, replace(COUNTER, store=THERE), 1, Reason.wrong_store),
        (GOOD, replace(COUNTER, store_open=False), 1, Reason.store_closed),
        (GOOD, at(GOOD.valid_from - timedelta(seconds=1)), 1, Reason.not_yet_valid),
        (GOOD, at(GOOD.valid_from), 1, Reason.accepted),
        (GOOD, at(GOOD.valid_until - timedelta(seconds=1)), 1, Reason.accepted),
        (GOOD, at(GOOD.valid_until), 1, Reason.expired),
        (replace(GOOD, uses_free=0), COUNTER, 1, Reason.exhausted),
        (replace(GOOD, uses_free=0, uses_total=1), COUNTER, 1, Reason.already_redeemed),
        (replace(GOOD, uses_free=0, uses_away=1), COUNTER, 1, Reason.held_elsewhere),
        (GOOD, COUNTER, 3, Reason.exhausted),
        (GOOD, replace(COUNTER, quota_left=0), 1, Reason.quota_used),
        (GOOD, replace(COUNTER, quota_left=1), 1, Reason.accepted),
    ],
)
def test_each_cause_has_its_reason(
    voucher: VoucherFacts, counter: Counter, uses: int, reason: Reason
) -> None:
    assert judge(voucher, counter, uses) == reason


def test_what_no_clerk_can_mend_is_named_before_place_time_and_quantity() -> None:
    hopeless = replace(GOOD, frozen=True, stores=frozenset(), uses_free=0, valid_until=NOON)
    assert judge(hopeless, COUNTER, 1) == Reason.frozen
    assert judge(replace(hopeless, frozen=False), COUNTER, 1) == Reason.wrong_store
    assert judge(replace(hopeless, frozen=False, stores=None), COUNTER, 1) == Reason.expired


@given(st.integers(0, 5), st.integers(0, 5), st.integers(1, 6), st.integers(1, 5))
def test_never_more_uses_than_are_free(free: int, away: int, uses: int, most: int) -> None:
    voucher = replace(GOOD, uses_free=free, uses_away=away, uses_total=9, per_visit_uses_max=most)
    if judge(voucher, COUNTER, uses) == Reason.accepted:
        assert uses <= free
        assert uses <= most
