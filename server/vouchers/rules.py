"""What a voucher promises, frozen when ordered, and how often a buyer may change stores."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import InvalidInputError, TooManyAttemptsError
from shared.ids import DistributorId, OrderId, ProductId, StoreId, VoucherRef
from shared.money import BASIS_POINTS_WHOLE
from shared.redemption_rules import OrderState
from shared.voucher_code import VoucherCode

COMMISSION_BP_MAX = 3_000
"""All commission together is at most 30 % of the price. Source: requirement row D5."""
STORE_MOVES_MAX = 5
STORE_MOVES_WINDOW = timedelta(hours=1)
USES_MAX = 63
"""Six bits in the token of the QR code."""


class TooManyStoreMovesError(TooManyAttemptsError):
    """A buyer changed the store of a voucher too often; try again later."""

    code = "too_many_store_moves"


class StoreOutOfScopeError(InvalidInputError):
    """The voucher is not valid at that store."""

    code = "store_out_of_scope"


@dataclass(frozen=True, slots=True)
class SplitTerms:
    """How every redeemed fen of a voucher is shared, frozen at order time.

    Attributes:
        distributor: who brought the order, or None.
        level1_rate_bp: the distributor's share of the redeemed value, 0 to 3,000 basis points.
        platform_rate_bp: the platform's share of the redeemed value in basis points.
        rule_version: of the rules these rates came from.

    Source: requirement rows D5 and D8.
    """

    distributor: DistributorId | None
    level1_rate_bp: int
    platform_rate_bp: int
    rule_version: int

    def __post_init__(self) -> None:
        assert 0 <= self.level1_rate_bp <= COMMISSION_BP_MAX
        assert self.platform_rate_bp >= 0
        assert self.level1_rate_bp + self.platform_rate_bp <= BASIS_POINTS_WHOLE


@dataclass(frozen=True, slots=True)
class VoucherTerms:
    """Everything about a voucher but who holds its uses.

    Attributes:
        voucher_ref: names the voucher without revealing its code.
        order: the order it was sold with.
        order_number: the order's short number, as people quote it.
        product: what was sold.
        product_number: the merchant's number of the product, 0 to 16,383.
        product_name: the name at order time.
        last_four: last four digits of the code.
        uses_total: uses sold, 1 to 63.
        value_fen: what was paid for all uses.
        face_fen: list price of all uses.
        valid_from: first moment of validity, aware UTC.
        valid_until: first moment after validity, aware UTC.
        stores: where it is valid, or None for every store of the merchant.
        per_visit_uses_max: most uses of one visit, at least 1.
        frozen: blocked by headquarters.
        order_state: of its order.
        attention: whether the clerk has to check something.
        booked_slot: a booked time as text, or None.
        chosen_store: where the buyer means to use it, or None.
        split: how redeemed value is shared.
    """

    voucher_ref: VoucherRef
    order: OrderId
    order_number: str
    product: ProductId
    product_number: int
    product_name: str
    last_four: str
    uses_total: int
    value_fen: int
    face_fen: int
    valid_from: datetime
    valid_until: datetime
    stores: frozenset[StoreId] | None
    per_visit_uses_max: int
    frozen: bool
    order_state: OrderState
    attention: bool
    booked_slot: str | None
    chosen_store: StoreId | None
    split: SplitTerms


@dataclass(frozen=True, slots=True)
class VoucherSale:
    """One paid order line that becomes one voucher; the fields are those of `VoucherTerms`."""

    order: OrderId
    order_number: str
    product: ProductId
    product_number: int
    product_name: str
    uses_total: int
    value_fen: int
    face_fen: int
    valid_from: datetime
    valid_until: datetime
    stores: frozenset[StoreId] | None
    per_visit_uses_max: int
    attention: bool
    booked_slot: str | None
    chosen_store: StoreId | None
    split: SplitTerms


@dataclass(frozen=True, slots=True)
class IssuedVoucher:
    """A voucher just made; the code is for the buyer's eyes only and is never logged."""

    voucher_ref: VoucherRef
    code: VoucherCode
    last_four: str


def check_store_move(moves_before: int) -> None:
    """Let a buyer choose a store, but not shuttle a voucher between stores.

    Args:
        moves_before: choices of this voucher within the last `STORE_MOVES_WINDOW`.

    Raises:
        TooManyStoreMovesError: the limit is reached.

    Source: protocol rule S16.
    """
    if moves_before >= STORE_MOVES_MAX:
        minutes = STORE_MOVES_WINDOW // timedelta(minutes=1)
        raise TooManyStoreMovesError(moves_max=STORE_MOVES_MAX, minutes=minutes)
