"""A running server with a chain in it, for tills that are driven for real."""

from collections.abc import Iterator

import pytest

from tests.server.api.running_server import World, serving, world_in
from tests.server.database_under_test import create_schema


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A chain and its server on SQLite, one for all tests; each takes a store of its own."""
    folder = tmp_path_factory.mktemp("world")
    url = f"sqlite:///{folder / 'server.sqlite'}"
    create_schema(url)
    with world_in(url, folder) as made, serving(made, 1) as served:
        yield served


@pytest.fixture
def shop(world: World) -> int:
    """The number of a store that belongs to one test."""
    return world.next_store()
