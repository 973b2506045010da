"""Reads and writes products."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from server.catalog.rules import Product, Validity
from server.catalog.tables import product, product_stock, product_store
from server.kernel.database import Connection
from server.kernel.insertion import insert_if_absent
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import MerchantId, ProductId, StoreId


def read_products(
    connection: Connection,
    merchant: MerchantId,
    *,
    ids: Collection[ProductId] | None = None,
    number: int | None = None,
    on_shelf_only: bool = False,
) -> list[Product]:
    """Products by number in ascending order, all or those asked for."""
    query = select(product).where(product.c.merchant == merchant).order_by(product.c.number)
    if ids is not None:
        query = query.where(product.c.product.in_(ids))
    if number is not None:
        query = query.where(product.c.number == number)
    if on_shelf_only:
        query = query.where(product.c.on_shelf)
    rows = connection.execute(query).all()
    scopes = _read_scopes(connection, merchant, [row.product for row in rows if not row.all_stores])
    return [_product(row, scopes) for row in rows]


def _read_scopes(
    connection: Connection, merchant: MerchantId, ids: Collection[UUID]
) -> dict[UUID, set[StoreId]]:
    scopes: dict[UUID, set[StoreId]] = {product_id: set() for product_id in ids}
    if not ids:
        return scopes
    query = select(product_store.c.product, product_store.c.store).where(
        product_store.c.merchant == merchant, product_store.c.product.in_(ids)
    )
    for product_id, store in connection.execute(query):
        scopes[product_id].add(StoreId(store))
    return scopes


def _product(row: Row[*tuple[Any, ...]], scopes: dict[UUID, set[StoreId]]) -> Product:
    return Product(
        id=ProductId(row.product),
        number=row.number,
        name=row.name,
        description=row.description,
        price_fen=row.price_fen,
        face_fen=row.face_fen,
        uses_per_unit=row.uses_per_unit,
        per_visit_uses_max=row.per_visit_uses_max,
        validity=Validity(row.valid_days, row.valid_from, row.valid_until),
        stores=None if row.all_stores else frozenset(scopes[row.product]),
        refundable=row.refundable,
        booking_required=row.booking_required,
        provisional_allowed=row.provisional_allowed,
        attention_text=row.attention_text,
        platform_rate_bp=row.platform_rate_bp,
        level1_rate_bp=row.level1_rate_bp,
        rule_version=row.rule_version,
        on_shelf=row.on_shelf,
    )


def write_product(uow: UnitOfWork, made: Product) -> None:
    """Insert a product with empty stock, or replace it; its stock is left alone."""
    values = {
        "number": made.number,
        "name": made.name,
        "description": made.description,
        "price_fen": made.price_fen,
        "face_fen": made.face_fen,
        "uses_per_unit": made.uses_per_unit,
        "per_visit_uses_max": made.per_visit_uses_max,
        "valid_days": made.validity.days,
        "valid_from": made.validity.valid_from,
        "valid_until": made.validity.valid_until,
        "all_stores": made.stores is None,
        "refundable": made.refundable,
        "booking_required": made.booking_required,
        "provisional_allowed": made.provisional_allowed,
        "attention_text": made.attention_text,
        "platform_rate_bp": made.platform_rate_bp,
        "level1_rate_bp": made.level1_rate_bp,
        "level2_rate_bp": 0,
        "rule_version": made.rule_version,
        "on_shelf": made.on_shelf,
        "changed_at": uow.now,
    }
    key = {"merchant": uow.merchant, "product": made.id}
    changed = uow.connection.execute(
        update(product)
        .where(product.c.merchant == uow.merchant, product.c.product == made.id)
        .values(values)
    )
    if changed.rowcount == 0:
        uow.connection.execute(insert(product).values(key | values))
        empty = {"total": None, "reserved": 0, "taken": 0}
        uow.connection.execute(insert(product_stock).values(key | empty))
    _write_scope(uow, made)


def _write_scope(uow: UnitOfWork, made: Product) -> None:
    uow.connection.execute(
        delete(product_store).where(
            product_store.c.merchant == uow.merchant,
            product_store.c.product == made.id,
            product_store.c.store.not_in(made.stores or ()),
        )
    )
    for store in sorted(made.stores or ()):
        row = {"merchant": uow.merchant, "product": made.id, "store": store}
        insert_if_absent(uow.connection, product_store, row)
