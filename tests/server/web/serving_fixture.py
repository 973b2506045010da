"""The fixture `open_shop`: one served chain for each module of tests and each kind of database."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.database_under_test import copy_of_postgresql_database, copy_of_sqlite_file
from tests.server.web.open_shop import OpenShop, open_shop_in


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def open_shop(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenShop]:
    folder = tmp_path_factory.mktemp("open-shop")
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = stack.enter_context(copy_of_sqlite_file(sqlite_template, folder))
        else:
            server_url = request.getfixturevalue("postgresql_url")
            url = stack.enter_context(copy_of_postgresql_database(server_url))
        workers = 1 if request.param == "sqlite" else 2
        yield stack.enter_context(open_shop_in(url, folder, workers))
