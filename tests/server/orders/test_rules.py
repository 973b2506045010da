"""Which states follow which, and what people are told."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.orders.rules import (
    ORDER_MOVES,
    BadOrderIdError,
    Cart,
    CartLine,
    EmptyCartError,
    Stage,
    TooManyError,
    UsesOfVoucher,
    cart_hash,
    check_cart,
    check_order_move,
    stage_of,
    units_to_return,
)
from shared.errors import BugError, InvalidInputError
from shared.ids import OrderId, ProductId
from shared.redemption_rules import OrderState, RefundState

CART = Cart(
    OrderId(UUID("01890000-0000-7000-8000-0000000000d1")),
    None,
    (CartLine(ProductId(UUID(int=1)), 2),),
    None,
    None,
)
states = st.sampled_from(list(OrderState))


def test_every_state_is_in_the_table() -> None:
    assert set(ORDER_MOVES) == set(OrderState)


@given(st.lists(states, max_size=12))
def test_no_history_leaves_an_end_or_skips_payment(history: list[OrderState]) -> None:
    state, been = OrderState.pending_payment, {OrderState.pending_payment}
    for after in history:
        try:
            check_order_move(state, after)
        except BugError:
            continue
        assert state not in (OrderState.cancelled, OrderState.refunded)
        state = after
        been.add(state)
        if state in (OrderState.refunded, OrderState.in_after_sale):
            assert OrderState.paid in been
        assert not {OrderState.cancelled, OrderState.paid} <= been


vouchers = st.lists(
    st.builds(UsesOfVoucher, st.integers(0, 5), st.sampled_from(list(RefundState))), max_size=4
)


@given(states, vouchers)
def test_every_order_has_a_stage(state: OrderState, of: list[UsesOfVoucher]) -> None:
    stage = stage_of(state, of)
    if state is not OrderState.paid:
        assert stage.value == state.value
    elif any(voucher.refund_state is RefundState.asked for voucher in of):
        assert stage is Stage.refunding
    else:
        assert stage is (Stage.to_redeem if any(voucher.left for voucher in of) else Stage.redeemed)


@pytest.mark.parametrize(
    ("cart", "refused"),
    [
        (replace(CART, order=OrderId(UUID(int=5))), BadOrderIdError),
        (replace(CART, lines=()), EmptyCartError),
        (replace(CART, lines=(CartLine(ProductId(UUID(int=1)), 0),)), InvalidInputError),
        (replace(CART, lines=CART.lines * 2), InvalidInputError),
        (
            replace(CART, lines=tuple(CartLine(ProductId(UUID(int=n)), 1) for n in range(21))),
            TooManyError,
        ),
    ],
)
def test_a_bad_cart_is_refused(cart: Cart, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        check_cart(cart)


def test_a_cart_is_told_from_another() -> None:
    assert cart_hash(CART) == cart_hash(replace(CART))
    assert cart_hash(CART) != cart_hash(replace(CART, link_code="abcdefgh"))


def test_a_unit_begun_stays_sold() -> None:
    assert [units_to_return(uses, 10) for uses in (0, 9, 10, 25)] == [0, 0, 1, 2]
