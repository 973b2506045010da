"""Double entry: booked once, balanced by construction, mirrored exactly."""

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import Account, AccountKind, Entry, EntryKind, Line, mirrored

NORTH = UUID(int=1)
SOUTH = UUID(int=2)
LIABILITY = Account(AccountKind.voucher_liability)
REVENUE = Account(AccountKind.platform_revenue)


def payable(store: UUID) -> Account:
    return Account(AccountKind.store_payable, store)


def entry_of(uow: UnitOfWork, cause: UUID, kind: EntryKind, *lines: Line) -> Entry:
    return Entry(uow.new_id(), kind, cause, uow.now, lines)


def test_a_balance_is_the_sum_of_its_transfers(uow: UnitOfWork) -> None:
    first = Line(LIABILITY, payable(NORTH), 70), Line(LIABILITY, REVENUE, 30)
    second = (Line(LIABILITY, payable(SOUTH), 5),)
    entries = [
        entry_of(uow, uow.new_id(), EntryKind.redeemed, *first),
        entry_of(uow, uow.new_id(), EntryKind.redeemed, *second),
    ]
    ledger.post(uow, entries)
    amounts = {balance.account: balance.amount_fen for balance in ledger.balances(uow)}
    assert amounts == {LIABILITY: 105, payable(NORTH): -70, payable(SOUTH): -5, REVENUE: -30}
    [south] = ledger.balances(uow, [AccountKind.store_payable], owner=SOUTH)
    assert (south.debits_fen, south.credits_fen) == (0, 5)
    assert ledger.check(uow) == []


def test_a_reversal_leaves_nothing(uow: UnitOfWork) -> None:
    cause = uow.new_id()
    lines = Line(LIABILITY, payable(NORTH), 70), Line(LIABILITY, REVENUE, 30)
    ledger.post(uow, [entry_of(uow, cause, EntryKind.redeemed, *lines)])
    booked = ledger.lines_of(uow, EntryKind.redeemed, [cause])[cause]
    assert booked == lines
    ledger.post(uow, [entry_of(uow, cause, EntryKind.reversed, *mirrored(booked))])
    assert {balance.amount_fen for balance in ledger.balances(uow)} == {0}


def test_a_fact_is_booked_once(uow: UnitOfWork) -> None:
    cause = uow.new_id()
    line = Line(LIABILITY, REVENUE, 1)
    ledger.post(uow, [entry_of(uow, cause, EntryKind.redeemed, line)])
    with pytest.raises(IntegrityError):
        ledger.post(uow, [entry_of(uow, cause, EntryKind.redeemed, line)])


def test_a_fact_that_moved_no_money_is_booked_too(uow: UnitOfWork) -> None:
    cause = uow.new_id()
    ledger.post(uow, [entry_of(uow, cause, EntryKind.redeemed)])
    assert ledger.entries_of_kind(uow, EntryKind.redeemed) == {cause: ()}


@pytest.mark.parametrize("amount_fen", [0, -1])
def test_a_line_moves_a_positive_amount(amount_fen: int) -> None:
    with pytest.raises(AssertionError):
        Line(LIABILITY, REVENUE, amount_fen)


def test_a_line_moves_between_two_accounts() -> None:
    with pytest.raises(AssertionError):
        Line(LIABILITY, LIABILITY, 1)
