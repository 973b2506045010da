"""Reads and writes total stock and store quotas; every change is guarded in its own statement."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, tuple_, update

from server.catalog.rules import Quota, QuotaMove, Stock
from server.catalog.tables import product_stock, store_quota
from server.kernel.database import Connection
from server.kernel.insertion import insert_if_absent
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import MerchantId, ProductId, StoreId


def _is_stock_of(uow: UnitOfWork, product: ProductId) -> ColumnElement[bool]:
    return (product_stock.c.merchant == uow.merchant) & (product_stock.c.product == product)


def read_stocks(
    connection: Connection, merchant: MerchantId, products: Collection[ProductId]
) -> dict[ProductId, Stock]:
    """The total stock of products."""
    query = select(product_stock).where(
        product_stock.c.merchant == merchant, product_stock.c.product.in_(products)
    )
    rows = connection.execute(query)
    return {ProductId(row.product): Stock(row.total, row.reserved, row.taken) for row in rows}


def reserve(uow: UnitOfWork, product: ProductId, units: int) -> bool:
    """Reserve units if so many are left; the condition and the change are one statement."""
    stock = product_stock.c
    result = uow.connection.execute(
        update(product_stock)
        .where(
            _is_stock_of(uow, product),
            stock.total.is_(None) | (stock.reserved + stock.taken + units <= stock.total),
        )
        .values(reserved=stock.reserved + units)
    )
    return result.rowcount == 1


def move(uow: UnitOfWork, product: ProductId, reserved_delta: int, taken_delta: int) -> bool:
    """Change both counts unless one would fall below 0."""
    stock = product_stock.c
    result = uow.connection.execute(
        update(product_stock)
        .where(
            _is_stock_of(uow, product),
            stock.reserved + reserved_delta >= 0,
            stock.taken + taken_delta >= 0,
        )
        .values(reserved=stock.reserved + reserved_delta, taken=stock.taken + taken_delta)
    )
    return result.rowcount == 1


def write_total(uow: UnitOfWork, product: ProductId, total: int | None) -> bool:
    """Set the units on sale unless more are ordered and sold already."""
    stock = product_stock.c
    query = update(product_stock).where(_is_stock_of(uow, product)).values(total=total)
    if total is not None:
        query = query.where(stock.reserved + stock.taken <= total)
    return uow.connection.execute(query).rowcount == 1


def lock_quotas(
    uow: UnitOfWork, pairs: Collection[tuple[StoreId, ProductId]]
) -> dict[tuple[StoreId, ProductId], Quota]:
    """Lock the counts of pairs in key order and return those that are limited."""
    quota = store_quota.c
    query = (
        select(store_quota)
        .where(quota.merchant == uow.merchant, tuple_(quota.store, quota.product).in_(pairs))
        .order_by(quota.store, quota.product)
        .with_for_update()
    )
    return {
        (StoreId(row.store), ProductId(row.product)): Quota(row.quota, row.reserved, row.used)
        for row in uow.connection.execute(query)
        if row.quota is not None
    }


def read_quotas(
    connection: Connection, merchant: MerchantId
) -> dict[tuple[StoreId, ProductId], Quota]:
    """Every quota of the merchant, without locks."""
    quota = store_quota.c
    query = select(store_quota).where(quota.merchant == merchant, quota.quota.is_not(None))
    return {
        (StoreId(row.store), ProductId(row.product)): Quota(row.quota, row.reserved, row.used)
        for row in connection.execute(query)
    }


def move_quota(uow: UnitOfWork, made: QuotaMove) -> bool:
    """Change the counts of one pair unless one would fall below 0; starts counting if need be."""
    if _update_quota(uow, made):
        return True
    _start_counting(uow, made.store, made.product)
    return _update_quota(uow, made)


def _update_quota(uow: UnitOfWork, made: QuotaMove) -> bool:
    quota = store_quota.c
    result = uow.connection.execute(
        update(store_quota)
        .where(
            quota.merchant == uow.merchant,
            quota.store == made.store,
            quota.product == made.product,
            quota.reserved + made.reserved_delta >= 0,
            quota.used + made.used_delta >= 0,
        )
        .values(reserved=quota.reserved + made.reserved_delta, used=quota.used + made.used_delta)
    )
    return result.rowcount == 1


def _start_counting(uow: UnitOfWork, store: StoreId, product: ProductId) -> None:
    key = {"merchant": uow.merchant, "store": store, "product": product}
    insert_if_absent(uow.connection, store_quota, key | {"quota": None, "reserved": 0, "used": 0})


def write_quota(uow: UnitOfWork, store: StoreId, product: ProductId, uses: int | None) -> None:
    """Limit a store's uses of a product, or lift the limit; the counts stay."""
    _start_counting(uow, store, product)
    quota = store_quota.c
    uow.connection.execute(
        update(store_quota)
        .where(quota.merchant == uow.merchant, quota.store == store, quota.product == product)
        .values(quota=uses)
    )
