"""The database itself refuses a bad write done by hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.holdings.tables import EVENT, GRANT, HOLDING, JOURNAL_IN, TENURE, TILL_HEAD
from server.kernel.schema import APPEND_ONLY_TABLES, METADATA
from server.kernel.unit_of_work import UnitOfWork
from server.ledger.tables import LINE
from shared.ids import VoucherRef
from tests.server.database_under_test import NOW
from tests.server.holdings.chain import (
    NORTH,
    NORTH_OTHER_TILL,
    NORTH_TILL,
    SOUTH,
    SOUTH_TILL,
    TillAtWork,
    found_chain,
    granted,
    new_eid,
    north_keeper,
    sell,
)

Write = Callable[[UnitOfWork], Any]


def busy_day(uow: UnitOfWork) -> VoucherRef:
    """A row in every append-only table."""
    found_chain(uow)
    keeper, voucher = north_keeper(uow), sell(uow, 5)
    grant = granted(uow, voucher)
    keeper.redeem(new_eid(uow), voucher, grant)
    keeper.redeem(new_eid(uow), sell(uow), grant)
    keeper.sync(uow)
    keeper.ask(uow, new_eid(uow), sell(uow))
    restored = TillAtWork(keeper.till, keeper.store)
    restored.redeem(new_eid(uow), voucher, grant)
    restored.sync(uow)
    return voucher


def set_holding(**values: int) -> Write:
    return lambda uow: uow.connection.execute(update(HOLDING).values(**values))


def tenure_row(uow: UnitOfWork, **values: object) -> dict[str, object]:
    row = {
        "merchant": uow.merchant,
        "number": 99,
        "store": NORTH,
        "till": NORTH_OTHER_TILL,
        "state": "active",
        "since": NOW,
        "offline_until": NOW + timedelta(hours=1),
        "halted": False,
        "risk_fen": 0,
    }
    return row | values


def add_tenure(**values: object) -> Write:
    return lambda uow: uow.connection.execute(insert(TENURE), [tenure_row(uow, **values)])


def second_live_grant(uow: UnitOfWork) -> object:
    row = uow.connection.execute(GRANT.select()).mappings().first()
    assert row is not None
    return uow.connection.execute(insert(GRANT), [dict(row) | {"feed_no": 77}])


def set_grant(**values: object) -> Write:
    return lambda uow: uow.connection.execute(update(GRANT).values(**values))


def set_event(**values: object) -> Write:
    return lambda uow: uow.connection.execute(update(EVENT).values(**values))


BAD_WRITES: dict[str, Write] = {
    "a use from nowhere": set_holding(held=9),
    "a use less than none": set_holding(held=-1, redeemed=2),
    "value from nowhere": set_holding(value_left_fen=999_999),
    "value less than none": set_holding(value_left_fen=-1),
    "two keepers of a store": add_tenure(),
    "a till that is keeper twice": add_tenure(store=SOUTH, till=NORTH_TILL),
    "an unknown tenure state": add_tenure(store=SOUTH, till=SOUTH_TILL, state="asleep"),
    "two live grants of a voucher and tenure": second_live_grant,
    "more out than granted": set_grant(out=99),
    "uses out of a closed grant": set_grant(state="closed"),
    "an accepted event that nobody paid": set_event(
        charge="none", charge_tenure=None, charge_feed_no=None
    ),
    "a charge that names no grant": set_event(charge_tenure=None),
    "an acknowledged event that never came": lambda uow: uow.connection.execute(
        update(TILL_HEAD).values(acked_seq=5)
    ),
}


@pytest.mark.parametrize("name", BAD_WRITES)
def test_refuses(name: str, uow: UnitOfWork) -> None:
    found_chain(uow)
    keeper, voucher = north_keeper(uow), sell(uow, 2)
    grant = granted(uow, voucher)
    keeper.redeem(new_eid(uow), voucher, grant)
    keeper.sync(uow)
    with pytest.raises(IntegrityError):
        BAD_WRITES[name](uow)


def test_an_event_id_is_taken_once(uow: UnitOfWork) -> None:
    busy_day(uow)
    row = uow.connection.execute(EVENT.select()).mappings().first()
    assert row is not None
    with pytest.raises(IntegrityError):
        uow.connection.execute(insert(EVENT), [dict(row) | {"news_no": 10_000}])


def test_a_journal_number_is_taken_once(uow: UnitOfWork) -> None:
    busy_day(uow)
    row = uow.connection.execute(JOURNAL_IN.select()).mappings().first()
    assert row is not None
    with pytest.raises(IntegrityError):
        uow.connection.execute(insert(JOURNAL_IN), [dict(row)])


@pytest.mark.parametrize("column", ["amount_fen", "debit_kind"])
def test_a_ledger_line_moves_something_somewhere(column: str, uow: UnitOfWork) -> None:
    busy_day(uow)
    row = uow.connection.execute(LINE.select()).mappings().first()
    assert row is not None
    bad = {"amount_fen": 0} if column == "amount_fen" else {"debit_kind": row["credit_kind"]}
    bad["debit_owner"] = row["credit_owner"]
    with pytest.raises(IntegrityError):
        uow.connection.execute(insert(LINE), [dict(row) | {"line_no": 9} | bad])


HERE = (
    "alarm",
    "ask_in",
    "event_charge",
    "feed_out",
    "journal_branch",
    "journal_in",
    "ledger_entry",
    "ledger_line",
)


@pytest.mark.parametrize("name", HERE)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_an_append_only_table_only_grows(name: str, verb: str, uow: UnitOfWork) -> None:
    assert name in APPEND_ONLY_TABLES
    busy_day(uow)
    table = METADATA.tables[name]
    assert uow.connection.execute(table.select()).first() is not None
    change = delete(table) if verb == "delete" else update(table).values(merchant=UUID(int=1))
    with pytest.raises(DBAPIError, match="only grows"):
        uow.connection.execute(change)
