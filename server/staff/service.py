"""What can be done with people: appoint them, log them in and out, record what they did.

A log-in is two short transactions with the slow password check between them, outside both:
`begin_log_in`, `passwords.password_is_right` in a worker thread, `finish_log_in`.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from server.kernel.keys import MerchantKeys
from server.kernel.unit_of_work import UnitOfWork
from server.sessions import service as sessions
from server.staff import store as staff_store
from server.staff.rules import (
    FORGET_WRONG_LOG_INS_AFTER,
    BadPinError,
    LoginTakenError,
    Permission,
    Person,
    check_person,
    locked_until,
    require,
    visible_stores,
)
from server.staff.store import AuditRow
from shared.ids import StaffId, StoreId
from shared.pin import is_pin, pin_pepper, pin_verifier

AUDIT_ROWS_MAX = 500


@dataclass(frozen=True, slots=True)
class LogInAttempt:
    """A log-in whose password is still to be checked.

    Attributes:
        login: the name as it is compared.
        password_hash: to check against; None for an unknown name, which is checked all the same.
        locked_until: the name is locked; do not check, say when to try again.
    """

    login: str
    password_hash: str | None
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class LogInResult:
    """How a log-in ended: a session's token, or why there is none.

    Attributes:
        token: of the new session, for a cookie; None when the log-in failed.
        person: who logged in, or None.
        locked_until: when the next attempt is possible, None for at once.
    """

    token: str | None
    person: Person | None
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class TillStaff:
    """What a till has to know of a person."""

    person: Person
    pin_verifier: bytes | None


def begin_log_in(uow: UnitOfWork, login: str) -> LogInAttempt:
    """Count an attempt and fetch what it has to be checked against; commit before checking.

    Counting before the check lets no burst of parallel guesses through.
    """
    name = _compared(login)
    before = staff_store.count_wrong_log_in(uow, _login_hash(name))
    count = 0
    if before is not None and uow.now - before[1] < FORGET_WRONG_LOG_INS_AFTER:
        count = before[0]
        locked = locked_until(count, before[1])
        if locked is not None and uow.now < locked:
            return LogInAttempt(name, None, locked)
    staff_store.write_wrong_log_ins(uow, _login_hash(name), count + 1)
    password_hash = staff_store.read_password_hash(uow.connection, uow.merchant, name)
    return LogInAttempt(name, password_hash, None)


def finish_log_in(uow: UnitOfWork, attempt: LogInAttempt, *, password_right: bool) -> LogInResult:
    """Open a session for a right password, record a wrong one; commit either way."""
    if attempt.locked_until is not None:
        record(uow, None, "log_in_locked", attempt.login, {})
        return LogInResult(None, None, attempt.locked_until)
    found = staff_store.read_people(uow.connection, uow.merchant, login=attempt.login)
    if not (password_right and found and found[0].active):
        wrong = staff_store.count_wrong_log_in(uow, _login_hash(attempt.login))
        count = wrong[0] if wrong else 1
        record(uow, None, "log_in_failed", attempt.login, {"in_a_row": str(count)})
        return LogInResult(None, None, locked_until(count, uow.now))
    staff_store.delete_wrong_log_ins(uow, login_hash=_login_hash(attempt.login))
    person = found[0]
    record(uow, person, "logged_in", attempt.login, {})
    return LogInResult(sessions.open_session(uow, person.id), person, None)


def log_out(uow: UnitOfWork, token: str) -> None:
    """End a session; the token is worth nothing afterwards."""
    sessions.end_session(uow, token)


def person_of_session(uow: UnitOfWork, token: str) -> Person | None:
    """Who is logged in with this token, with the role and stores of this moment."""
    owner = sessions.owner_of(uow, token)
    if owner is None:
        return None
    found = staff_store.read_people(uow.connection, uow.merchant, ids=[StaffId(owner)])
    return found[0] if found and found[0].active else None


def save_person(uow: UnitOfWork, by: Person | None, person: Person) -> Person:
    """Appoint somebody or change their name, role and stores.

    Args:
        uow: the transaction.
        by: who does it; None for a command of whoever runs the server.
        person: as they shall be; a changed role or an end logs them out everywhere.

    Raises:
        NotAllowedError: `by` may not.
        InvalidInputError: an empty name, or role and stores do not fit together.
        LoginTakenError: the log-in name belongs to somebody else.
    """
    _require(by, Permission.change_staff)
    made = replace(person, login=_compared(person.login))
    check_person(made)
    others = staff_store.read_people(uow.connection, uow.merchant, login=made.login)
    if any(other.id != made.id for other in others):
        raise LoginTakenError(login=made.login)
    before = staff_store.read_people(uow.connection, uow.merchant, ids=[made.id])
    if before and before[0] == made:
        return made
    staff_store.write_person(uow, made)
    sessions.end_every_session(uow, made.id)
    record(uow, by, "staff_saved", str(made.id), {"role": made.role.value})
    return made


def set_password_hash(
    uow: UnitOfWork, by: Person | None, person: StaffId, password_hash: str
) -> None:
    """Store a new password's hash, made with `passwords.hash_password` outside the transaction.

    People may change their own; other people's only with the permission. Ends every session.
    """
    if by is None or by.id != person:
        _require(by, Permission.change_staff)
    staff_store.write_password_hash(uow, person, password_hash)
    sessions.end_every_session(uow, person)
    record(uow, by, "password_set", str(person), {})


def set_pin(uow: UnitOfWork, by: Person | None, person: StaffId, verifier: bytes) -> None:
    """Store a new PIN's verifier, made with `new_pin_verifier` outside the transaction."""
    if by is None or by.id != person:
        _require(by, Permission.change_staff)
    staff_store.write_pin_verifier(uow, person, verifier)
    record(uow, by, "pin_set", str(person), {})


def new_pin_verifier(keys: MerchantKeys, person: StaffId, pin: str) -> bytes:
    """What tills receive to check a PIN; takes about 50 ms.

    Raises:
        BadPinError: not four to eight digits.
    """
    if not is_pin(pin):
        raise BadPinError
    return pin_verifier(pin_pepper(keys.lookup_key()), person, pin)


def people(uow: UnitOfWork, by: Person) -> list[Person]:
    """Everybody a person may see: of the merchant, or of their own stores."""
    stores = visible_stores(by, Permission.see_staff)
    everybody = staff_store.read_people(uow.connection, uow.merchant)
    return [
        person
        for person in everybody
        if stores is None or (person.stores is not None and person.stores & stores)
    ]


def person_of_login(uow: UnitOfWork, login: str) -> Person | None:
    """The person with a log-in name."""
    found = staff_store.read_people(uow.connection, uow.merchant, login=_compared(login))
    return found[0] if found else None


def people_named(uow: UnitOfWork, ids: Collection[StaffId]) -> dict[StaffId, Person]:
    """Those people that exist, by id, to put names to a list of events."""
    found = staff_store.read_people(uow.connection, uow.merchant, ids=ids)
    return {person.id: person for person in found}


def staff_of_till(uow: UnitOfWork, store: StoreId) -> list[TillStaff]:
    """Who works or once worked at a store; `may` says which, and its tills are told of both."""
    found = staff_store.read_people_of_store(uow.connection, uow.merchant, store)
    return [TillStaff(person, verifier) for person, verifier in found]


def record(
    uow: UnitOfWork, by: Person | None, action: str, subject: str, facts: Mapping[str, str]
) -> None:
    """Add a sensitive act to the audit trail, in the act's own transaction."""
    staff_store.insert_audit(uow, None if by is None else by.id, action, subject, facts)


def audit_trail(uow: UnitOfWork, by: Person, limit: int) -> list[AuditRow]:
    """The newest acts, newest first, at most `AUDIT_ROWS_MAX`.

    Raises:
        NotAllowedError: `by` may not see it.
    """
    require(by, Permission.see_audit)
    return staff_store.read_audit(uow.connection, uow.merchant, min(limit, AUDIT_ROWS_MAX))


def forget_wrong_log_ins(uow: UnitOfWork) -> None:
    """Drop counts that no longer matter, so that guessed names do not pile up."""
    before = uow.now - FORGET_WRONG_LOG_INS_AFTER
    staff_store.delete_wrong_log_ins(uow, before=before)


def _require(by: Person | None, permission: Permission) -> None:
    if by is not None:
        require(by, permission)


def _compared(login: str) -> str:
    return login.strip().casefold()


def _login_hash(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
