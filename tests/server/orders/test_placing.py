"""An order is priced and frozen by the server, placed once, and ends when nobody pays."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from server.catalog import service as catalog
from server.catalog.rules import OutOfStockError, Stock, Validity
from server.distribution import service as distribution
from server.distribution.rules import DistributorState
from server.kernel.database import BlockingDatabase
from server.kernel.unit_of_work import UnitOfWork
from server.orders import service as orders
from server.orders.rules import (
    NotForSaleError,
    NotPayableError,
    OrderIdReusedError,
    Stage,
    TooManyError,
)
from server.stores import service as stores
from server.vouchers.rules import StoreOutOfScopeError
from shared.errors import NotFoundError
from shared.ids import ProductId, StoreId
from shared.redemption_rules import OrderState
from tests.server.database_under_test import NOW, Transactions
from tests.server.orders.market import BUYER, CARD, LEE, MEAL, cart, found_market, lee, pay
from tests.server.stores.some_chain import LAKESIDE, SOME_MERCHANT, STATION
from tests.server.vouchers.some_sale import KEYS


@pytest.fixture
def market(uow: UnitOfWork) -> UnitOfWork:
    found_market(uow)
    return uow


def stock_of(uow: UnitOfWork, product: ProductId) -> Stock:
    return catalog.stocks_of(uow, [product])[product]


def minutes_later(uow: UnitOfWork, minutes: int) -> UnitOfWork:
    return replace(uow, now=NOW + timedelta(minutes=minutes))


class TestPlacing:
    def test_costs_what_the_server_says_and_reserves_stock(self, market: UnitOfWork) -> None:
        placed = orders.place(market, KEYS, cart(market, (MEAL, 2), (CARD, 1)))
        assert placed.order.amount_fen == 2 * 8_800 + 9_900
        assert placed.order.state is OrderState.pending_payment
        assert placed.order.expires_at == NOW + timedelta(minutes=15)
        assert stock_of(market, MEAL.id) == Stock(None, 2, 0)

    def test_again_is_the_same_order(self, market: UnitOfWork) -> None:
        asked = cart(market)
        first = orders.place(market, KEYS, asked)
        again = orders.place(market, KEYS, asked)
        assert (again.order, again.link_secret) == (first.order, first.link_secret)
        assert (first.is_new, again.is_new) == (True, False)
        assert stock_of(market, MEAL.id).reserved == 1

    def test_again_with_another_cart_is_refused(self, market: UnitOfWork) -> None:
        asked = cart(market)
        orders.place(market, KEYS, asked)
        with pytest.raises(OrderIdReusedError):
            orders.place(market, KEYS, replace(asked, store=LAKESIDE.id))
        with pytest.raises(OrderIdReusedError):
            orders.place(market, KEYS, replace(asked, buyer=UUID(int=42)))

    def test_needs_enough_stock(self, market: UnitOfWork) -> None:
        catalog.set_total_stock(market, None, MEAL.id, 1)
        with pytest.raises(OutOfStockError):
            orders.place(market, KEYS, cart(market, (MEAL, 2)))

    def test_needs_products_on_the_shelf(self, market: UnitOfWork) -> None:
        catalog.save_product(market, None, replace(MEAL, on_shelf=False))
        old = Validity(None, NOW - timedelta(days=9), NOW)
        catalog.save_product(market, None, replace(CARD, validity=old))
        unknown = replace(MEAL, id=ProductId(UUID(int=99)))
        for product in (MEAL, CARD, unknown):
            with pytest.raises(NotForSaleError):
                orders.place(market, KEYS, cart(market, (product, 1)))

    def test_needs_a_store_where_it_is_valid(self, market: UnitOfWork) -> None:
        catalog.save_product(market, None, replace(MEAL, stores=frozenset({LAKESIDE.id})))
        orders.place(market, KEYS, cart(market, store=LAKESIDE.id))
        with pytest.raises(StoreOutOfScopeError):
            orders.place(market, KEYS, cart(market, store=STATION.id))
        with pytest.raises(NotFoundError):
            orders.place(market, KEYS, cart(market, (CARD, 1), store=StoreId(UUID(int=99))))

    def test_has_no_more_uses_than_a_code_can_carry(self, market: UnitOfWork) -> None:
        with pytest.raises(TooManyError) as refused:
            orders.place(market, KEYS, cart(market, (CARD, 7)))
        assert refused.value.facts["allowed"] == 6

    def test_freezes_price_and_rates(self, market: UnitOfWork) -> None:
        code = lee(market).link_code
        asked = cart(market, link_code=code)
        orders.place(market, KEYS, asked)
        catalog.save_product(market, None, replace(MEAL, price_fen=1, level1_rate_bp=0))
        distribution.set_state(market, None, LEE, DistributorState.frozen)
        line = orders.view_of(market, asked.order).lines[0]
        assert (line.unit_price_fen, line.split.level1_rate_bp) == (8_800, 1_000)
        assert (line.split.distributor, line.split.rule_version) == (LEE, 1)

    @pytest.mark.parametrize("link_code", [None, "abcdefgh", "'; --"])
    def test_without_a_known_link_earns_nobody_commission(
        self, market: UnitOfWork, link_code: str | None
    ) -> None:
        asked = cart(market, link_code=link_code)
        orders.place(market, KEYS, asked)
        split = orders.view_of(market, asked.order).lines[0].split
        assert (split.distributor, split.level1_rate_bp) == (None, 0)

    def test_earns_nothing_before_the_agreement_is_accepted(self, market: UnitOfWork) -> None:
        code = distribution.join(market, None, LEE, "推广员").link_code
        asked = cart(market, link_code=code)
        orders.place(market, KEYS, asked)
        assert orders.view_of(market, asked.order).order.distributor is None

    def test_at_the_same_moment_is_one_order(self, begin: Transactions, database_url: str) -> None:
        with begin() as uow:
            found_market(uow)
            asked = cart(uow)
        placed: list[bool] = []

        def place() -> None:
            database = BlockingDatabase(database_url)
            placed.append(begin.run(database, lambda uow: orders.place(uow, KEYS, asked)).is_new)
            database.close()

        buyers = [threading.Thread(target=place) for _ in range(4)]
        for buyer in buyers:
            buyer.start()
        for buyer in buyers:
            buyer.join()
        assert sorted(placed) == [False, False, False, True]
        with begin() as uow:
            assert stock_of(uow, MEAL.id).reserved == 1


class TestUnpaidOrders:
    def test_end_after_fifteen_minutes(self, market: UnitOfWork) -> None:
        asked = cart(market, (MEAL, 2))
        orders.place(market, KEYS, asked)
        assert orders.expire_unpaid(minutes_later(market, 14), 10) == 0
        assert orders.expire_unpaid(minutes_later(market, 15), 10) == 1
        assert orders.expire_unpaid(minutes_later(market, 16), 10) == 0
        assert stock_of(market, MEAL.id) == Stock(None, 0, 0)
        assert orders.view_of(market, asked.order).stage is Stage.cancelled

    def test_end_a_few_at_a_time(self, market: UnitOfWork) -> None:
        for _ in range(5):
            orders.place(market, KEYS, cart(market))
        late = minutes_later(market, 20)
        assert [orders.expire_unpaid(late, 2) for _ in range(4)] == [2, 2, 1, 0]

    def test_cannot_be_paid_when_their_time_is_over(self, market: UnitOfWork) -> None:
        asked = cart(market)
        orders.place(market, KEYS, asked)
        with pytest.raises(NotPayableError):
            orders.start_payment(minutes_later(market, 15), asked.order, "sandbox")

    def test_can_be_given_up(self, market: UnitOfWork) -> None:
        asked = cart(market)
        orders.place(market, KEYS, asked)
        orders.cancel(market, asked.order)
        assert stock_of(market, MEAL.id) == Stock(None, 0, 0)
        with pytest.raises(NotPayableError):
            orders.cancel(market, asked.order)
        with pytest.raises(NotPayableError):
            orders.start_payment(market, asked.order, "sandbox")

    def test_that_were_paid_never_expire(self, market: UnitOfWork) -> None:
        asked = cart(market)
        orders.place(market, KEYS, asked)
        pay(market, asked.order)
        assert orders.expire_unpaid(minutes_later(market, 60), 10) == 0
        with pytest.raises(NotPayableError):
            orders.cancel(market, asked.order)


class TestReading:
    def test_a_link_opens_its_order(self, market: UnitOfWork) -> None:
        placed = orders.place(market, KEYS, cart(market))
        assert orders.order_of_link(market, placed.link_secret).order == placed.order
        with pytest.raises(NotFoundError):
            orders.order_of_link(market, "A" * 22)

    def test_a_buyer_sees_only_their_own(self, market: UnitOfWork) -> None:
        placed = orders.place(market, KEYS, cart(market))
        orders.place(market, KEYS, replace(cart(market), buyer=UUID(int=42)))
        assert [view.order for view in orders.orders_of_buyer(market, BUYER, 10)] == [placed.order]
        assert orders.order_of_buyer(market, placed.order.id, BUYER).order == placed.order
        with pytest.raises(NotFoundError):
            orders.order_of_buyer(market, placed.order.id, UUID(int=42))

    def test_the_merchant_stands_as_founded(self, market: UnitOfWork) -> None:
        assert stores.merchant_of(market) == SOME_MERCHANT
