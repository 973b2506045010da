"""What a database refuses: values stay out of the error, and a lost race is run again."""

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from server.kernel.database import BlockingDatabase
from tests.server.database_under_test import empty_postgresql_database

PRIVATE = "4711 and nobody else's"


def test_an_error_of_the_database_does_not_name_the_values(database: BlockingDatabase) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(text("INSERT INTO nowhere VALUES (:value)"), {"value": PRIVATE})

    with pytest.raises(DBAPIError) as refused:
        database.write(fail)
    assert PRIVATE not in str(refused.value)


@pytest.fixture
def empty_postgresql(postgresql_url: str) -> Iterator[BlockingDatabase]:
    with empty_postgresql_database(postgresql_url) as url:
        database = BlockingDatabase(url)
        yield database
        database.close()


@pytest.mark.postgresql
def test_work_that_met_a_row_of_another_looks_again(empty_postgresql: BlockingDatabase) -> None:
    attempts = count(1)

    def insert(connection: Connection) -> int:
        number = next(attempts)
        connection.execute(text("INSERT INTO met VALUES (:number)"), {"number": number})
        return number

    def prepare(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE met (number INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO met VALUES (1)"))

    empty_postgresql.write(prepare)
    assert empty_postgresql.write(insert) == 2
