"""What an order is, which states follow which, and what people are told it stands at."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from server.catalog.rules import Validity
from server.vouchers.rules import SplitTerms
from shared.errors import BugError, ConflictError, InvalidInputError
from shared.ids import DistributorId, EntropySource, OrderId, ProductId, StoreId, VoucherRef
from shared.redemption_rules import OrderState, RefundState

PAYMENT_TIME = timedelta(minutes=15)
"""How long an unpaid order keeps its stock. Source: requirement row P3."""
LINES_MAX = 20
LINE_USES_MAX = 63
"""One voucher per line, and six bits for its uses in the QR code's token."""
ORDER_NUMBER_DIGITS = 10
_UUID_VERSION = 7


class EmptyCartError(InvalidInputError):
    """An order has at least one line."""

    code = "empty_cart"


class TooManyError(InvalidInputError):
    """More lines, or more uses in one line, than an order can have."""

    code = "too_many"


class BadOrderIdError(InvalidInputError):
    """The order's id, made by the buyer's side, is not a UUIDv7."""

    code = "bad_order_id"


class OrderIdReusedError(ConflictError):
    """The same order id was used for another cart."""

    code = "order_id_reused"


class NotForSaleError(ConflictError):
    """A product is off the shelf, or its last day of validity is over."""

    code = "not_for_sale"


class NotPayableError(ConflictError):
    """The order is not waiting for payment any more."""

    code = "not_payable"


class NotRefundableError(ConflictError):
    """Nothing of the order can be refunded: not paid, not refundable, or already used."""

    code = "not_refundable"


class OrderNotPaidError(ConflictError):
    """The order has no vouchers, because it is not paid or was refunded."""

    code = "order_not_paid"


@dataclass(frozen=True, slots=True)
class CartLine:
    """So many units of one product."""

    product: ProductId
    quantity: int


@dataclass(frozen=True, slots=True)
class Cart:
    """What a buyer asks for.

    Attributes:
        order: UUIDv7 made by the buyer's side and kept over retries.
        buyer: the buyer's id in the shop, or None.
        lines: one for each product, at most 20.
        store: where the buyer means to use the vouchers, or None.
        link_code: of the distributor's link the buyer came by, or None.
    """

    order: OrderId
    buyer: UUID | None
    lines: tuple[CartLine, ...]
    store: StoreId | None
    link_code: str | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line with the product's terms of the moment it was ordered.

    Attributes:
        line_no: 1 and up.
        product: what.
        product_number: the merchant's number.
        product_name: at order time.
        quantity: units, at least 1.
        unit_price_fen: at order time.
        face_fen: list price of all units.
        uses_per_unit: uses of one unit.
        per_visit_uses_max: most uses of one visit.
        validity: how long the voucher is valid.
        stores: where it is valid, or None for every store.
        refundable: whether unredeemed uses are refunded on request.
        attention: whether the clerk has to check something.
        split: how redeemed value is shared.
        voucher_ref: the voucher it became, None before payment.
    """

    line_no: int
    product: ProductId
    product_number: int
    product_name: str
    quantity: int
    unit_price_fen: int
    face_fen: int
    uses_per_unit: int
    per_visit_uses_max: int
    validity: Validity
    stores: frozenset[StoreId] | None
    refundable: bool
    attention: bool
    split: SplitTerms
    voucher_ref: VoucherRef | None = None

    @property
    def amount_fen(self) -> int:
        """What the line costs."""
        return self.unit_price_fen * self.quantity

    @property
    def uses_total(self) -> int:
        """Uses of the voucher that the line becomes."""
        return self.uses_per_unit * self.quantity


@dataclass(frozen=True, slots=True)
class Order:
    """An order without its lines.

    Attributes:
        id: made by the buyer's side.
        number: ten digits that people quote.
        buyer: the buyer's id in the shop, or None.
        state: as of now.
        amount_fen: what it costs, above 0.
        chosen_store: where the buyer meant to use it when ordering, or None.
        distributor: who brought it, or None.
        cart_hash: of the cart, to tell a retry from a reused id.
        placed_at: aware UTC.
        expires_at: until when it can be paid, aware UTC.
        paid_at: aware UTC, or None.
        paid_by: the payment that paid it, or None.
        refunding: a refund was asked for, and some of it still waits for uses to come back.
    """

    id: OrderId
    number: str
    buyer: UUID | None
    state: OrderState
    amount_fen: int
    chosen_store: StoreId | None
    distributor: DistributorId | None
    cart_hash: bytes
    placed_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    paid_by: UUID | None
    refunding: bool


ORDER_MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.pending_payment: frozenset({OrderState.paid, OrderState.cancelled}),
    OrderState.paid: frozenset({OrderState.refunded, OrderState.in_after_sale}),
    OrderState.in_after_sale: frozenset({OrderState.paid, OrderState.refunded}),
    OrderState.cancelled: frozenset(),
    OrderState.refunded: frozenset(),
}
"""Source: requirement row O1."""


def check_order_move(before: OrderState, after: OrderState) -> None:
    """Refuse a move that the table does not have.

    Raises:
        BugError: our code tried what cannot be.
    """
    if after not in ORDER_MOVES[before]:
        raise BugError(f"an order cannot go from {before} to {after}")


class Stage(StrEnum):
    """Where an order stands in the words of people; derived, never stored."""

    pending_payment = "pending_payment"
    """To be paid within 15 minutes (待付款)."""
    to_redeem = "to_redeem"
    """Paid; at least one use is left (待核销)."""
    redeemed = "redeemed"
    """Every use was redeemed (已核销)."""
    refunding = "refunding"
    """A refund was asked for and waits for a till to give uses back (退款中)."""
    refunded = "refunded"
    """What was left has been refunded (已退款)."""
    in_after_sale = "in_after_sale"
    """A claim about redeemed uses is open (售后中)."""
    cancelled = "cancelled"
    """Not paid in time, or given up (已取消)."""


@dataclass(frozen=True, slots=True)
class UsesOfVoucher:
    """What the stage of an order depends on: uses left, and whether a refund is under way."""

    left: int
    refund_state: RefundState


_STAGE_OF_STATE = {
    OrderState.pending_payment: Stage.pending_payment,
    OrderState.cancelled: Stage.cancelled,
    OrderState.refunded: Stage.refunded,
    OrderState.in_after_sale: Stage.in_after_sale,
}


def stage_of(state: OrderState, vouchers: Iterable[UsesOfVoucher]) -> Stage:
    """The stage of an order.

    Args:
        state: stored with the order.
        vouchers: of the order; none before it is paid.
    """
    if state in _STAGE_OF_STATE:
        return _STAGE_OF_STATE[state]
    known = list(vouchers)
    if any(voucher.refund_state is RefundState.asked for voucher in known):
        return Stage.refunding
    return Stage.to_redeem if any(voucher.left for voucher in known) else Stage.redeemed


def check_cart(cart: Cart) -> None:
    """Refuse a cart that cannot become an order, whatever the products are.

    Raises:
        BadOrderIdError, EmptyCartError, TooManyError, InvalidInputError: see their texts.
    """
    if cart.order.version != _UUID_VERSION:
        raise BadOrderIdError
    if not cart.lines:
        raise EmptyCartError
    if len(cart.lines) > LINES_MAX:
        raise TooManyError(field="lines", allowed=LINES_MAX)
    if any(line.quantity < 1 for line in cart.lines):
        raise InvalidInputError(field="quantity", allowed="at least 1")
    if len({line.product for line in cart.lines}) != len(cart.lines):
        raise InvalidInputError(field="lines", allowed="each product once")


def check_uses(lines: Sequence[OrderLine]) -> None:
    """Refuse a line with more uses than a voucher can carry.

    Raises:
        TooManyError: with the most units that are possible.
    """
    for line in lines:
        if line.uses_total > LINE_USES_MAX:
            units_max = LINE_USES_MAX // line.uses_per_unit
            raise TooManyError(field="quantity", allowed=units_max, product=line.product_number)


def cart_hash(cart: Cart) -> bytes:
    """What a retry of the same order must repeat."""
    return hashlib.sha256(msgspec.json.encode(cart)).digest()


def new_order_number(entropy: EntropySource) -> str:
    """Draw ten digits; they name an order to people and open nothing."""
    number = int.from_bytes(entropy(8), "big") % 10**ORDER_NUMBER_DIGITS
    return f"{number:0{ORDER_NUMBER_DIGITS}d}"


def units_to_return(uses_refunded: int, uses_per_unit: int) -> int:
    """Whole units that go back on sale when uses are refunded; a unit begun stays sold."""
    return uses_refunded // uses_per_unit
