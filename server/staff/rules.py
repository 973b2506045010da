"""Roles, what each may do, and how long a guessed password locks a name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.errors import ConflictError, InvalidInputError, NotAllowedError
from shared.ids import StaffId, StoreId


class Role(StrEnum):
    """What a person is to the merchant."""

    clerk = "clerk"
    """Redeems at the counters of their stores (收银员)."""
    store_manager = "store_manager"
    """Runs their stores (店长)."""
    operator = "operator"
    """Headquarters: products, stores, orders (运营)."""
    finance = "finance"
    """Headquarters: money, statements, payouts (财务)."""
    auditor = "auditor"
    """Sees everything, changes nothing (审计)."""
    platform_admin = "platform_admin"
    """Sets the merchant up and appoints people (管理员)."""


class Permission(StrEnum):
    """One thing a service lets a person do."""

    see_redemptions = "see_redemptions"
    """Live list, day totals and history of redemptions."""
    see_orders = "see_orders"
    """Orders and their states, without codes."""
    see_products = "see_products"
    """Products, stock and quotas."""
    see_stores = "see_stores"
    """Stores and tills."""
    see_staff = "see_staff"
    """People and their roles."""
    see_money = "see_money"
    """Ledger, balances and commission."""
    see_audit = "see_audit"
    """Who did what."""
    redeem = "redeem"
    """Work at a till."""
    change_store = "change_store"
    """Hours, rest, contact data of a store."""
    change_stores = "change_stores"
    """Open stores; name, address and legal entity."""
    change_products = "change_products"
    """Products, stock and quotas."""
    change_staff = "change_staff"
    """People, roles, passwords."""
    change_policy = "change_policy"
    """Offline limits, undo window, business day."""
    pair_till = "pair_till"
    """Issue a pairing code, confirm or refuse a till."""
    revoke_till = "revoke_till"
    """Switch a till off or declare it lost."""
    refund_order = "refund_order"
    """Refund what is unredeemed on the buyer's behalf."""
    freeze_voucher = "freeze_voucher"
    """Block or unblock a voucher."""
    change_distributors = "change_distributors"
    """Distributors, their state and links."""


_SEE = frozenset(permission for permission in Permission if permission.startswith("see_"))
_AT_STORE = frozenset({Permission.see_redemptions, Permission.see_products, Permission.see_stores})
_MANAGER = _AT_STORE | {
    Permission.see_orders,
    Permission.see_staff,
    Permission.redeem,
    Permission.change_store,
    Permission.pair_till,
    Permission.revoke_till,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.clerk: _AT_STORE | {Permission.redeem},
    Role.store_manager: _MANAGER,
    Role.operator: _MANAGER
    | {
        Permission.change_stores,
        Permission.change_products,
        Permission.change_policy,
        Permission.refund_order,
        Permission.freeze_voucher,
        Permission.change_distributors,
    },
    Role.finance: _SEE - {Permission.see_audit},
    Role.auditor: _SEE,
    Role.platform_admin: frozenset(Permission),
}
"""Source: requirement row S3."""

STORE_ROLES = frozenset({Role.clerk, Role.store_manager})
"""These see and touch only their stores."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with the product.

    Attributes:
        id: of the person.
        login: the name typed at log-in, unique for the merchant, lower case.
        name: the full name, for headquarters.
        short_name: what tills and receipts show.
        role: what the person is.
        stores: where a clerk or manager works; None for people of headquarters.
        active: false ends every right.
    """

    id: StaffId
    login: str
    name: str
    short_name: str
    role: Role
    stores: frozenset[StoreId] | None
    active: bool


class StoreNeededError(InvalidInputError):
    """A clerk or a store manager needs at least one store; headquarters none."""

    code = "store_needed"


class LoginTakenError(ConflictError):
    """Another person has this log-in name."""

    code = "login_taken"


class WeakPasswordError(InvalidInputError):
    """The password is too short; length counts, not the kinds of characters."""

    code = "weak_password"


class BadPinError(InvalidInputError):
    """A PIN has four to eight digits."""

    code = "bad_pin"


PASSWORD_LENGTH_MIN = 10
PASSWORD_LENGTH_MAX = 200


def may(person: Person, permission: Permission, store: StoreId | None = None) -> bool:
    """Whether a person may do something.

    Args:
        person: who.
        permission: what.
        store: where; None means at every store of the merchant.
    """
    if not person.active or permission not in PERMISSIONS[person.role]:
        return False
    if person.role not in STORE_ROLES:
        return True
    return store is not None and person.stores is not None and store in person.stores


def require(person: Person, permission: Permission, store: StoreId | None = None) -> None:
    """Let a service go on only if `may` says so.

    Raises:
        NotAllowedError: the person may not do that there.
    """
    if not may(person, permission, store):
        raise NotAllowedError(permission=permission.value)


def visible_stores(person: Person, permission: Permission) -> frozenset[StoreId] | None:
    """At which stores a person has a permission; None is every store.

    Raises:
        NotAllowedError: at none.
    """
    if not person.active or permission not in PERMISSIONS[person.role]:
        raise NotAllowedError(permission=permission.value)
    return (person.stores or frozenset()) if person.role in STORE_ROLES else None


def check_person(person: Person) -> None:
    """Refuse people whose role and stores do not fit together.

    Raises:
        InvalidInputError: an empty name.
        StoreNeededError: a clerk without a store, or headquarters with one.
    """
    for field in ("login", "name", "short_name"):
        if not getattr(person, field).strip():
            raise InvalidInputError(field=field, allowed="not empty")
    if bool(person.stores) != (person.role in STORE_ROLES):
        raise StoreNeededError(role=person.role.value)


def check_password(password: str) -> None:
    """Refuse passwords that are quickly guessed, or endless.

    Raises:
        WeakPasswordError: fewer than 10 or more than 200 characters.
    """
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        raise WeakPasswordError(length_min=PASSWORD_LENGTH_MIN, length_max=PASSWORD_LENGTH_MAX)


WRONG_LOG_INS_FREE = 5
LOCK_FIRST = timedelta(seconds=30)
LOCK_LONGEST = timedelta(hours=1)
FORGET_WRONG_LOG_INS_AFTER = timedelta(hours=24)
_DOUBLINGS_MAX = 10


def locked_until(wrong_log_ins: int, last_at: datetime) -> datetime | None:
    """Until when a name is locked after wrong passwords in a row.

    Args:
        wrong_log_ins: how many in a row, at least 0.
        last_at: when the last of them was, aware UTC.

    Returns:
        None for the first four; then 30 s, doubled by every further one, up to an hour.
    """
    beyond = wrong_log_ins - WRONG_LOG_INS_FREE
    if beyond < 0:
        return None
    return last_at + min(LOCK_FIRST * (1 << min(beyond, _DOUBLINGS_MAX)), LOCK_LONGEST)
