"""`hexiao verify` holds for an honest day and finds one changed byte anywhere."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text, update

from server.commands.verify import DOES_NOT_HOLD, HOLDS, USAGE, main
from server.holdings import service as holdings
from server.holdings.tables import EVENT, FEED_OUT, GRANT, HOLDING, JOURNAL_BRANCH, JOURNAL_IN
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import Account, AccountKind, Entry, EntryKind, Line
from server.ledger.tables import LINE
from shared.ids import VoucherRef
from tests.server.database_under_test import Transactions
from tests.server.holdings.chain import (
    NORTH,
    SOUTH,
    SOUTH_TILL,
    TillAtWork,
    found_chain,
    granted,
    new_eid,
    north_keeper,
    sell,
)


def bought(uow: UnitOfWork, uses: int = 1, value_fen: int = 1_000) -> VoucherRef:
    """A voucher sold and paid."""
    clearing, liability = AccountKind.provider_clearing, AccountKind.voucher_liability
    line = Line(Account(clearing), Account(liability), value_fen)
    ledger.post(uow, [Entry(uow.new_id(), EntryKind.paid, uow.new_id(), uow.now, (line,))])
    return sell(uow, uses, value_fen)


@pytest.fixture
def a_day(begin: Transactions) -> None:
    """Redeemed, undone, asked for, voided, refunded, conflicting, lost and forked."""
    with begin() as uow:
        found_chain(uow)
        keeper, south = north_keeper(uow), TillAtWork(SOUTH_TILL, SOUTH)
        first, second = bought(uow, 3), bought(uow, 2, 999)
        grant = granted(uow, first)
        undone, asked = new_eid(uow), new_eid(uow)
        keeper.redeem(new_eid(uow), first, grant)
        keeper.redeem(undone, first, grant)
        keeper.undo(undone)
        keeper.sync(uow)
        south.ask(uow, asked, second)
        south.void(asked, second)
        south.provisional(new_eid(uow), first)
        south.sync(uow)
    with begin() as uow:
        keeper.release(grant, 2)
        keeper.sync(uow)
        holdings.request_refund(uow, second)
        holdings.request_refund(uow, first)
    with begin() as uow:
        bad_evening(uow, keeper)


def bad_evening(uow: UnitOfWork, keeper: TillAtWork) -> None:
    """The keeper is declared lost, comes back late, and its disk has gone back in time."""
    third = bought(uow, 2)
    bought(uow, 3)
    grant = granted(uow, third)
    holdings.declare_lost(uow, grant.tenure)
    keeper.redeem(new_eid(uow), third, grant)
    keeper.redeem(new_eid(uow), third, grant, uses=2)
    keeper.sync(uow)
    restored = TillAtWork(keeper.till, NORTH)
    restored.redeem(new_eid(uow), third, grant)
    restored.sync(uow)


@pytest.mark.usefixtures("a_day")
def test_an_honest_day_holds(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--database", database_url]) == HOLDS
    printed = capsys.readouterr().out
    assert "FAILED" not in printed
    assert "9 checks hold, 0 do not" in printed


def flip_a_bit(connection: Connection, table: str) -> None:
    of = {"journal_in": JOURNAL_IN, "journal_branch": JOURNAL_BRANCH}[table]
    column = of.c["bytes"]
    seq = connection.scalars(select(of.c.seq).order_by(of.c.seq)).first()
    raw = connection.scalars(select(column).where(of.c.seq == seq)).first()
    assert raw is not None
    changed = raw.replace(b'"kind":"redeem"', b'"kind":"redeeM"')
    assert changed != raw
    connection.execute(update(of).where(of.c.seq == seq).values(bytes=changed))


FORGERIES: dict[str, tuple[Callable[[Connection], object], str]] = {
    "a byte of a journal": (lambda c: flip_a_bit(c, "journal_in"), "its bytes were changed"),
    "a byte of the other branch": (
        lambda c: flip_a_bit(c, "journal_branch"),
        "its bytes were changed",
    ),
    "a use moved by hand": (
        lambda c: c.execute(
            update(HOLDING)
            .where(HOLDING.c.redeemed > 0)
            .values(redeemed=HOLDING.c.redeemed - 1, held=HOLDING.c.held + 1)
        ),
        "but its accepted events are",
    ),
    "value made by hand": (
        lambda c: c.execute(
            update(HOLDING)
            .where(HOLDING.c.held > 0)
            .values(value_left_fen=HOLDING.c.value_left_fen - 1)
        ),
        "left, redeemed and refunded together",
    ),
    "an event of nobody": (
        lambda c: c.execute(update(EVENT).values(intent_hash=bytes(32))),
        "no journal or ask speaks of it",
    ),
    "a fen of a redemption": (
        lambda c: c.execute(
            update(LINE)
            .where(LINE.c.credit_kind == AccountKind.store_payable.value)
            .values(amount_fen=LINE.c.amount_fen + 1)
        ),
        "but is shared otherwise",
    ),
    "a missing feed entry": (
        lambda c: c.execute(FEED_OUT.delete().where(FEED_OUT.c.feed_no == 2)),
        "entries from 1",
    ),
    "a grant's uses": (
        lambda c: c.execute(update(GRANT).values(state="open", out=1)),
        "but what its grants hold",
    ),
}


@pytest.mark.usefixtures("a_day")
@pytest.mark.parametrize("name", FORGERIES)
def test_finds(
    name: str, database_url: str, begin: Transactions, capsys: pytest.CaptureFixture[str]
) -> None:
    forge, said = FORGERIES[name]
    with begin() as uow:
        for statement in without_triggers(uow.connection):
            uow.connection.execute(text(statement))
        forge(uow.connection)
    assert main(["--database", database_url]) == DOES_NOT_HOLD
    assert said in capsys.readouterr().out


def without_triggers(connection: Connection) -> Iterator[str]:
    """What somebody with the database's password could do."""
    if connection.dialect.name == "postgresql":
        yield "SET session_replication_role = replica"
        yield "DROP INDEX uq_grant__live"
        return
    rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    yield from [f"DROP TRIGGER {name}" for (name,) in rows]


class TestUnreadable:
    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        missing = tmp_path / "missing.sqlite"
        assert main(["--database", f"sqlite:///{missing}"]) == USAGE
        assert not missing.exists()

    def test_a_file_of_somebody_else(self, tmp_path: Path) -> None:
        other = tmp_path / "other.sqlite"
        with sqlite3.connect(other) as connection:
            connection.execute("CREATE TABLE t (a)")
        connection.close()
        assert main(["--database", f"sqlite:///{other}"]) == USAGE

    def test_a_database_of_another_kind(self) -> None:
        assert main(["--database", "mysql://localhost/hexiao"]) == USAGE

    def test_no_database(self) -> None:
        assert main([]) == USAGE
