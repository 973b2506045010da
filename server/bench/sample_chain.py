"""A small chain with vouchers to redeem, made through the services: for benchmarks and tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from server.catalog import service as catalog
from server.catalog.rules import Product, Validity
from server.holdings import service as holdings
from server.kernel.keys import MerchantKeys
from server.kernel.unit_of_work import UnitOfWork
from server.stores import service as stores
from server.stores.rules import Merchant, Policy, Store
from server.vouchers import service as vouchers
from server.vouchers.rules import IssuedVoucher, SplitTerms, VoucherSale
from shared.ids import DistributorId, OrderId, ProductId, StoreId

SHORT_NAME = "sample"
PRICE_FEN = 1_990
PRODUCT_NUMBER = 7
VALID_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SampleChain:
    """What was made.

    Attributes:
        stores: ids of its stores.
        product: its one product.
        distributor: who brought every order.
    """

    stores: tuple[StoreId, ...]
    product: Product
    distributor: DistributorId


def make_chain(uow: UnitOfWork, store_count: int) -> SampleChain:
    """Make a merchant with stores numbered from 1 and one product."""
    merchant = Merchant(uow.merchant, SHORT_NAME, "Sample", "Asia/Shanghai", Policy())
    stores.save_merchant(uow, None, merchant)
    made = [_store(uow, number) for number in range(1, store_count + 1)]
    for store in made:
        stores.save_store(uow, None, store)
    product = catalog.save_product(uow, None, _product(uow))
    ids = tuple(store.id for store in made)
    return SampleChain(ids, product, DistributorId(uow.new_id()))


def sell(
    uow: UnitOfWork,
    keys: MerchantKeys,
    chain: SampleChain,
    count: int,
    store: StoreId | None = None,
) -> list[IssuedVoucher]:
    """Sell vouchers of one use each, as if orders had been paid; the server holds them.

    Args:
        uow: the transaction.
        keys: the merchant's.
        chain: whose product.
        count: how many vouchers.
        store: which store the buyers choose, or None.
    """
    sales = [_sale(uow, chain, store) for _ in range(count)]
    issued = vouchers.issue(uow, keys, sales)
    holdings.open_holdings(uow, [(made.voucher_ref, 1, PRICE_FEN) for made in issued])
    return issued


def sold_refs(issued: Sequence[IssuedVoucher]) -> list[bytes]:
    """The references of sold vouchers."""
    return [made.voucher_ref for made in issued]


def _store(uow: UnitOfWork, number: int) -> Store:
    return Store(
        id=StoreId(uow.new_id()),
        number=number,
        name=f"Store {number}",
        address="",
        phone="",
        position=None,
        hours="",
        open=True,
        legal_entity="Sample Ltd",
        manager=None,
    )


def _product(uow: UnitOfWork) -> Product:
    return Product(
        id=ProductId(uow.new_id()),
        number=PRODUCT_NUMBER,
        name="Coffee",
        description="",
        price_fen=PRICE_FEN,
        face_fen=2_500,
        uses_per_unit=1,
        per_visit_uses_max=1,
        validity=Validity(days=30),
        stores=None,
        refundable=True,
        booking_required=False,
        provisional_allowed=False,
        attention_text=None,
        platform_rate_bp=500,
        level1_rate_bp=1_000,
        rule_version=1,
        on_shelf=True,
    )


def _sale(uow: UnitOfWork, chain: SampleChain, store: StoreId | None) -> VoucherSale:
    order = OrderId(uow.new_id())
    product = chain.product
    return VoucherSale(
        order=order,
        order_number=order.hex[-8:],
        product=product.id,
        product_number=product.number,
        product_name=product.name,
        uses_total=1,
        value_fen=PRICE_FEN,
        face_fen=product.face_fen,
        valid_from=uow.now - timedelta(minutes=1),
        valid_until=uow.now + VALID_FOR,
        stores=None,
        per_visit_uses_max=1,
        attention=False,
        booked_slot=None,
        chosen_store=store,
        split=SplitTerms(
            distributor=chain.distributor,
            level1_rate_bp=product.level1_rate_bp,
            platform_rate_bp=product.platform_rate_bp,
            rule_version=product.rule_version,
        ),
    )
