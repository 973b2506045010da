"""Headquarters issues a one-time code, by which one machine may show its keys."""

import dataclasses

import structlog

from server.kernel.keys import RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.staff import service as staff
from server.staff.rules import Permission, Person, require, visible_stores
from server.stores import service as stores
from server.tills import rules, service
from server.tills.store import pairings
from server.tills.values import CodeRow, IssuedCode
from shared.errors import InvalidInputError
from shared.ids import StoreId, TillId

_log = structlog.get_logger(__name__)

_KEY_PURPOSE = "pairing code"


def issue_pairing_code(
    uow: UnitOfWork, root_key: RootKey, shop: StoreId, till_name: str, by: Person | None
) -> IssuedCode:
    """Make a code that one new till may show within 15 minutes.

    Args:
        uow: the transaction.
        root_key: codes are kept only hashed under a key derived from it.
        shop: the store the till will stand in.
        till_name: how people will call the till, 1 to 64 characters.
        by: who issues it; None for a command of whoever runs the server.

    Raises:
        NotFoundError: no such store of this merchant.
        NotAllowedError: `by` may not do this at that store.
        InvalidInputError: the name is empty or too long, or cannot be printed.
    """
    stores.store_of(uow, shop)
    plain = " ".join(till_name.split())
    if not 0 < len(plain) <= rules.NAME_CHARACTERS_MAX or not plain.isprintable():
        raise InvalidInputError(field="till_name", characters_max=rules.NAME_CHARACTERS_MAX)
    return _issue(uow, root_key, _code_row(uow, shop, plain, None), by)


def issue_repairing_code(
    uow: UnitOfWork, root_key: RootKey, till: TillId, by: Person | None
) -> IssuedCode:
    """Make a code with which a till that is known begins a new life: new keys, new journal.

    Raises:
        NotFoundError: not one of this merchant's.
        NotAllowedError: `by` may not do this at the till's store.
    """
    known = service.till_of(uow, till)
    return _issue(uow, root_key, _code_row(uow, known.store, known.name, till), by)


def hashed_code(root_key: RootKey, code: str) -> bytes:
    """Under which a code is stored."""
    return rules.code_hash(code, root_key.derive(_KEY_PURPOSE))


def open_codes(uow: UnitOfWork, by: Person) -> list[CodeRow]:
    """Codes that can still be shown, newest first, of the stores where `by` may pair.

    Raises:
        NotAllowedError: `by` may pair nowhere.
    """
    visible = visible_stores(by, Permission.pair_till)
    rows = pairings.codes_open(uow.connection, uow.merchant, uow.now)
    return [row for row in rows if visible is None or row.store in visible]


def _code_row(uow: UnitOfWork, shop: StoreId, till_name: str, till: TillId | None) -> CodeRow:
    return CodeRow(
        id=uow.new_id(),
        store=shop,
        till_name=till_name,
        till=till,
        issued_by=None,
        issued_at=uow.now,
        expires_at=uow.now + rules.CODE_LIFE,
        used_at=None,
    )


def _issue(uow: UnitOfWork, root_key: RootKey, row: CodeRow, by: Person | None) -> IssuedCode:
    if by is not None:
        require(by, Permission.pair_till, row.store)
        row = dataclasses.replace(row, issued_by=by.id)
    code = rules.new_code(uow.entropy)
    pairings.add_code(uow.connection, uow.merchant, row, hashed_code(root_key, code))
    staff.record(uow, by, "pairing_code_issued", str(row.id), {"store": str(row.store)})
    _log.info("pairing_code_issued", id=str(row.id), store=str(row.store))
    return IssuedCode(id=row.id, text=rules.grouped(code), expires_at=row.expires_at)
