"""Reads and writes people, wrong log-ins and the audit trail."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from server.kernel.database import Connection
from server.kernel.insertion import insert_if_absent
from server.kernel.unit_of_work import UnitOfWork
from server.staff.rules import Person, Role
from server.staff.tables import audit, staff, staff_store, wrong_log_in
from shared.ids import MerchantId, StaffId, StoreId


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One sensitive act, as it was recorded."""

    at: datetime
    actor: StaffId | None
    action: str
    subject: str
    facts: dict[str, str]


def read_people(
    connection: Connection,
    merchant: MerchantId,
    *,
    ids: Collection[StaffId] | None = None,
    login: str | None = None,
) -> list[Person]:
    """People by log-in name, all or those asked for."""
    query = select(staff).where(staff.c.merchant == merchant).order_by(staff.c.login)
    if ids is not None:
        query = query.where(staff.c.staff.in_(ids))
    if login is not None:
        query = query.where(staff.c.login == login)
    rows = connection.execute(query).all()
    stores = _read_stores(connection, merchant, [row.staff for row in rows])
    return [_person(row, stores.get(row.staff)) for row in rows]


def _read_stores(
    connection: Connection, merchant: MerchantId, ids: Collection[UUID]
) -> dict[UUID, set[StoreId]]:
    query = select(staff_store.c.staff, staff_store.c.store).where(
        staff_store.c.merchant == merchant, staff_store.c.staff.in_(ids), staff_store.c.current
    )
    stores: dict[UUID, set[StoreId]] = {}
    for person, store in connection.execute(query):
        stores.setdefault(person, set()).add(StoreId(store))
    return stores


def _person(row: Row[*tuple[Any, ...]], stores: set[StoreId] | None) -> Person:
    return Person(
        id=StaffId(row.staff),
        login=row.login,
        name=row.name,
        short_name=row.short_name,
        role=Role(row.role),
        stores=None if stores is None else frozenset(stores),
        active=row.active,
    )


def _is_person(uow: UnitOfWork, person: StaffId) -> ColumnElement[bool]:
    return (staff.c.merchant == uow.merchant) & (staff.c.staff == person)


def write_person(uow: UnitOfWork, person: Person) -> None:
    """Insert or change a person; password and PIN are left alone."""
    values = {
        "login": person.login,
        "name": person.name,
        "short_name": person.short_name,
        "role": person.role.value,
        "active": person.active,
        "changed_at": uow.now,
    }
    key = {"merchant": uow.merchant, "staff": person.id}
    changed = uow.connection.execute(update(staff).where(_is_person(uow, person.id)).values(values))
    if changed.rowcount == 0:
        uow.connection.execute(insert(staff).values(key | values))
    _write_stores(uow, person)


def _write_stores(uow: UnitOfWork, person: Person) -> None:
    """Keep the stores a person left, so that their tills can be told."""
    columns = staff_store.c
    theirs = (columns.merchant == uow.merchant) & (columns.staff == person.id)
    uow.connection.execute(update(staff_store).where(theirs).values(current=False))
    for store in sorted(person.stores or ()):
        row = {"merchant": uow.merchant, "staff": person.id, "store": store, "current": True}
        if not insert_if_absent(uow.connection, staff_store, row):
            query = update(staff_store).where(theirs, columns.store == store)
            uow.connection.execute(query.values(current=True))


def write_password_hash(uow: UnitOfWork, person: StaffId, password_hash: str) -> None:
    """Store the hash of a new password."""
    query = update(staff).where(_is_person(uow, person)).values(password_hash=password_hash)
    uow.connection.execute(query)


def write_pin_verifier(uow: UnitOfWork, person: StaffId, verifier: bytes) -> None:
    """Store the verifier of a new PIN."""
    query = update(staff).where(_is_person(uow, person)).values(pin_verifier=verifier)
    uow.connection.execute(query)


def read_password_hash(connection: Connection, merchant: MerchantId, login: str) -> str | None:
    """The password hash of an active person."""
    query = select(staff.c.password_hash).where(
        staff.c.merchant == merchant, staff.c.login == login, staff.c.active
    )
    return connection.execute(query).scalar_one_or_none()


def read_people_of_store(
    connection: Connection, merchant: MerchantId, store: StoreId
) -> list[tuple[Person, bytes | None]]:
    """Who works or once worked at a store, each with the PIN verifier."""
    query = (
        select(staff)
        .join(
            staff_store,
            (staff_store.c.merchant == staff.c.merchant) & (staff_store.c.staff == staff.c.staff),
        )
        .where(staff.c.merchant == merchant, staff_store.c.store == store)
        .order_by(staff.c.login)
    )
    rows = connection.execute(query).all()
    stores = _read_stores(connection, merchant, [row.staff for row in rows])
    return [(_person(row, stores.get(row.staff)), row.pin_verifier) for row in rows]


def count_wrong_log_in(uow: UnitOfWork, login_hash: bytes) -> tuple[int, datetime] | None:
    """Lock and read how many wrong log-ins in a row began, and when the last one did."""
    wrong = wrong_log_in.c
    query = select(wrong.count, wrong.last_at).where(
        wrong.merchant == uow.merchant, wrong.login_hash == login_hash
    )
    row = uow.connection.execute(query.with_for_update()).one_or_none()
    return None if row is None else (row[0], row[1])


def write_wrong_log_ins(uow: UnitOfWork, login_hash: bytes, count: int) -> None:
    """Store the number of wrong log-ins in a row."""
    key = {"merchant": uow.merchant, "login_hash": login_hash}
    values = {"count": count, "last_at": uow.now}
    if insert_if_absent(uow.connection, wrong_log_in, key | values):
        return
    uow.connection.execute(
        update(wrong_log_in)
        .where(wrong_log_in.c.merchant == uow.merchant, wrong_log_in.c.login_hash == login_hash)
        .values(values)
    )


def delete_wrong_log_ins(
    uow: UnitOfWork, *, login_hash: bytes | None = None, before: datetime | None = None
) -> None:
    """Forget the wrong log-ins of one name, or those whose last was before a moment."""
    query = delete(wrong_log_in).where(wrong_log_in.c.merchant == uow.merchant)
    if login_hash is not None:
        query = query.where(wrong_log_in.c.login_hash == login_hash)
    if before is not None:
        query = query.where(wrong_log_in.c.last_at < before)
    uow.connection.execute(query)


def insert_audit(
    uow: UnitOfWork, actor: StaffId | None, action: str, subject: str, facts: Mapping[str, str]
) -> None:
    """Add one act to the trail."""
    uow.connection.execute(
        insert(audit).values(
            merchant=uow.merchant,
            id=uow.new_id(),
            at=uow.now,
            actor=actor,
            action=action,
            subject=subject,
            facts=json.dumps(facts, ensure_ascii=False, sort_keys=True),
        )
    )


def read_audit(connection: Connection, merchant: MerchantId, limit: int) -> list[AuditRow]:
    """The newest acts, newest first."""
    query = (
        select(audit)
        .where(audit.c.merchant == merchant)
        .order_by(audit.c.at.desc(), audit.c.id.desc())
        .limit(limit)
    )
    return [
        AuditRow(
            at=row.at,
            actor=None if row.actor is None else StaffId(row.actor),
            action=row.action,
            subject=row.subject,
            facts=json.loads(row.facts),
        )
        for row in connection.execute(query)
    ]
