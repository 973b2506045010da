"""Where tests get their PostgreSQL: the server named by the environment, or one of our own.

The launcher lives with the benchmarks, which need the same server with its safe settings on.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from server.bench.postgresql_server import running_postgresql

__all__ = ["postgresql_for_tests", "running_postgresql"]


@contextmanager
def postgresql_for_tests() -> Iterator[str]:
    """Yield the SQLAlchemy URL, for asyncpg, of a server whose data may be thrown away."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with running_postgresql(durable=False) as url:
        yield url
