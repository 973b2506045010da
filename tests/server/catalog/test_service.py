"""Stock is never oversold and quotas never miscounted, also when transactions race."""

import contextlib
import threading
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.catalog import service as catalog
from server.catalog.rules import (
    InvalidProductError,
    OutOfStockError,
    Quota,
    QuotaMove,
    Stock,
    StockBelowSoldError,
)
from server.kernel.database import BlockingDatabase
from server.kernel.unit_of_work import UnitOfWork
from server.staff.rules import Person, Role
from shared.errors import BugError, NotAllowedError, NotFoundError
from shared.ids import ProductId, StaffId, StoreId
from tests.server.catalog.some_product import SOME_PRODUCT
from tests.server.database_under_test import Transactions

STORE = StoreId(UUID(int=1))
OTHER_STORE = StoreId(UUID(int=2))
PRODUCT = SOME_PRODUCT.id
CLERK = Person(StaffId(UUID(int=9)), "clerk", "乙", "乙", Role.clerk, frozenset({STORE}), True)


@pytest.fixture
def shelf(uow: UnitOfWork) -> UnitOfWork:
    catalog.save_product(uow, None, SOME_PRODUCT)
    return uow


class TestSavingProducts:
    def test_a_product_is_read_as_it_was_saved(self, shelf: UnitOfWork) -> None:
        chosen = replace(
            SOME_PRODUCT,
            id=ProductId(UUID(int=3)),
            number=102,
            stores=frozenset({STORE, OTHER_STORE}),
            attention_text="看证件",
        )
        catalog.save_product(shelf, None, chosen)
        assert catalog.product_of_number(shelf, 102) == chosen
        assert catalog.products_of(shelf, [PRODUCT]) == {PRODUCT: SOME_PRODUCT}

    def test_its_stores_can_be_taken_away_again(self, shelf: UnitOfWork) -> None:
        catalog.save_product(shelf, None, replace(SOME_PRODUCT, stores=frozenset({STORE})))
        catalog.save_product(shelf, None, replace(SOME_PRODUCT, stores=frozenset({OTHER_STORE})))
        assert catalog.product_of_number(shelf, 101).stores == frozenset({OTHER_STORE})

    def test_a_changed_rate_is_a_new_version_of_the_rules(self, shelf: UnitOfWork) -> None:
        dearer = catalog.save_product(shelf, None, replace(SOME_PRODUCT, price_fen=9_000))
        assert dearer.rule_version == 1
        assert (
            catalog.save_product(
                shelf, None, replace(SOME_PRODUCT, level1_rate_bp=900)
            ).rule_version
            == 2
        )

    def test_a_faulty_one_is_refused_by_name(self, uow: UnitOfWork) -> None:
        with pytest.raises(InvalidProductError) as refused:
            catalog.save_product(uow, None, replace(SOME_PRODUCT, level1_rate_bp=3_001))
        assert refused.value.facts["field"] == "level1_rate_bp"

    def test_a_clerk_may_look_and_not_touch(self, shelf: UnitOfWork) -> None:
        assert [one.product for one in catalog.products_seen_by(shelf, CLERK)] == [SOME_PRODUCT]
        with pytest.raises(NotAllowedError):
            catalog.save_product(shelf, CLERK, replace(SOME_PRODUCT, price_fen=1))
        with pytest.raises(NotAllowedError):
            catalog.set_total_stock(shelf, CLERK, PRODUCT, 5)
        with pytest.raises(NotAllowedError):
            catalog.set_quota(shelf, CLERK, (STORE, PRODUCT), 5)

    def test_a_store_sees_no_product_of_other_stores(self, shelf: UnitOfWork) -> None:
        catalog.save_product(shelf, None, replace(SOME_PRODUCT, stores=frozenset({OTHER_STORE})))
        assert catalog.products_seen_by(shelf, CLERK) == []

    def test_an_unknown_number_is_not_found(self, uow: UnitOfWork) -> None:
        with pytest.raises(NotFoundError):
            catalog.product_of_number(uow, 5)


class TestStock:
    def test_it_is_reserved_taken_and_returned(self, shelf: UnitOfWork) -> None:
        catalog.set_total_stock(shelf, None, PRODUCT, 10)
        catalog.reserve_stock(shelf, PRODUCT, 4)
        catalog.take_stock(shelf, PRODUCT, 3)
        catalog.release_stock(shelf, PRODUCT, 1)
        catalog.return_stock(shelf, PRODUCT, 2)
        assert catalog.stocks_of(shelf, [PRODUCT]) == {PRODUCT: Stock(10, 0, 1)}

    def test_the_last_unit_is_sold_once(self, shelf: UnitOfWork) -> None:
        catalog.set_total_stock(shelf, None, PRODUCT, 1)
        catalog.reserve_stock(shelf, PRODUCT, 1)
        with pytest.raises(OutOfStockError):
            catalog.reserve_stock(shelf, PRODUCT, 1)

    def test_the_total_cannot_fall_below_what_is_sold(self, shelf: UnitOfWork) -> None:
        catalog.reserve_stock(shelf, PRODUCT, 3)
        with pytest.raises(StockBelowSoldError):
            catalog.set_total_stock(shelf, None, PRODUCT, 2)
        catalog.set_total_stock(shelf, None, PRODUCT, 3)

    def test_more_than_there_is_cannot_come_back(self, shelf: UnitOfWork) -> None:
        with pytest.raises(BugError):
            catalog.return_stock(shelf, PRODUCT, 1)

    def test_buyers_at_the_same_moment_never_buy_too_much(
        self, begin: Transactions, database_url: str
    ) -> None:
        with begin() as uow:
            catalog.save_product(uow, None, SOME_PRODUCT)
            catalog.set_total_stock(uow, None, PRODUCT, 5)
        sold: list[int] = []

        def buy() -> None:
            database = BlockingDatabase(database_url)
            for _ in range(3):
                try:
                    begin.run(database, lambda uow: catalog.reserve_stock(uow, PRODUCT, 1))
                    sold.append(1)
                except OutOfStockError:
                    break
            database.close()

        buyers = [threading.Thread(target=buy) for _ in range(4)]
        for buyer in buyers:
            buyer.start()
        for buyer in buyers:
            buyer.join()
        with begin() as uow:
            assert catalog.stocks_of(uow, [PRODUCT]) == {PRODUCT: Stock(5, 5, 0)}
        assert len(sold) == 5


steps = st.lists(
    st.tuples(st.sampled_from(["reserve", "take", "release", "return"]), st.integers(1, 4)),
    max_size=25,
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(total=st.integers(0, 6), history=steps)
def test_no_history_oversells(
    shelf: UnitOfWork, total: int, history: list[tuple[str, int]]
) -> None:
    verbs = {
        "reserve": catalog.reserve_stock,
        "take": catalog.take_stock,
        "release": catalog.release_stock,
        "return": catalog.return_stock,
    }
    number = len(catalog.list_products(shelf)) + 200
    fresh = ProductId(shelf.new_id())
    catalog.save_product(shelf, None, replace(SOME_PRODUCT, id=fresh, number=number))
    catalog.set_total_stock(shelf, None, fresh, total)
    for verb, units in history:
        # Refused or not, the state afterwards must hold.
        with contextlib.suppress(OutOfStockError, BugError):
            verbs[verb](shelf, fresh, units)
        stock = catalog.stocks_of(shelf, [fresh])[fresh]
        assert stock.reserved >= 0
        assert stock.taken >= 0
        assert stock.reserved + stock.taken <= total


class TestQuotas:
    def test_only_limited_pairs_have_one(self, shelf: UnitOfWork) -> None:
        catalog.set_quota(shelf, None, (STORE, PRODUCT), 3)
        pairs = [(STORE, PRODUCT), (OTHER_STORE, PRODUCT)]
        assert catalog.quotas(shelf, pairs) == {(STORE, PRODUCT): Quota(3, 0, 0)}
        assert catalog.quotas(shelf, []) == {}

    def test_moves_of_a_pair_are_summed(self, shelf: UnitOfWork) -> None:
        catalog.set_quota(shelf, None, (STORE, PRODUCT), 5)
        grant = QuotaMove(STORE, PRODUCT, 1, 0)
        redeem = QuotaMove(STORE, PRODUCT, -1, 1)
        catalog.move_quotas(shelf, [grant, grant, redeem])
        assert catalog.quotas(shelf, [(STORE, PRODUCT)])[STORE, PRODUCT] == Quota(5, 1, 1)

    def test_a_quota_set_while_grants_are_out_counts_them(self, shelf: UnitOfWork) -> None:
        catalog.move_quotas(shelf, [QuotaMove(STORE, PRODUCT, 2, 1)])
        catalog.set_quota(shelf, None, (STORE, PRODUCT), 5)
        assert catalog.quotas(shelf, [(STORE, PRODUCT)])[STORE, PRODUCT].left == 2

    def test_a_lifted_quota_is_none(self, shelf: UnitOfWork) -> None:
        catalog.set_quota(shelf, None, (STORE, PRODUCT), 5)
        catalog.set_quota(shelf, None, (STORE, PRODUCT), None)
        assert catalog.quotas(shelf, [(STORE, PRODUCT)]) == {}

    def test_an_offline_redemption_may_overdraw_it(self, shelf: UnitOfWork) -> None:
        catalog.set_quota(shelf, None, (STORE, PRODUCT), 1)
        catalog.move_quotas(shelf, [QuotaMove(STORE, PRODUCT, 0, 2)])
        assert catalog.quotas(shelf, [(STORE, PRODUCT)])[STORE, PRODUCT].left == -1

    def test_giving_back_what_was_never_reserved_is_a_bug(self, shelf: UnitOfWork) -> None:
        with pytest.raises(BugError):
            catalog.move_quotas(shelf, [QuotaMove(STORE, PRODUCT, -1, 0)])

    def test_a_store_sees_its_own_only(self, shelf: UnitOfWork) -> None:
        catalog.set_quota(shelf, None, (STORE, PRODUCT), 1)
        catalog.set_quota(shelf, None, (OTHER_STORE, PRODUCT), 2)
        assert catalog.quotas_seen_by(shelf, CLERK) == {(STORE, PRODUCT): Quota(1, 0, 0)}
