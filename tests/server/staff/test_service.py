"""Log-in, sessions, appointments and the audit trail."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.kernel.keys import RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.staff import service as staff
from server.staff.rules import BadPinError, LoginTakenError, Permission, Person, Role, may
from shared.errors import NotAllowedError
from shared.ids import StaffId, StoreId
from shared.pin import pin_is_right, pin_pepper
from tests.server.database_under_test import MERCHANT, NOW, Transactions

STORE = StoreId(UUID(int=1))
ADMIN = Person(
    StaffId(UUID(int=8)), "admin", "管理员", "管", Role.platform_admin, None, active=True
)
CLERK = Person(
    StaffId(UUID(int=9)), "clerk", "收银员", "乙", Role.clerk, frozenset({STORE}), active=True
)


@pytest.fixture
def office(uow: UnitOfWork) -> UnitOfWork:
    for person in (ADMIN, CLERK):
        staff.save_person(uow, None, person)
        staff.set_password_hash(uow, None, person.id, f"hash of {person.login}")
    return uow


def log_in(uow: UnitOfWork, login: str, *, right: bool = True) -> staff.LogInResult:
    attempt = staff.begin_log_in(uow, login)
    return staff.finish_log_in(uow, attempt, password_right=right)


def later(uow: UnitOfWork, passed: timedelta) -> UnitOfWork:
    return replace(uow, now=NOW + passed)


class TestLoggingIn:
    def test_opens_a_session_for_the_person(self, office: UnitOfWork) -> None:
        result = log_in(office, "  Clerk ")
        assert result.token is not None
        assert result.person == CLERK
        assert staff.person_of_session(office, result.token) == CLERK

    def test_is_checked_against_the_stored_hash(self, office: UnitOfWork) -> None:
        assert staff.begin_log_in(office, "clerk").password_hash == "hash of clerk"
        assert staff.begin_log_in(office, "nobody").password_hash is None

    def test_with_a_wrong_password_opens_none(self, office: UnitOfWork) -> None:
        assert log_in(office, "clerk", right=False).token is None

    def test_of_an_unknown_name_opens_none_even_if_said_to_be_right(
        self, office: UnitOfWork
    ) -> None:
        assert log_in(office, "nobody").token is None

    def test_of_somebody_who_left_opens_none(self, office: UnitOfWork) -> None:
        staff.save_person(office, None, replace(CLERK, active=False))
        assert staff.begin_log_in(office, "clerk").password_hash is None
        assert log_in(office, "clerk").token is None

    @pytest.mark.parametrize("login", ["clerk", "nobody"])
    def test_is_locked_after_five_wrong_ones(self, office: UnitOfWork, login: str) -> None:
        results = [log_in(office, login, right=False) for _ in range(5)]
        assert [result.locked_until for result in results[:4]] == [None] * 4
        assert results[4].locked_until == NOW + timedelta(seconds=30)
        # Even the right password is of no use now, and is not checked.
        locked = staff.begin_log_in(office, login)
        assert (locked.password_hash, locked.locked_until) == (None, NOW + timedelta(seconds=30))
        assert staff.finish_log_in(office, locked, password_right=True).token is None

    def test_is_locked_longer_by_every_further_one(self, office: UnitOfWork) -> None:
        for _ in range(5):
            log_in(office, "clerk", right=False)
        after = later(office, timedelta(seconds=31))
        again = log_in(after, "clerk", right=False)
        assert again.locked_until == after.now + timedelta(seconds=60)

    def test_counts_guesses_that_began_at_once(self, office: UnitOfWork) -> None:
        attempts = [staff.begin_log_in(office, "clerk") for _ in range(8)]
        assert [attempt.locked_until is None for attempt in attempts] == [True] * 5 + [False] * 3

    def test_that_succeeds_forgets_the_wrong_ones(self, office: UnitOfWork) -> None:
        for _ in range(4):
            log_in(office, "clerk", right=False)
        log_in(office, "clerk")
        assert log_in(office, "clerk", right=False).locked_until is None

    def test_a_day_later_the_wrong_ones_are_forgotten(self, office: UnitOfWork) -> None:
        for _ in range(5):
            log_in(office, "clerk", right=False)
        tomorrow = later(office, timedelta(hours=25))
        assert log_in(tomorrow, "clerk").token is not None
        staff.forget_wrong_log_ins(tomorrow)

    def test_wrong_ones_are_on_the_audit_trail(self, office: UnitOfWork) -> None:
        log_in(office, "clerk", right=False)
        newest = staff.audit_trail(office, ADMIN, 1)[0]
        assert (newest.action, newest.subject) == ("log_in_failed", "clerk")


class TestSessions:
    def test_end_at_log_out(self, office: UnitOfWork) -> None:
        token = log_in(office, "clerk").token
        assert token is not None
        staff.log_out(office, token)
        assert staff.person_of_session(office, token) is None

    def test_end_when_the_password_changes(self, office: UnitOfWork) -> None:
        token = log_in(office, "clerk").token
        assert token is not None
        staff.set_password_hash(office, CLERK, CLERK.id, "another hash")
        assert staff.person_of_session(office, token) is None

    def test_end_when_the_role_changes(self, office: UnitOfWork) -> None:
        token = log_in(office, "clerk").token
        assert token is not None
        staff.save_person(office, ADMIN, replace(CLERK, role=Role.store_manager))
        assert staff.person_of_session(office, token) is None

    def test_belong_to_nobody_when_the_token_is_made_up(self, office: UnitOfWork) -> None:
        assert staff.person_of_session(office, "00" * 32) is None


class TestAppointing:
    def test_a_clerk_appoints_nobody(self, office: UnitOfWork) -> None:
        with pytest.raises(NotAllowedError):
            staff.save_person(office, CLERK, replace(CLERK, role=Role.store_manager))
        with pytest.raises(NotAllowedError):
            staff.set_password_hash(office, CLERK, ADMIN.id, "mine now")

    def test_a_login_name_is_one_persons(self, office: UnitOfWork) -> None:
        twin = replace(CLERK, id=StaffId(UUID(int=10)), login="CLERK")
        with pytest.raises(LoginTakenError):
            staff.save_person(office, ADMIN, twin)

    def test_people_are_seen_by_who_may(self, office: UnitOfWork) -> None:
        manager = replace(CLERK, id=StaffId(UUID(int=11)), login="manager", role=Role.store_manager)
        elsewhere = replace(
            CLERK, id=StaffId(UUID(int=12)), login="other", stores=frozenset({StoreId(UUID(int=2))})
        )
        for person in (manager, elsewhere):
            staff.save_person(office, ADMIN, person)
        assert staff.people(office, manager) == [CLERK, manager]
        assert len(staff.people(office, ADMIN)) == 4
        with pytest.raises(NotAllowedError):
            staff.people(office, CLERK)


class TestPeopleOfAStore:
    def test_stay_known_there_after_they_left(self, office: UnitOfWork) -> None:
        other = StoreId(UUID(int=2))
        moved = replace(CLERK, stores=frozenset({other}))
        staff.save_person(office, ADMIN, moved)
        assert [one.person for one in staff.staff_of_till(office, STORE)] == [moved]
        assert not may(moved, Permission.redeem, STORE)
        back = replace(CLERK, stores=frozenset({STORE, other}))
        staff.save_person(office, ADMIN, back)
        assert [one.person for one in staff.staff_of_till(office, STORE)] == [back]
        assert staff.people_named(office, [CLERK.id]) == {CLERK.id: back}


class TestPins:
    def test_a_till_can_check_what_it_is_told(self, office: UnitOfWork) -> None:
        keys = RootKey(bytes(range(32))).of(MERCHANT)
        staff.set_pin(office, ADMIN, CLERK.id, staff.new_pin_verifier(keys, CLERK.id, "135790"))
        told = staff.staff_of_till(office, STORE)
        assert [one.person for one in told] == [CLERK]
        verifier = told[0].pin_verifier
        assert verifier is not None
        pepper = pin_pepper(keys.lookup_key())
        assert pin_is_right(verifier, pepper, CLERK.id, "135790")
        assert not pin_is_right(verifier, pepper, CLERK.id, "135791")
        assert not pin_is_right(verifier, pin_pepper(bytes(32)), CLERK.id, "135790")

    @pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "１２３４"])
    def test_only_digits_make_a_pin(self, pin: str) -> None:
        with pytest.raises(BadPinError):
            staff.new_pin_verifier(RootKey(bytes(32)).of(MERCHANT), CLERK.id, pin)


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit"])
def test_the_audit_trail_only_grows(begin: Transactions, statement: str) -> None:
    with begin() as uow:
        staff.record(uow, None, "something", "of note", {"why": "测试"})
    with pytest.raises(DBAPIError, match="only grows"), begin() as uow:
        uow.connection.execute(text(statement))
