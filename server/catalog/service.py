"""What can be done with the catalog: define products, keep stock, keep stores within quotas."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from server.catalog.rules import (
    PRODUCT_NUMBER_MAX,
    InvalidProductError,
    OutOfStockError,
    Product,
    Quota,
    QuotaMove,
    Stock,
    StockBelowSoldError,
    product_faults,
)
from server.catalog.store import products as product_store
from server.catalog.store import stock as stock_store
from server.kernel.unit_of_work import UnitOfWork
from server.staff import service as staff
from server.staff.rules import Permission, Person, require, visible_stores
from shared.errors import BugError, InvalidInputError, NotFoundError
from shared.ids import ProductId, StoreId


@dataclass(frozen=True, slots=True)
class StockedProduct:
    """A product and what is left of it."""

    product: Product
    stock: Stock


def save_product(uow: UnitOfWork, by: Person | None, product: Product) -> Product:
    """Make a product or change it; sold vouchers keep the terms they were ordered under.

    Args:
        uow: the transaction.
        by: who does it; None for a command of whoever runs the server.
        product: as it shall be.

    Returns:
        The product as stored: its rule version grows when a rate changed.

    Raises:
        NotAllowedError: `by` may not.
        InvalidProductError: the first fault found; `facts` names the field and what is allowed.
    """
    _require_change(by)
    faults = product_faults(product)
    if faults:
        field, allowed = faults[0]
        raise InvalidProductError(field=field, allowed=allowed, product=product.number)
    before = product_store.read_products(uow.connection, uow.merchant, ids=[product.id])
    saved = _with_version(product, before[0] if before else None)
    if not before or saved != before[0]:
        product_store.write_product(uow, saved)
        facts = {"price_fen": str(saved.price_fen), "rule_version": str(saved.rule_version)}
        staff.record(uow, by, "product_saved", str(saved.number), facts)
    return saved


def _with_version(product: Product, before: Product | None) -> Product:
    if before is None:
        return replace(product, rule_version=1)
    rates = (product.level1_rate_bp, product.platform_rate_bp)
    changed = rates != (before.level1_rate_bp, before.platform_rate_bp)
    return replace(product, rule_version=before.rule_version + changed)


def products_of(uow: UnitOfWork, ids: Collection[ProductId]) -> dict[ProductId, Product]:
    """Those products that exist, by id."""
    found = product_store.read_products(uow.connection, uow.merchant, ids=ids)
    return {product.id: product for product in found}


def product_of_number(uow: UnitOfWork, number: int) -> Product:
    """The product with the merchant's short number.

    Raises:
        NotFoundError: no such product.
    """
    found = find_product(uow, number)
    if found is None:
        raise NotFoundError(what="product", number=number)
    return found


def find_product(uow: UnitOfWork, number: int) -> Product | None:
    """The product with the merchant's short number, or None; any number may be asked for."""
    if not 0 <= number <= PRODUCT_NUMBER_MAX:
        return None
    found = product_store.read_products(uow.connection, uow.merchant, number=number)
    return found[0] if found else None


def products_seen_by(uow: UnitOfWork, by: Person) -> list[StockedProduct]:
    """Products with their stock, by number; store staff see those usable at their stores.

    Raises:
        NotAllowedError: `by` may not see products.
    """
    visible = visible_stores(by, Permission.see_products)
    everything = list_products(uow)
    if visible is None:
        return everything
    return [one for one in everything if one.product.stores is None or one.product.stores & visible]


def list_products(uow: UnitOfWork, *, on_shelf_only: bool = False) -> list[StockedProduct]:
    """Products with their stock, by number, for the shop and the tills."""
    products = product_store.read_products(
        uow.connection, uow.merchant, on_shelf_only=on_shelf_only
    )
    stocks = stocks_of(uow, [product.id for product in products])
    return [StockedProduct(product, stocks[product.id]) for product in products]


def stocks_of(uow: UnitOfWork, products: Collection[ProductId]) -> dict[ProductId, Stock]:
    """The total stock of products."""
    return stock_store.read_stocks(uow.connection, uow.merchant, products)


def set_total_stock(
    uow: UnitOfWork, by: Person | None, product: ProductId, total: int | None
) -> None:
    """Set how many units are on sale in all.

    Args:
        uow: the transaction.
        by: who does it; None for a command of whoever runs the server.
        product: which.
        total: units, at least 0; None is without limit.

    Raises:
        NotAllowedError: `by` may not.
        InvalidInputError: below 0.
        StockBelowSoldError: more are ordered and sold already.
    """
    _require_change(by)
    if total is not None and total < 0:
        raise InvalidInputError(field="total", allowed="at least 0")
    if not stock_store.write_total(uow, product, total):
        raise StockBelowSoldError(product=product, total=total)


def reserve_stock(uow: UnitOfWork, product: ProductId, units: int) -> None:
    """Hold units for an order that is not paid yet.

    Raises:
        OutOfStockError: fewer are left.

    Source: requirement row P3. Callers reserve several products in order of their ids.
    """
    assert units >= 1
    if not stock_store.reserve(uow, product, units):
        raise OutOfStockError(product=product, units=units)


def release_stock(uow: UnitOfWork, product: ProductId, units: int) -> None:
    """Give back what an unpaid order had reserved."""
    _move_stock(uow, product, -units, 0)


def take_stock(uow: UnitOfWork, product: ProductId, units: int) -> None:
    """Turn reserved units into sold ones, at payment."""
    _move_stock(uow, product, -units, units)


def return_stock(uow: UnitOfWork, product: ProductId, units: int) -> None:
    """Put sold units back on sale after their refund."""
    _move_stock(uow, product, 0, -units)


def _move_stock(uow: UnitOfWork, product: ProductId, reserved_delta: int, taken_delta: int) -> None:
    if not stock_store.move(uow, product, reserved_delta, taken_delta):
        raise BugError(f"stock of {product} would fall below 0")


def quotas(
    uow: UnitOfWork, pairs: Collection[tuple[StoreId, ProductId]]
) -> dict[tuple[StoreId, ProductId], Quota]:
    """Lock and read the quotas of pairs of store and product.

    Returns:
        Only pairs that have a quota; the others are without limit. The rows stay locked, in key
        order, until the transaction ends.

    Source: protocol rule S16 (a grant reserves the store's quota in its own transaction).
    """
    return stock_store.lock_quotas(uow, pairs) if pairs else {}


def move_quotas(uow: UnitOfWork, moves: Sequence[QuotaMove]) -> None:
    """Change the counts of stores, all pairs of store and product in one statement.

    Call it for every pair, with a quota or not: what is granted and used is always counted, so
    that headquarters can set a quota while grants are out. It does not compare with the quota,
    because a provisional redemption may overdraw it; whoever may not, reads `quotas` first.

    Raises:
        BugError: more would be given back than was reserved or used.

    Source: protocol rule S16.
    """
    sums: dict[tuple[StoreId, ProductId], tuple[int, int]] = {}
    for move in moves:
        reserved, used = sums.get((move.store, move.product), (0, 0))
        total = (reserved + move.reserved_delta, used + move.used_delta)
        sums[move.store, move.product] = total
    changed = {pair: deltas for pair, deltas in sums.items() if deltas != (0, 0)}
    if not changed:
        return
    counts = stock_store.lock_counts(uow, changed)
    missing = changed.keys() - counts.keys()
    if missing:
        stock_store.start_counting(uow, missing)
        counts = stock_store.lock_counts(uow, changed)
    moved = {pair: counts[pair].moved(*deltas) for pair, deltas in changed.items()}
    for (store, product), count in moved.items():
        if min(count.reserved, count.used) < 0:
            raise BugError(f"quota counts of product {product} at {store} would fall below 0")
    stock_store.write_counts(uow, moved)


def set_quota(
    uow: UnitOfWork, by: Person | None, pair: tuple[StoreId, ProductId], uses: int | None
) -> None:
    """Limit how many uses of a product a store may redeem; None lifts the limit.

    A limit below what is granted and used already only stops further grants.

    Raises:
        NotAllowedError: `by` may not.
        InvalidInputError: below 0.
    """
    _require_change(by)
    if uses is not None and uses < 0:
        raise InvalidInputError(field="quota", allowed="at least 0")
    store, product = pair
    stock_store.write_quota(uow, store, product, uses)


def quotas_seen_by(uow: UnitOfWork, by: Person) -> dict[tuple[StoreId, ProductId], Quota]:
    """Every quota of the stores a person may see.

    Raises:
        NotAllowedError: `by` may not see products.
    """
    visible = visible_stores(by, Permission.see_products)
    return {
        pair: quota
        for pair, quota in stock_store.read_quotas(uow.connection, uow.merchant).items()
        if visible is None or pair[0] in visible
    }


def _require_change(by: Person | None) -> None:
    if by is not None:
        require(by, Permission.change_products)
