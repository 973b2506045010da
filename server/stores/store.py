"""Reads and writes merchants and stores."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, insert, select, update

from server.kernel.database import Connection
from server.kernel.unit_of_work import UnitOfWork
from server.stores.rules import Datum, Merchant, Policy, Position, Store
from server.stores.tables import merchant, store
from shared.ids import MerchantId, StaffId, StoreId


def read_merchants(
    connection: Connection, *, merchant_id: MerchantId | None = None, short_name: str | None = None
) -> list[Merchant]:
    """Merchants by short name, all or the one asked for."""
    query = select(merchant).order_by(merchant.c.short_name)
    if merchant_id is not None:
        query = query.where(merchant.c.merchant == merchant_id)
    if short_name is not None:
        query = query.where(merchant.c.short_name == short_name)
    return [_merchant(row) for row in connection.execute(query)]


def _merchant(row: Row[*tuple[Any, ...]]) -> Merchant:
    policy = Policy(
        undo_minutes=row.undo_minutes,
        provisional_allowed=row.provisional_allowed,
        provisional_value_max_fen=row.provisional_value_max_fen,
        provisional_count_max=row.provisional_count_max,
        provisional_hours_max=row.provisional_hours_max,
        day_cutoff_hours=row.day_cutoff_hours,
    )
    return Merchant(MerchantId(row.merchant), row.short_name, row.name, row.time_zone, policy)


def write_merchant(uow: UnitOfWork, made: Merchant) -> None:
    """Insert the merchant of this transaction, or change it."""
    policy = made.policy
    values = {
        "short_name": made.short_name,
        "name": made.name,
        "time_zone": made.time_zone,
        "undo_minutes": policy.undo_minutes,
        "provisional_allowed": policy.provisional_allowed,
        "provisional_value_max_fen": policy.provisional_value_max_fen,
        "provisional_count_max": policy.provisional_count_max,
        "provisional_hours_max": policy.provisional_hours_max,
        "day_cutoff_hours": policy.day_cutoff_hours,
        "changed_at": uow.now,
    }
    changed = uow.connection.execute(
        update(merchant).where(merchant.c.merchant == uow.merchant).values(values)
    )
    if changed.rowcount == 0:
        uow.connection.execute(insert(merchant).values(merchant=uow.merchant, **values))


def read_stores(
    connection: Connection,
    merchant_id: MerchantId,
    *,
    ids: Collection[StoreId] | None = None,
    number: int | None = None,
) -> list[Store]:
    """Stores by number, all or those asked for."""
    query = select(store).where(store.c.merchant == merchant_id).order_by(store.c.number)
    if ids is not None:
        query = query.where(store.c.store.in_(ids))
    if number is not None:
        query = query.where(store.c.number == number)
    return [_store(row) for row in connection.execute(query)]


def _store(row: Row[*tuple[Any, ...]]) -> Store:
    position = None
    if row.datum is not None:
        position = Position(row.latitude_microdegrees, row.longitude_microdegrees, Datum(row.datum))
    return Store(
        id=StoreId(row.store),
        number=row.number,
        name=row.name,
        address=row.address,
        phone=row.phone,
        position=position,
        hours=row.hours,
        open=row.open,
        legal_entity=row.legal_entity,
        manager=None if row.manager is None else StaffId(row.manager),
    )


def write_store(uow: UnitOfWork, made: Store) -> None:
    """Insert a store or change it."""
    position = made.position
    values = {
        "number": made.number,
        "name": made.name,
        "address": made.address,
        "phone": made.phone,
        "latitude_microdegrees": position.latitude_microdegrees if position else None,
        "longitude_microdegrees": position.longitude_microdegrees if position else None,
        "datum": position.datum.value if position else None,
        "hours": made.hours,
        "open": made.open,
        "legal_entity": made.legal_entity,
        "manager": made.manager,
        "changed_at": uow.now,
    }
    changed = uow.connection.execute(
        update(store)
        .where(store.c.merchant == uow.merchant, store.c.store == made.id)
        .values(values)
    )
    if changed.rowcount == 0:
        key = {"merchant": uow.merchant, "store": made.id}
        uow.connection.execute(insert(store).values(key | values))
