"""Reads and writes total stock and store quotas; every change is guarded in its own statement."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, select, update

from server.catalog.rules import Quota, Stock, StoreCount
from server.catalog.tables import product_stock, store_quota
from server.kernel.bulk import among, update_rows
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
    counts = lock_counts(uow, pairs)
    return {
        pair: Quota(count.quota, count.reserved, count.used)
        for pair, count in counts.items()
        if count.quota is not None
    }


def lock_counts(
    uow: UnitOfWork, pairs: Collection[tuple[StoreId, ProductId]]
) -> dict[tuple[StoreId, ProductId], StoreCount]:
    """Lock the counts of pairs in key order, limited or not."""
    quota = store_quota.c
    query = (
        select(store_quota)
        .where(
            quota.merchant == uow.merchant,
            among(uow.connection, quota.store, {store for store, _ in pairs}),
            among(uow.connection, quota.product, {product for _, product in pairs}),
        )
        .order_by(quota.store, quota.product)
        .with_for_update()
    )
    counts = {
        (StoreId(row.store), ProductId(row.product)): StoreCount(row.quota, row.reserved, row.used)
        for row in uow.connection.execute(query)
    }
    return {pair: counts[pair] for pair in pairs if pair in counts}


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


def start_counting(uow: UnitOfWork, pairs: Collection[tuple[StoreId, ProductId]]) -> None:
    """Begin to count pairs that were never granted or used before."""
    for store, product in sorted(pairs):
        _start_counting(uow, store, product)


def write_counts(uow: UnitOfWork, counts: Mapping[tuple[StoreId, ProductId], StoreCount]) -> None:
    """Write the counts of locked pairs in one statement."""
    rows = [
        {
            "merchant": uow.merchant,
            "store": store,
            "product": product,
            "reserved": count.reserved,
            "used": count.used,
        }
        for (store, product), count in sorted(counts.items())
    ]
    update_rows(uow.connection, store_quota, ("merchant", "store", "product"), (), rows)


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
