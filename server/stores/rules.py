"""What a merchant and a store are, and which values their fields may have."""

import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.clock import BUSINESS_DAY_CUTOFF_HOURS
from shared.errors import ConflictError, InvalidInputError
from shared.ids import MerchantId, StaffId, StoreId

MICRODEGREES = 1_000_000
HOURS_OF_A_WEEK = 168
MINUTES_OF_A_DAY = 1_440
_SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}")


class Datum(StrEnum):
    """The grid that a position was measured in; they differ by some 500 m in China."""

    wgs84 = "wgs84"
    """Satellites."""
    gcj02 = "gcj02"
    """Maps published in mainland China."""


class StoreNumberTakenError(ConflictError):
    """Another store of the merchant has this number."""

    code = "store_number_taken"


@dataclass(frozen=True, slots=True)
class Policy:
    """The merchant's rules that its tills decide by.

    Attributes:
        undo_minutes: how long the till may take a redemption back, 0 to 1,440.
        provisional_allowed: whether offline tills may accept what they do not hold.
        provisional_value_max_fen: most value so accepted and not yet confirmed, per till.
        provisional_count_max: most vouchers so accepted and not yet confirmed, per till.
        provisional_hours_max: how long after the last contact, 0 to 168.
        day_cutoff_hours: local hour at which a business day begins, 0 to 23.
    """

    undo_minutes: int = 10
    provisional_allowed: bool = False
    provisional_value_max_fen: int = 50_000
    provisional_count_max: int = 20
    provisional_hours_max: int = 24
    day_cutoff_hours: int = BUSINESS_DAY_CUTOFF_HOURS


@dataclass(frozen=True, slots=True)
class Merchant:
    """A chain, the tenant that everything belongs to.

    Attributes:
        id: of the merchant.
        short_name: in web addresses; lower-case letters, digits and hyphens, unique everywhere.
        name: as buyers read it.
        time_zone: of all its stores, such as `Asia/Shanghai`.
        policy: what its tills decide by.
    """

    id: MerchantId
    short_name: str
    name: str
    time_zone: str
    policy: Policy

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as a value."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the earth in one datum, in millionths of a degree."""

    latitude_microdegrees: int
    longitude_microdegrees: int
    datum: Datum


@dataclass(frozen=True, slots=True)
class Store:
    """One shop of the chain.

    Attributes:
        id: of the store.
        number: as people of the chain say it, unique for the merchant.
        name: as buyers read it.
        address: as buyers read it.
        phone: as buyers read it, may be empty.
        position: where it is, or None.
        hours: opening hours as buyers read them.
        open: false while it is set to rest.
        legal_entity: who owns it; settlement between two entities needs a licensed way.
        manager: who runs it, or None.
    """

    id: StoreId
    number: int
    name: str
    address: str
    phone: str
    position: Position | None
    hours: str
    open: bool
    legal_entity: str
    manager: StaffId | None


def merchant_faults(merchant: Merchant) -> list[tuple[str, str]]:
    """Everything that is wrong with a merchant, as (field, what is allowed)."""
    policy = merchant.policy
    checks = [
        (
            "short_name",
            "2 to 31 lower-case letters, digits and hyphens, a letter first",
            _SHORT_NAME.fullmatch(merchant.short_name) is not None,
        ),
        ("name", "not empty", bool(merchant.name.strip())),
        ("time_zone", "a name such as Asia/Shanghai", is_time_zone(merchant.time_zone)),
        ("undo_minutes", "0 to 1440", 0 <= policy.undo_minutes <= MINUTES_OF_A_DAY),
        ("provisional_value_max_fen", "at least 0", policy.provisional_value_max_fen >= 0),
        ("provisional_count_max", "at least 0", policy.provisional_count_max >= 0),
        (
            "provisional_hours_max",
            "0 to 168",
            0 <= policy.provisional_hours_max <= HOURS_OF_A_WEEK,
        ),
        ("day_cutoff_hours", "0 to 23", 0 <= policy.day_cutoff_hours <= 23),  # noqa: PLR2004
    ]
    return [(field, allowed) for field, allowed, right in checks if not right]


def store_faults(store: Store) -> list[tuple[str, str]]:
    """Everything that is wrong with a store, as (field, what is allowed)."""
    checks = [
        ("number", "at least 1", store.number >= 1),
        ("name", "not empty", bool(store.name.strip())),
        ("legal_entity", "not empty", bool(store.legal_entity.strip())),
        ("position", "degrees on the earth", _is_on_earth(store.position)),
    ]
    return [(field, allowed) for field, allowed, right in checks if not right]


def _is_on_earth(position: Position | None) -> bool:
    if position is None:
        return True
    return (
        abs(position.latitude_microdegrees) <= 90 * MICRODEGREES
        and abs(position.longitude_microdegrees) <= 180 * MICRODEGREES
    )


def is_time_zone(name: str) -> bool:
    """Whether this machine knows a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def refuse_faults(faults: list[tuple[str, str]]) -> None:
    """Raise for the first fault, if there is one.

    Raises:
        InvalidInputError: `facts` names the field and what is allowed.
    """
    if faults:
        field, allowed = faults[0]
        raise InvalidInputError(field=field, allowed=allowed)
