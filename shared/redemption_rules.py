"""Whether a voucher may be redeemed here and now: the rules, once, for the till and the server.

Both sides collect the facts they have and call `judge`. A till that holds a voucher knows them from
its feed; the server knows them from its books. Nothing here reads a clock or a table.

Source: requirement rows R3, R4, R8; reasons and their order as people see them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.clock import ClockReading
from shared.ids import StoreId
from shared.reasons import Reason

DEFAULT_PER_VISIT_USES_MAX = 1


class OrderState(StrEnum):
    """Where the order stands that a voucher came from."""

    pending_payment = "pending_payment"
    """Placed, its stock reserved, not paid."""
    paid = "paid"
    """Paid; its vouchers may be redeemed."""
    cancelled = "cancelled"
    """Given up before it was paid."""
    refunded = "refunded"
    """Every use that was left has been refunded."""
    in_after_sale = "in_after_sale"
    """A claim about redeemed uses is open."""


class RefundState(StrEnum):
    """Whether the voucher's unredeemed uses are on their way back to the buyer."""

    none = "none"
    """Nobody asked."""
    asked = "asked"
    """Asked for; waits until no till holds a use and nothing is pending."""
    done = "done"
    """Refunded."""


@dataclass(frozen=True, slots=True)
class VoucherFacts:
    """What the deciding side knows of a voucher.

    Attributes:
        order_state: of its order.
        refund_state: of its unredeemed uses.
        frozen: blocked by headquarters.
        stores: where it is valid, or None for every store of the merchant.
        valid_from: first moment of validity, aware UTC.
        valid_until: first moment after validity, aware UTC.
        uses_total: uses sold, at least 1.
        uses_free: uses that the deciding side holds and may redeem now.
        uses_away: uses that another party holds.
        per_visit_uses_max: most uses of one visit, at least 1.
    """

    order_state: OrderState
    refund_state: RefundState
    frozen: bool
    stores: frozenset[StoreId] | None
    valid_from: datetime
    valid_until: datetime
    uses_total: int
    uses_free: int
    uses_away: int
    per_visit_uses_max: int


@dataclass(frozen=True, slots=True)
class Counter:
    """Where and when a voucher is shown.

    Attributes:
        store: the store of the till.
        store_open: false when headquarters or the manager set it to rest.
        clock: the deciding side's time.
        quota_left: uses of the product this store may still redeem, or None for no quota. Always
            None where the voucher is held, because a grant carries its quota.
    """

    store: StoreId
    store_open: bool
    clock: ClockReading
    quota_left: int | None


def judge(voucher: VoucherFacts, counter: Counter, uses: int) -> Reason:
    """Decide whether `uses` of a voucher may be redeemed at a counter.

    Args:
        voucher: the facts of the voucher.
        counter: the place and time.
        uses: how many are wanted, at least 1.

    Returns:
        `Reason.accepted`, or the first reason against it, gravest first: what no clerk can mend
        (order, refund, block), then place, then time, then quantity.
    """
    assert uses >= 1
    return (
        _against_order(voucher)
        or _against_place(voucher, counter)
        or _against_time(voucher, counter)
        or _against_quantity(voucher, counter, uses)
        or Reason.accepted
    )


_ORDER_REASONS = {
    OrderState.pending_payment: Reason.unpaid,
    OrderState.cancelled: Reason.order_cancelled,
    OrderState.refunded: Reason.refunded,
    OrderState.in_after_sale: Reason.in_after_sale,
}
_REFUND_REASONS = {RefundState.asked: Reason.refunding, RefundState.done: Reason.refunded}


def _against_order(voucher: VoucherFacts) -> Reason | None:
    if voucher.frozen:
        return Reason.frozen
    by_refund = _REFUND_REASONS.get(voucher.refund_state)
    return by_refund or _ORDER_REASONS.get(voucher.order_state)


def _against_place(voucher: VoucherFacts, counter: Counter) -> Reason | None:
    if voucher.stores is not None and counter.store not in voucher.stores:
        return Reason.wrong_store
    return None if counter.store_open else Reason.store_closed


def _against_time(voucher: VoucherFacts, counter: Counter) -> Reason | None:
    if counter.clock.at < voucher.valid_from:
        return Reason.not_yet_valid
    return Reason.expired if counter.clock.at >= voucher.valid_until else None


def _against_quantity(voucher: VoucherFacts, counter: Counter, uses: int) -> Reason | None:
    if voucher.uses_free + voucher.uses_away < uses:
        return Reason.already_redeemed if voucher.uses_total == 1 else Reason.exhausted
    if voucher.uses_free < uses:
        return Reason.held_elsewhere
    if uses > voucher.per_visit_uses_max:
        return Reason.exhausted
    if counter.quota_left is not None and counter.quota_left < uses:
        return Reason.quota_used
    return None
