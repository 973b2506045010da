"""A running server with a chain in it, for tills that are driven for real."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.api.running_server import World, serving, world_in
from tests.server.database_under_test import create_schema


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A chain of two stores and its server, on SQLite; sales can be made while it runs."""
    url = f"sqlite:///{tmp_path / 'server.sqlite'}"
    create_schema(url)
    with world_in(url, tmp_path) as made, serving(made, 1) as served:
        yield served
