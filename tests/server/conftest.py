"""Databases and transactions for every test of the server.

`database_url`, `database`, `begin` and `uow` run a test twice: on SQLite, and, marked `postgresql`,
on PostgreSQL.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.kernel.database import BlockingDatabase
from server.kernel.unit_of_work import UnitOfWork
from tests.server.database_under_test import (
    Transactions,
    copy_of_postgresql_database,
    copy_of_sqlite_file,
    seeded_entropy,
    seeded_ids,
)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schema") / "template.sqlite"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> Iterator[str]:
    """The URL of an empty database with the whole schema, this test's own."""
    if request.param == "sqlite":
        with copy_of_sqlite_file(sqlite_template, tmp_path) as url:
            yield url
        return
    with copy_of_postgresql_database(request.getfixturevalue("postgresql_url")) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[BlockingDatabase]:
    """The database as commands and the simulation open it."""
    database = BlockingDatabase(database_url)
    yield database
    database.close()


@pytest.fixture
def begin(database_url: str) -> Transactions:
    """`with begin(now=…) as uow: …` is one writing transaction, committed at the end.

    Ids and entropy are the same in every run. On SQLite only one can be open at a time.
    """
    return Transactions(database_url, seeded_ids(7), seeded_entropy(7))


@pytest.fixture
def uow(begin: Transactions) -> Iterator[UnitOfWork]:
    """One writing transaction for the whole test, at `NOW`."""
    with begin() as uow:
        yield uow
