"""One chain to begin histories with, for all tests of a process."""

from collections.abc import Iterator

import pytest

from tests.together.chain import DEFAULT_STORES, Chain
from tests.together.simulate import chain_of


@pytest.fixture(scope="session")
def chain() -> Iterator[Chain]:
    """Three stores, four tills, three products."""
    with chain_of(DEFAULT_STORES) as made:
        yield made
