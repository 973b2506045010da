"""A running server with a chain: one process on SQLite, two on PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.server.api.running_server import World, serving, world_in
from tests.server.database_under_test import copy_of_postgresql_database, copy_of_sqlite_file

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session", params=BOTH)
def world(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One for all tests: each takes a store of its own with `next_store`."""
    with _world(request, sqlite_template, tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture(params=BOTH)
def own_world(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> Iterator[World]:
    """For a test that would spoil the common one."""
    with _world(request, sqlite_template, tmp_path) as made:
        yield made


@contextmanager
def _world(request: pytest.FixtureRequest, sqlite_template: Path, folder: Path) -> Iterator[World]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = stack.enter_context(copy_of_sqlite_file(sqlite_template, folder))
        else:
            server_url = request.getfixturevalue("postgresql_url")
            url = stack.enter_context(copy_of_postgresql_database(server_url))
        made = stack.enter_context(world_in(url, folder))
        yield stack.enter_context(serving(made, workers=1 if request.param == "sqlite" else 2))
