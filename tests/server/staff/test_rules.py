"""Who may do what where, and how long a guessed name is locked."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.staff.rules import (
    LOCK_LONGEST,
    PERMISSIONS,
    STORE_ROLES,
    WRONG_LOG_INS_FREE,
    Permission,
    Person,
    Role,
    StoreNeededError,
    check_person,
    locked_until,
    may,
    require,
    visible_stores,
)
from shared.clock import utc
from shared.errors import InvalidInputError, NotAllowedError
from shared.ids import StaffId, StoreId

HERE, THERE = StoreId(UUID(int=1)), StoreId(UUID(int=2))
NOW = utc(2026, 3, 1)


def person(role: Role) -> Person:
    stores = frozenset({HERE}) if role in STORE_ROLES else None
    return Person(StaffId(UUID(int=9)), "someone", "某人", "某", role, stores, active=True)


def test_every_role_is_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)


@given(st.sampled_from(list(Role)), st.sampled_from(list(Permission)))
def test_store_staff_may_nothing_elsewhere(role: Role, permission: Permission) -> None:
    someone = person(role)
    if role in STORE_ROLES:
        assert not may(someone, permission, THERE)
        assert not may(someone, permission)
        assert may(someone, permission, HERE) == (permission in PERMISSIONS[role])
    else:
        assert may(someone, permission, THERE) == may(someone, permission)


@given(st.sampled_from(list(Role)), st.sampled_from(list(Permission)))
def test_who_left_may_nothing(role: Role, permission: Permission) -> None:
    gone = replace(person(role), active=False)
    assert not may(gone, permission, HERE)
    with pytest.raises(NotAllowedError):
        visible_stores(gone, permission)


def test_an_auditor_changes_nothing() -> None:
    assert all(permission.startswith("see_") for permission in PERMISSIONS[Role.auditor])


def test_a_clerk_sees_no_money_and_no_orders() -> None:
    clerk = person(Role.clerk)
    assert may(clerk, Permission.redeem, HERE)
    for permission in (Permission.see_money, Permission.see_orders, Permission.change_store):
        with pytest.raises(NotAllowedError):
            require(clerk, permission, HERE)


def test_visible_stores() -> None:
    assert visible_stores(person(Role.clerk), Permission.see_redemptions) == frozenset({HERE})
    assert visible_stores(person(Role.finance), Permission.see_redemptions) is None


@pytest.mark.parametrize("role", list(Role))
def test_role_and_stores_fit_together(role: Role) -> None:
    check_person(person(role))
    wrong = None if role in STORE_ROLES else frozenset({HERE})
    with pytest.raises(StoreNeededError):
        check_person(replace(person(role), stores=wrong))
    with pytest.raises(InvalidInputError):
        check_person(replace(person(role), short_name=" "))


def test_the_lock_grows_up_to_an_hour() -> None:
    assert all(locked_until(count, NOW) is None for count in range(WRONG_LOG_INS_FREE))
    assert locked_until(5, NOW) == NOW + timedelta(seconds=30)
    assert locked_until(6, NOW) == NOW + timedelta(seconds=60)
    assert locked_until(10_000, NOW) == NOW + LOCK_LONGEST
