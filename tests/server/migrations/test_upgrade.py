"""The migrated schema is the one the code believes in, and append-only tables are protected."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from server.kernel.database import BlockingDatabase
from server.kernel.schema import APPEND_ONLY_TABLES, METADATA
from server.migrations import upgrade
from tests.server.database_under_test import empty_postgresql_database

Result = TypeVar("Result")


@pytest.fixture
def migrated_url(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of the same kind as `database_url`, made by the migrations alone."""
    if database_url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'migrated.sqlite'}"
        upgrade(url)
        yield url
        return
    with empty_postgresql_database(request.getfixturevalue("postgresql_url")) as url:
        upgrade(url)
        yield url


def read(url: str, what: Callable[[Connection], Result]) -> Result:
    database = BlockingDatabase(url)
    try:
        return database.read(what)
    finally:
        database.close()


def described(connection: Connection) -> dict[str, object]:
    """Everything a table is made of, as the database tells it."""
    inspector = inspect(connection)
    return {
        name: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"])
                for column in inspector.get_columns(name)
            ],
            "key": inspector.get_pk_constraint(name)["constrained_columns"],
            "checks": sorted(
                (str(check["name"]), check["sqltext"])
                for check in inspector.get_check_constraints(name)
            ),
            "indexes": sorted(index_text(dict(index)) for index in inspector.get_indexes(name)),
            "uniques": sorted(
                str(sorted(unique.items())) for unique in inspector.get_unique_constraints(name)
            ),
            "foreign": sorted(str(sorted(key.items())) for key in inspector.get_foreign_keys(name)),
        }
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


def index_text(index: dict[str, object]) -> str:
    options = index.get("dialect_options", {})
    assert isinstance(options, dict)
    where = {key: str(value) for key, value in options.items()}
    return f"{index['name']} {index['column_names']} {bool(index['unique'])} {where}"


def protections(connection: Connection) -> set[str]:
    """The names of the triggers."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.scalars(text(query)))


def test_the_migrated_schema_is_that_of_the_tables(migrated_url: str, database_url: str) -> None:
    assert read(migrated_url, described) == read(database_url, described)
    assert read(migrated_url, protections) == read(database_url, protections)


def test_alembic_finds_nothing_left_to_do(migrated_url: str) -> None:
    def left(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), METADATA)

    assert read(migrated_url, left) == []


def test_migrating_again_changes_nothing(migrated_url: str) -> None:
    before = read(migrated_url, described)
    upgrade(migrated_url)
    assert read(migrated_url, described) == before


def test_every_append_only_table_is_protected(migrated_url: str) -> None:
    names = " ".join(read(migrated_url, protections))
    assert all(table in names for table in APPEND_ONLY_TABLES)
