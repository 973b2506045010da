"""What can be done with the merchant and its stores.

Reads for buyers ask for nobody; reads and writes of the console name the person and are refused
outside that person's stores.
"""

from dataclasses import replace

from server.kernel.database import Connection
from server.kernel.unit_of_work import UnitOfWork
from server.staff import service as staff
from server.staff.rules import Permission, Person, require, visible_stores
from server.stores import store as store_store
from server.stores.rules import (
    Merchant,
    Policy,
    Store,
    StoreNumberTakenError,
    merchant_faults,
    refuse_faults,
    store_faults,
)
from shared.errors import ConflictError, NotFoundError
from shared.ids import StoreId


class MerchantNameTakenError(ConflictError):
    """Another merchant of this installation has this short name."""

    code = "merchant_name_taken"


def merchants(connection: Connection) -> list[Merchant]:
    """Every merchant of the installation, by short name; for the program, not for people."""
    return store_store.read_merchants(connection)


def merchant_named(connection: Connection, short_name: str) -> Merchant | None:
    """The merchant whose short name stands in a web address."""
    found = store_store.read_merchants(connection, short_name=short_name)
    return found[0] if found else None


def merchant_of(uow: UnitOfWork) -> Merchant:
    """The merchant of this transaction.

    Raises:
        NotFoundError: it has not been created.
    """
    found = store_store.read_merchants(uow.connection, merchant_id=uow.merchant)
    if not found:
        raise NotFoundError(what="merchant")
    return found[0]


def save_merchant(uow: UnitOfWork, by: Person | None, merchant: Merchant) -> None:
    """Create the merchant of this transaction, or change it.

    Args:
        uow: the transaction, of that merchant.
        by: who does it; None for a command of whoever runs the server.
        merchant: as it shall be.

    Raises:
        InvalidInputError: a field is not acceptable.
        MerchantNameTakenError: the short name is another merchant's.
        NotAllowedError: `by` may not.
    """
    assert merchant.id == uow.merchant
    if by is not None:
        require(by, Permission.change_policy)
    refuse_faults(merchant_faults(merchant))
    other = merchant_named(uow.connection, merchant.short_name)
    if other == merchant:
        return
    if other is not None and other.id != merchant.id:
        raise MerchantNameTakenError(short_name=merchant.short_name)
    store_store.write_merchant(uow, merchant)
    staff.record(uow, by, "merchant_saved", merchant.short_name, {})


def set_policy(uow: UnitOfWork, by: Person, policy: Policy) -> None:
    """Change the rules that tills decide by; the caller tells the tills through their feeds."""
    save_merchant(uow, by, replace(merchant_of(uow), policy=policy))


def stores_for_buyers(uow: UnitOfWork) -> list[Store]:
    """Every store by number, also those set to rest, for the shop."""
    return store_store.read_stores(uow.connection, uow.merchant)


def stores_seen_by(uow: UnitOfWork, by: Person) -> list[Store]:
    """The stores a person may see in the console, by number.

    Raises:
        NotAllowedError: none at all.
    """
    visible = visible_stores(by, Permission.see_stores)
    return store_store.read_stores(uow.connection, uow.merchant, ids=visible)


def store_of(uow: UnitOfWork, store: StoreId) -> Store:
    """One store.

    Raises:
        NotFoundError: the merchant has no such store.
    """
    found = store_store.read_stores(uow.connection, uow.merchant, ids=[store])
    if not found:
        raise NotFoundError(what="store")
    return found[0]


def store_of_number(uow: UnitOfWork, number: int) -> Store | None:
    """The store that people of the chain know by a number."""
    found = store_store.read_stores(uow.connection, uow.merchant, number=number)
    return found[0] if found else None


def save_store(uow: UnitOfWork, by: Person | None, store: Store) -> None:
    """Open a store or change it.

    Raises:
        InvalidInputError: a field is not acceptable.
        StoreNumberTakenError: another store has this number.
        NotAllowedError: `by` may not.
    """
    if by is not None:
        require(by, Permission.change_stores)
    refuse_faults(store_faults(store))
    other = store_of_number(uow, store.number)
    if other == store:
        return
    if other is not None and other.id != store.id:
        raise StoreNumberTakenError(number=store.number)
    store_store.write_store(uow, store)
    staff.record(uow, by, "store_saved", str(store.id), {"number": str(store.number)})


def set_open(uow: UnitOfWork, by: Person, store: StoreId, *, is_open: bool) -> Store:
    """Open a store for redemptions or set it to rest; the caller tells its tills.

    Raises:
        NotAllowedError: `by` does not run this store.
        NotFoundError: no such store.
    """
    require(by, Permission.change_store, store)
    changed = replace(store_of(uow, store), open=is_open)
    store_store.write_store(uow, changed)
    staff.record(uow, by, "store_opened" if is_open else "store_rests", str(store), {})
    return changed


def names_of_stores(uow: UnitOfWork) -> dict[StoreId, str]:
    """The name of every store, to put names to a list of events."""
    return {store.id: store.name for store in stores_for_buyers(uow)}
