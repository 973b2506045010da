"""A payment becomes vouchers exactly once, however often, together and late it is told."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.catalog import service as catalog
from server.catalog.rules import Stock
from server.holdings import service as holdings
from server.kernel.database import BlockingDatabase
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import AccountKind
from server.orders import service as orders
from server.orders.rules import NotPayableError, NotRefundableError, OrderNotPaidError, Stage
from server.orders.service import PaidOutcome
from server.payments import service as payments
from server.payments.rules import AmountMismatchError, PaymentState
from server.vouchers import service as vouchers
from tests.server.database_under_test import NOW, Transactions
from tests.server.holdings.chain import grants_told
from tests.server.orders.market import (
    CARD,
    MEAL,
    answer_for,
    buy,
    cart,
    found_market,
    lakeside_till,
)
from tests.server.stores.some_chain import LAKESIDE, STATION
from tests.server.vouchers.some_sale import KEYS


@pytest.fixture
def market(uow: UnitOfWork) -> UnitOfWork:
    found_market(uow)
    return uow


def booked_fen(uow: UnitOfWork, kind: AccountKind) -> int:
    return sum(balance.amount_fen for balance in ledger.balances(uow, [kind]))


class TestPaying:
    def test_makes_one_voucher_for_each_line(self, market: UnitOfWork) -> None:
        asked = cart(market, (MEAL, 2), (CARD, 3))
        made = buy(market, asked)
        assert made.outcome is PaidOutcome.issued
        terms = vouchers.terms_of(market, made.vouchers)
        sold = {
            of.product_number: (of.uses_total, of.value_fen, of.face_fen) for of in terms.values()
        }
        assert sold == {101: (2, 17_600, 25_600), 102: (30, 29_700, 38_400)}
        view = orders.view_of(market, asked.order)
        assert view.stage is Stage.to_redeem
        assert [one.terms.voucher_ref for one in view.vouchers] == list(made.vouchers)
        assert [one.holding.held for one in view.vouchers] == [2, 30]

    def test_books_the_money_and_takes_the_stock(self, market: UnitOfWork) -> None:
        buy(market, cart(market, (MEAL, 2)))
        assert booked_fen(market, AccountKind.provider_clearing) == 17_600
        assert booked_fen(market, AccountKind.voucher_liability) == -17_600
        assert catalog.stocks_of(market, [MEAL.id])[MEAL.id] == Stock(None, 0, 2)

    def test_grants_to_the_chosen_store_at_once(self, market: UnitOfWork) -> None:
        made = buy(market, cart(market, store=LAKESIDE.id))
        told = grants_told(lakeside_till().news(market))
        assert [entry.voucher_ref for entry in told] == list(made.vouchers)
        grant = holdings.open_grant(market, made.vouchers[0])
        assert grant is not None
        assert grant.store == LAKESIDE.id

    def test_without_a_store_leaves_it_with_the_server(self, market: UnitOfWork) -> None:
        made = buy(market, cart(market))
        assert holdings.open_grant(market, made.vouchers[0]) is None

    def test_told_ten_times_changes_nothing_more(self, market: UnitOfWork) -> None:
        asked = cart(market, store=LAKESIDE.id)
        orders.place(market, KEYS, asked)
        answer = answer_for(market, asked.order)
        outcomes = [orders.paid(market, KEYS, answer).outcome for _ in range(10)]
        assert outcomes == [PaidOutcome.issued] + [PaidOutcome.known] * 9
        assert len(vouchers.vouchers_of_order(market, asked.order)) == 1
        assert booked_fen(market, AccountKind.provider_clearing) == 8_800
        assert len(grants_told(lakeside_till().news(market))) == 1

    def test_of_another_amount_is_refused(self, market: UnitOfWork) -> None:
        asked = cart(market)
        orders.place(market, KEYS, asked)
        answer = replace(answer_for(market, asked.order), amount_fen=1)
        with pytest.raises(AmountMismatchError):
            orders.paid(market, KEYS, answer)
        assert orders.view_of(market, asked.order).stage is Stage.pending_payment

    def test_told_by_many_workers_at_once_counts_once(
        self, begin: Transactions, database_url: str
    ) -> None:
        with begin() as uow:
            found_market(uow)
            asked = cart(uow)
            orders.place(uow, KEYS, asked)
            answer = answer_for(uow, asked.order)
        outcomes: list[PaidOutcome] = []

        def tell() -> None:
            database = BlockingDatabase(database_url)
            made = begin.run(database, lambda uow: orders.paid(uow, KEYS, answer))
            outcomes.append(made.outcome)
            database.close()

        workers = [threading.Thread(target=tell) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert sorted(outcomes) == [PaidOutcome.issued] + [PaidOutcome.known] * 3
        with begin() as uow:
            assert len(vouchers.vouchers_of_order(uow, asked.order)) == 1


class TestPayingTooLate:
    def test_gives_the_money_back(self, market: UnitOfWork) -> None:
        asked = cart(market)
        orders.place(market, KEYS, asked)
        answer = answer_for(market, asked.order)
        late = replace(market, now=NOW + timedelta(minutes=20))
        orders.expire_unpaid(late, 10)
        outcomes = [orders.paid(late, KEYS, answer).outcome for _ in range(3)]
        assert outcomes == [PaidOutcome.refunding, PaidOutcome.known, PaidOutcome.known]
        payment = payments.payments_of_order(market, asked.order)[0]
        refunds = payments.refunds_of_payment(market, payment.id)
        assert [refund.amount_fen for refund in refunds] == [8_800]
        assert vouchers.vouchers_of_order(market, asked.order) == []
        assert booked_fen(market, AccountKind.provider_clearing) == 0
        assert orders.view_of(market, asked.order).stage is Stage.cancelled

    def test_is_not_too_late_while_the_order_still_waits(self, market: UnitOfWork) -> None:
        asked = cart(market)
        orders.place(market, KEYS, asked)
        answer = answer_for(market, asked.order)
        late = replace(market, now=NOW + timedelta(minutes=20))
        assert orders.paid(late, KEYS, answer).outcome is PaidOutcome.issued

    def test_twice_by_two_payments_gives_one_back(self, market: UnitOfWork) -> None:
        asked = cart(market)
        orders.place(market, KEYS, asked)
        first = answer_for(market, asked.order)
        payments.note_closed(market, first.number)
        second = answer_for(market, asked.order)
        assert orders.paid(market, KEYS, second).outcome is PaidOutcome.issued
        assert orders.paid(market, KEYS, first).outcome is PaidOutcome.refunding
        states = [one.state for one in payments.payments_of_order(market, asked.order)]
        assert states == [PaymentState.succeeded] * 2
        assert booked_fen(market, AccountKind.provider_clearing) == 8_800


class TestChoosingAStoreLater:
    def test_brings_the_voucher_there(self, market: UnitOfWork) -> None:
        made = buy(market, cart(market))
        assert orders.choose_store(market, made.vouchers[0], LAKESIDE.id)
        grant = holdings.open_grant(market, made.vouchers[0])
        assert grant is not None
        assert grant.store == LAKESIDE.id

    def test_calls_it_back_from_another_store_first(self, market: UnitOfWork) -> None:
        made = buy(market, cart(market, store=LAKESIDE.id))
        ref = made.vouchers[0]
        assert not orders.choose_store(market, ref, STATION.id)
        till = lakeside_till()
        grant = grants_told(till.news(market))[0]
        till.release(holdings.holding_of(market, ref).holders[0].grant, grant.uses)  # type: ignore[union-attr]
        till.sync(market)
        moved = holdings.open_grant(market, ref)
        assert moved is not None
        assert moved.store == STATION.id

    def test_is_refused_for_what_was_refunded(self, market: UnitOfWork) -> None:
        asked = cart(market)
        made = buy(market, asked)
        orders.request_refund(market, asked.order)
        with pytest.raises(OrderNotPaidError):
            orders.choose_store(market, made.vouchers[0], LAKESIDE.id)


actions = st.lists(st.sampled_from(["place", "pay", "expire", "cancel", "refund"]), max_size=12)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=actions)
def test_no_history_loses_money_or_stock(market: UnitOfWork, history: list[str]) -> None:
    late = replace(market, now=NOW + timedelta(minutes=20))
    orders.expire_unpaid(late, 100)  # what the history before left behind
    asked = cart(market, (MEAL, 2))
    before_fen = booked_fen(market, AccountKind.provider_clearing)
    before = catalog.stocks_of(market, [MEAL.id])[MEAL.id]
    orders.place(market, KEYS, asked)
    answer = answer_for(market, asked.order)
    verbs: dict[str, Callable[[], object]] = {
        "place": lambda: orders.place(market, KEYS, asked),
        "pay": lambda: orders.paid(market, KEYS, answer),
        "expire": lambda: orders.expire_unpaid(late, 10),
        "cancel": lambda: orders.cancel(market, asked.order),
        "refund": lambda: orders.request_refund(market, asked.order),
    }
    for action in history:
        with contextlib.suppress(NotPayableError, NotRefundableError):
            verbs[action]()
    sold = orders.view_of(market, asked.order).stage in (Stage.to_redeem, Stage.pending_payment)
    stock = catalog.stocks_of(market, [MEAL.id])[MEAL.id]
    units = stock.reserved + stock.taken - before.reserved - before.taken
    assert units == (2 if sold else 0)
    paid_fen = booked_fen(market, AccountKind.provider_clearing) - before_fen
    stage = orders.view_of(market, asked.order).stage
    assert paid_fen == (17_600 if stage is Stage.to_redeem else 0)
    assert ledger.check(market) == []
