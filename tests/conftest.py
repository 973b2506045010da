"""What holds for every test: no network, no unexpected log record, real databases at hand."""

import os
from collections.abc import Iterator

import pytest

from tests.closed_network import close_network
from tests.postgresql_server import postgresql_for_tests
from tests.unexpected_logs import failing_on_unexpected_logs

pytest_plugins = ["pytester"]

close_network()

# Plain `python -m pytest` must work on a machine without a screen. `tests/run.py` starts one for
# the tests that need it.
if "DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a screen when there is none."""
    if item.get_closest_marker("xvfb") is not None and "DISPLAY" not in os.environ:
        pytest.skip("needs an X display; `make test` brings one")


@pytest.fixture(autouse=True)
def _unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    with failing_on_unexpected_logs(request.node):
        yield


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL server, one for each test process; tests make their own databases."""
    with postgresql_for_tests() as url:
        yield url
