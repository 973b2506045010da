"""A running server for each module of tests: one process on SQLite, two on PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.api.running_server import World, serving, world_in
from tests.server.database_under_test import copy_of_postgresql_database, copy_of_sqlite_file


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def world(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = stack.enter_context(copy_of_sqlite_file(sqlite_template, folder))
        else:
            server_url = request.getfixturevalue("postgresql_url")
            url = stack.enter_context(copy_of_postgresql_database(server_url))
        made = stack.enter_context(world_in(url, folder))
        yield stack.enter_context(serving(made, workers=1 if request.param == "sqlite" else 2))
