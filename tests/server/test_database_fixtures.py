"""The fixtures every other test of the server rests on."""

from sqlalchemy import text

from server.kernel.database import BlockingDatabase
from server.kernel.unit_of_work import UnitOfWork
from tests.server.database_under_test import NOW, Transactions


def test_a_transaction_is_open_and_bound_to_the_fixed_time(uow: UnitOfWork) -> None:
    assert uow.connection.execute(text("SELECT 1")).scalar_one() == 1
    assert uow.now == NOW
    assert uow.new_id() < uow.new_id()
    assert uow.new_id().version == 7


def test_what_a_block_wrote_is_seen_by_the_database(
    begin: Transactions, database: BlockingDatabase
) -> None:
    with begin() as uow:
        uow.connection.execute(text("CREATE TABLE kept (number INTEGER)"))
        uow.connection.execute(text("INSERT INTO kept VALUES (41)"))
    found = database.read(lambda c: c.execute(text("SELECT number FROM kept")).scalar_one())
    assert found == 41
