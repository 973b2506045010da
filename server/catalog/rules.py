"""What a product is, how long its vouchers are valid, and when stock or quota suffices."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.errors import ConflictError, InvalidInputError
from shared.ids import ProductId, StoreId
from shared.money import BASIS_POINTS_WHOLE

PRODUCT_NUMBER_MAX = 16_383
USES_MAX = 63
VALID_DAYS_MIN = 7
"""What headquarters is offered; a promotion may be shorter."""
VALID_DAYS_MAX = 30
VALID_DAYS_DEFAULT = 30
COMMISSION_BP_MAX = 3_000


class OutOfStockError(ConflictError):
    """Fewer units are left than were ordered."""

    code = "out_of_stock"


class StockBelowSoldError(ConflictError):
    """The new total is smaller than what is already ordered and sold."""

    code = "stock_below_sold"


class InvalidProductError(InvalidInputError):
    """A product's terms contradict each other or the law; `facts` names the field."""

    code = "invalid_product"


@dataclass(frozen=True, slots=True)
class Quota:
    """What a store may redeem of a product, in uses.

    Attributes:
        quota: the most that may be granted and redeemed.
        reserved: granted to tills of the store and not yet redeemed or released.
        used: redeemed there.
    """

    quota: int
    reserved: int
    used: int

    @property
    def left(self) -> int:
        """Uses that may still be granted or asked for; below 0 when overdrawn offline."""
        return self.quota - self.reserved - self.used


@dataclass(frozen=True, slots=True)
class StoreCount:
    """What is counted of a product at a store, in uses; `quota` is None without a limit."""

    quota: int | None
    reserved: int
    used: int

    def moved(self, reserved_delta: int, used_delta: int) -> "StoreCount":
        """The counts after a change."""
        return StoreCount(self.quota, self.reserved + reserved_delta, self.used + used_delta)


@dataclass(frozen=True, slots=True)
class QuotaMove:
    """A change of one store's counts of one product, in uses; negative gives back."""

    store: StoreId
    product: ProductId
    reserved_delta: int
    used_delta: int


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of a product: `total` on sale (None is without limit), ordered, and paid."""

    total: int | None
    reserved: int
    taken: int

    @property
    def left(self) -> int | None:
        """Units that can still be ordered, or None for no limit."""
        return None if self.total is None else self.total - self.reserved - self.taken


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a voucher is valid: some days from payment, or between two fixed moments.

    Attributes:
        days: whole local days after the day of payment, at least 1; None with fixed moments.
        valid_from: first moment, aware UTC; None with days.
        valid_until: first moment after, aware UTC; None with days.
    """

    days: int | None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A voucher product as it is now; orders keep the terms of their moment.

    Attributes:
        id: of the product.
        number: the merchant's short number, 0 to 16,383.
        name: as buyers and clerks read it.
        description: for the shop.
        price_fen: of one unit, above 0.
        face_fen: list price of one unit.
        uses_per_unit: uses of one unit, 1 to 63.
        per_visit_uses_max: most uses of one visit, at least 1.
        validity: how long vouchers are valid.
        stores: where they are valid, or None for every store.
        refundable: whether unredeemed uses are refunded on request.
        booking_required: whether a slot has to be booked.
        provisional_allowed: whether a till may take it without holding it while offline.
        attention_text: what the clerk has to check, or None.
        platform_rate_bp: the platform's share of the redeemed value.
        level1_rate_bp: the distributor's share of the redeemed value.
        rule_version: grows whenever a rate changes.
        on_shelf: whether it can be ordered.
    """

    id: ProductId
    number: int
    name: str
    description: str
    price_fen: int
    face_fen: int
    uses_per_unit: int
    per_visit_uses_max: int
    validity: Validity
    stores: frozenset[StoreId] | None
    refundable: bool
    booking_required: bool
    provisional_allowed: bool
    attention_text: str | None
    platform_rate_bp: int
    level1_rate_bp: int
    rule_version: int
    on_shelf: bool


def product_faults(product: Product) -> list[tuple[str, str]]:
    """Everything that is wrong with a product, as (field, what is allowed).

    Source: requirement rows P1, P2 and D5 (all commission together at most 30 % of the price).
    """
    validity = product.validity
    checks = [
        ("number", f"0 to {PRODUCT_NUMBER_MAX}", 0 <= product.number <= PRODUCT_NUMBER_MAX),
        ("name", "not empty", bool(product.name.strip())),
        ("price_fen", "above 0", product.price_fen > 0),
        ("face_fen", "at least 0", product.face_fen >= 0),
        ("uses_per_unit", f"1 to {USES_MAX}", 1 <= product.uses_per_unit <= USES_MAX),
        ("per_visit_uses_max", "at least 1", product.per_visit_uses_max >= 1),
        ("stores", "at least one, or all", product.stores is None or bool(product.stores)),
        ("validity", "days of at least 1, or two dates in order", _is_consistent(validity)),
        ("level1_rate_bp", "0 to 3000", 0 <= product.level1_rate_bp <= COMMISSION_BP_MAX),
        (
            "platform_rate_bp",
            "0 to 10000 together with commission",
            0 <= product.platform_rate_bp <= BASIS_POINTS_WHOLE - product.level1_rate_bp,
        ),
    ]
    return [(field, allowed) for field, allowed, right in checks if not right]


def _is_consistent(validity: Validity) -> bool:
    if validity.days is not None:
        return validity.days >= 1 and validity.valid_from is None and validity.valid_until is None
    if validity.valid_from is None or validity.valid_until is None:
        return False
    return validity.valid_from < validity.valid_until


def validity_of(validity: Validity, paid_at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when a voucher paid now is valid.

    Args:
        validity: the product's rule.
        paid_at: aware UTC.
        zone: the merchant's; a validity in days ends with a local calendar day.

    Returns:
        First moment of validity and first moment after it, aware UTC.
    """
    if validity.days is None:
        assert validity.valid_from is not None
        assert validity.valid_until is not None
        return validity.valid_from, validity.valid_until
    last_day = paid_at.astimezone(zone).date() + timedelta(days=validity.days)
    end = datetime.combine(last_day + timedelta(days=1), time(), zone)
    return paid_at, end.astimezone(UTC)
