"""What was not redeemed goes back to the buyer: at once, or when the till has answered."""

from dataclasses import replace

import pytest

from server.catalog import service as catalog
from server.catalog.rules import Stock
from server.distribution import service as distribution
from server.holdings import service as holdings
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import AccountKind
from server.orders import service as orders
from server.orders.rules import NotRefundableError, Stage
from server.payments import service as payments
from server.payments.rules import Refund
from server.staff.rules import Person, Role
from shared.errors import NotAllowedError, NotFoundError
from shared.ids import OrderId, StaffId
from shared.redemption_rules import OrderState
from tests.server.holdings.chain import new_eid
from tests.server.orders.market import (
    BUYER,
    CARD,
    LEE,
    MEAL,
    buy,
    cart,
    found_market,
    lakeside_till,
    lee,
)
from tests.server.stores.some_chain import LAKESIDE, STATION

CLERK = Person(
    StaffId(BUYER), "clerk", "乙", "乙", Role.store_manager, frozenset({LAKESIDE.id}), True
)
OPERATOR = replace(CLERK, role=Role.operator, stores=None)


@pytest.fixture
def market(uow: UnitOfWork) -> UnitOfWork:
    found_market(uow)
    return uow


def refunds(uow: UnitOfWork, order: OrderId) -> list[Refund]:
    payment = payments.payments_of_order(uow, order)[0]
    return payments.refunds_of_payment(uow, payment.id)


def booked_fen(uow: UnitOfWork, kind: AccountKind) -> int:
    return sum(balance.amount_fen for balance in ledger.balances(uow, [kind]))


def test_what_the_server_holds_is_refunded_at_once(market: UnitOfWork) -> None:
    asked = cart(market, (MEAL, 2))
    buy(market, asked)
    assert orders.request_refund(market, asked.order) is OrderState.refunded
    assert [refund.amount_fen for refund in refunds(market, asked.order)] == [17_600]
    assert catalog.stocks_of(market, [MEAL.id])[MEAL.id] == Stock(None, 0, 0)
    view = orders.view_of(market, asked.order)
    assert view.stage is Stage.refunded
    assert view.vouchers[0].terms.order_state is OrderState.refunded
    assert booked_fen(market, AccountKind.provider_clearing) == 0
    assert booked_fen(market, AccountKind.voucher_liability) == 0


def test_again_it_is_refused(market: UnitOfWork) -> None:
    asked = cart(market)
    buy(market, asked)
    orders.request_refund(market, asked.order)
    with pytest.raises(NotRefundableError):
        orders.request_refund(market, asked.order)
    assert len(refunds(market, asked.order)) == 1


def test_what_a_till_holds_waits_for_its_release(market: UnitOfWork) -> None:
    asked = cart(market, store=LAKESIDE.id)
    made = buy(market, asked)
    assert orders.request_refund(market, asked.order) is OrderState.paid
    assert orders.view_of(market, asked.order).stage is Stage.refunding
    assert refunds(market, asked.order) == []
    assert orders.settle_refunds(market, 10) == 0
    assert orders.request_refund(market, asked.order) is OrderState.paid

    till = lakeside_till()
    view = holdings.holding_of(market, made.vouchers[0])
    assert view is not None
    till.release(view.holders[0].grant, 1)
    till.sync(market)
    assert orders.settle_refunds(market, 10) == 1
    assert orders.settle_refunds(market, 10) == 0
    assert [refund.amount_fen for refund in refunds(market, asked.order)] == [8_800]
    assert orders.view_of(market, asked.order).stage is Stage.refunded


def test_a_redemption_on_its_way_comes_first(market: UnitOfWork) -> None:
    asked = cart(market, store=LAKESIDE.id)
    made = buy(market, asked)
    orders.request_refund(market, asked.order)
    till = lakeside_till()
    view = holdings.holding_of(market, made.vouchers[0])
    assert view is not None
    grant = view.holders[0].grant
    till.redeem(new_eid(market), made.vouchers[0], grant)
    till.release(grant, 0)
    till.sync(market)
    assert orders.settle_refunds(market, 10) == 1
    assert refunds(market, asked.order) == []
    assert orders.view_of(market, asked.order).stage is Stage.redeemed


def test_of_a_card_the_unused_part_is_refunded(market: UnitOfWork) -> None:
    link_code = lee(market).link_code
    asked = cart(market, (CARD, 2), store=LAKESIDE.id, link_code=link_code)
    made = buy(market, asked)
    till = lakeside_till()
    view = holdings.holding_of(market, made.vouchers[0])
    assert view is not None
    grant = view.holders[0].grant
    till.redeem(new_eid(market), made.vouchers[0], grant, 3)
    till.sync(market)
    assert distribution.pending_fen(market, LEE) == 297
    assert orders.view_of(market, asked.order).stage is Stage.to_redeem
    orders.request_refund(market, asked.order)
    till.release(grant, 17)
    till.sync(market)
    assert orders.settle_refunds(market, 10) == 1
    # 19,800 fen for 20 uses, 3 of them used; only one of the two cards is whole.
    assert [refund.amount_fen for refund in refunds(market, asked.order)] == [16_830]
    assert catalog.stocks_of(market, [CARD.id])[CARD.id] == Stock(None, 0, 1)
    assert booked_fen(market, AccountKind.voucher_liability) == 0
    assert ledger.check(market) == []


def test_a_use_taken_back_after_the_refund_is_refunded_when_asked_again(
    market: UnitOfWork,
) -> None:
    asked = cart(market, (CARD, 1))
    made = buy(market, asked)
    till, eid = lakeside_till(), new_eid(market)
    till.ask(market, eid, made.vouchers[0], 2)
    orders.request_refund(market, asked.order)
    till.void(eid, made.vouchers[0], 2)
    till.sync(market)
    assert orders.request_refund(market, asked.order) is OrderState.refunded
    assert [refund.amount_fen for refund in refunds(market, asked.order)] == [7_920, 1_980]
    assert booked_fen(market, AccountKind.voucher_liability) == 0
    assert booked_fen(market, AccountKind.provider_clearing) == 0
    with pytest.raises(NotRefundableError):
        orders.request_refund(market, asked.order)


def test_what_the_terms_keep_is_not_refunded(market: UnitOfWork) -> None:
    catalog.save_product(market, None, replace(MEAL, refundable=False))
    only = cart(market)
    buy(market, only)
    with pytest.raises(NotRefundableError):
        orders.request_refund(market, only.order)
    mixed = cart(market, (MEAL, 1), (CARD, 1))
    buy(market, mixed)
    assert orders.request_refund(market, mixed.order) is OrderState.paid
    assert [refund.amount_fen for refund in refunds(market, mixed.order)] == [9_900]
    assert orders.view_of(market, mixed.order).stage is Stage.to_redeem
    assert orders.settle_refunds(market, 10) == 0


def test_an_unpaid_order_has_nothing_to_refund(market: UnitOfWork) -> None:
    with pytest.raises(NotFoundError):
        orders.request_refund(market, OrderId(BUYER))


def test_headquarters_may_and_a_store_may_not(market: UnitOfWork) -> None:
    asked = cart(market)
    buy(market, asked)
    with pytest.raises(NotAllowedError):
        orders.request_refund(market, asked.order, CLERK)
    assert orders.request_refund(market, asked.order, OPERATOR) is OrderState.refunded


def test_a_manager_lists_the_orders_of_their_store(market: UnitOfWork) -> None:
    here, there = cart(market, store=LAKESIDE.id), cart(market, store=STATION.id)
    buy(market, here)
    buy(market, there)
    seen = [view.order.id for view in orders.list_orders(market, CLERK, 10)]
    assert seen == [here.order]
    assert len(orders.list_orders(market, OPERATOR, 10)) == 2
    number = orders.view_of(market, there.order).order.number
    assert [v.order.id for v in orders.list_orders(market, OPERATOR, 10, number)] == [there.order]
    with pytest.raises(NotAllowedError):
        orders.list_orders(market, replace(CLERK, role=Role.clerk), 10)
