"""Vouchers keep their terms, their codes are unique and hidden, stores change within limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from server.kernel.keys import RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.vouchers import service as vouchers
from server.vouchers.rules import (
    STORE_MOVES_MAX,
    IssuedVoucher,
    StoreOutOfScopeError,
    TooManyStoreMovesError,
)
from shared.errors import BugError, NotFoundError
from shared.ids import OrderId, StoreId, VoucherRef
from shared.redemption_rules import OrderState
from shared.voucher_code import parse_code, voucher_ref
from tests.server.database_under_test import MERCHANT, NOW
from tests.server.vouchers.some_sale import KEYS, ORDER, SOME_SALE

HERE, THERE, ELSEWHERE = (StoreId(UUID(int=number)) for number in (1, 2, 3))


@pytest.fixture
def voucher(uow: UnitOfWork) -> IssuedVoucher:
    return vouchers.issue(uow, KEYS, [SOME_SALE])[0]


class TestIssuing:
    def test_keeps_the_terms_of_the_sale(self, uow: UnitOfWork) -> None:
        sale = replace(SOME_SALE, stores=frozenset({HERE, THERE}), chosen_store=HERE)
        made = vouchers.issue(uow, KEYS, [sale, SOME_SALE])
        terms = vouchers.terms_of(uow, [one.voucher_ref for one in made])
        first, second = (terms[one.voucher_ref] for one in made)
        assert first.stores == frozenset({HERE, THERE})
        assert first.chosen_store == HERE
        assert second.stores is None
        assert second.order_state is OrderState.paid
        assert (second.split, second.value_fen) == (SOME_SALE.split, 17_600)
        assert (second.valid_from, second.valid_until) == (NOW, NOW + timedelta(days=30))

    def test_makes_codes_a_customer_can_read_out(
        self, uow: UnitOfWork, voucher: IssuedVoucher
    ) -> None:
        assert parse_code(voucher.code) == voucher.code
        assert voucher.voucher_ref == voucher_ref(KEYS.lookup_key(), voucher.code)
        assert (
            vouchers.terms_of(uow, [voucher.voucher_ref])[voucher.voucher_ref].last_four
            == voucher.code[-4:]
        )

    def test_makes_another_code_for_each(self, uow: UnitOfWork) -> None:
        made = vouchers.issue(uow, KEYS, [SOME_SALE] * 200)
        assert len({one.code for one in made}) == 200
        # Codes that follow each other would share their beginnings.
        assert len({one.code[:3] for one in made}) > 100

    def test_draws_again_when_a_code_is_taken(self, uow: UnitOfWork) -> None:
        draws: Iterator[int] = iter([7, 7, 8])

        def entropy(count: int) -> bytes:
            return next(draws).to_bytes(8, "big") if count == 8 else bytes(count)

        poor = replace(uow, entropy=entropy)
        made = vouchers.issue(poor, KEYS, [SOME_SALE, SOME_SALE])
        assert [one.code[:11] for one in made] == ["00000000007", "00000000008"]

    def test_gives_up_when_entropy_is_broken(self, uow: UnitOfWork) -> None:
        broken = replace(uow, entropy=bytes)
        with pytest.raises(BugError):
            vouchers.issue(broken, KEYS, [SOME_SALE, SOME_SALE])

    def test_keeps_no_code_in_clear(self, uow: UnitOfWork, voucher: IssuedVoucher) -> None:
        row = uow.connection.execute(text("SELECT * FROM voucher")).one()
        stored = b"|".join(
            value if isinstance(value, bytes) else str(value).encode() for value in row
        )
        assert voucher.code.encode() not in stored
        assert voucher.code[:8].encode() not in stored


class TestCodes:
    def test_are_read_with_the_merchants_key_only(
        self, uow: UnitOfWork, voucher: IssuedVoucher
    ) -> None:
        assert vouchers.code_of(uow, KEYS, voucher.voucher_ref) == voucher.code
        with pytest.raises(InvalidTag):
            vouchers.code_of(uow, RootKey(bytes(32)).of(MERCHANT), voucher.voucher_ref)

    def test_of_unknown_vouchers_are_not_found(self, uow: UnitOfWork) -> None:
        with pytest.raises(NotFoundError):
            vouchers.code_of(uow, KEYS, VoucherRef(bytes(16)))
        assert vouchers.terms_of(uow, [VoucherRef(bytes(16))]) == {}


class TestChoosingAStore:
    def test_is_remembered(self, uow: UnitOfWork, voucher: IssuedVoucher) -> None:
        assert vouchers.choose_store(uow, voucher.voucher_ref, HERE)
        assert vouchers.waiting_for_store(uow, HERE, 10) == [voucher.voucher_ref]

    def test_again_changes_nothing(self, uow: UnitOfWork, voucher: IssuedVoucher) -> None:
        for _ in range(STORE_MOVES_MAX + 2):
            vouchers.choose_store(uow, voucher.voucher_ref, HERE)
        assert not vouchers.choose_store(uow, voucher.voucher_ref, HERE)

    def test_out_of_scope_is_refused(self, uow: UnitOfWork) -> None:
        made = vouchers.issue(uow, KEYS, [replace(SOME_SALE, stores=frozenset({HERE}))])
        with pytest.raises(StoreOutOfScopeError):
            vouchers.choose_store(uow, made[0].voucher_ref, THERE)

    def test_is_possible_five_times_an_hour(self, uow: UnitOfWork, voucher: IssuedVoucher) -> None:
        for move in range(STORE_MOVES_MAX):
            vouchers.choose_store(uow, voucher.voucher_ref, (HERE, THERE)[move % 2])
        with pytest.raises(TooManyStoreMovesError):
            vouchers.choose_store(uow, voucher.voucher_ref, ELSEWHERE)
        hour_later = replace(uow, now=NOW + timedelta(hours=1))
        assert vouchers.choose_store(hour_later, voucher.voucher_ref, ELSEWHERE)

    def test_of_an_unknown_voucher_is_not_found(self, uow: UnitOfWork) -> None:
        with pytest.raises(NotFoundError):
            vouchers.choose_store(uow, VoucherRef(bytes(16)), HERE)


class TestWaitingForAStore:
    def test_comes_in_pages(self, uow: UnitOfWork) -> None:
        made = vouchers.issue(uow, KEYS, [replace(SOME_SALE, chosen_store=HERE)] * 5)
        pages, after = [], None
        while page := vouchers.waiting_for_store(uow, HERE, 2, after):
            pages.append(page)
            after = page[-1]
        assert [len(page) for page in pages] == [2, 2, 1]
        read = [ref for page in pages for ref in page]
        assert read == sorted(one.voucher_ref for one in made)

    def test_leaves_out_what_cannot_be_redeemed(self, uow: UnitOfWork) -> None:
        sale = replace(SOME_SALE, chosen_store=HERE)
        frozen, refunded = vouchers.issue(uow, KEYS, [sale, replace(sale, order=OrderId(HERE))])
        vouchers.freeze(uow, frozen.voucher_ref, frozen=True)
        vouchers.set_order_state(uow, OrderId(HERE), OrderState.refunded)
        assert vouchers.terms_of(uow, [frozen.voucher_ref])[frozen.voucher_ref].frozen
        assert vouchers.waiting_for_store(uow, HERE, 10) == []
        vouchers.freeze(uow, frozen.voucher_ref, frozen=False)
        assert vouchers.waiting_for_store(uow, HERE, 10) == [frozen.voucher_ref]
        over = replace(uow, now=sale.valid_until)
        assert vouchers.waiting_for_store(over, HERE, 10) == []
        assert refunded.voucher_ref in vouchers.vouchers_of_order(uow, OrderId(HERE))


class TestLinks:
    def test_open_their_order_and_no_other(self, uow: UnitOfWork) -> None:
        secret = vouchers.open_link(uow, KEYS, ORDER)
        assert vouchers.open_link(uow, KEYS, ORDER) == secret
        assert vouchers.order_of_link(uow, secret) == ORDER
        assert len(secret) == 22
        for wrong in ("", secret[:-1], secret.swapcase(), "\ud800", "灯"):
            assert vouchers.order_of_link(uow, wrong) is None

    def test_are_stored_hashed(self, uow: UnitOfWork) -> None:
        secret = vouchers.open_link(uow, KEYS, ORDER)
        row = uow.connection.execute(text("SELECT secret_hash FROM code_page_link")).scalar_one()
        assert secret.encode() not in bytes(row)

    def test_differ_from_order_to_order(self) -> None:
        secrets = {vouchers.link_secret(KEYS, OrderId(UUID(int=number))) for number in range(500)}
        assert len(secrets) == 500
