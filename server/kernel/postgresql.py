"""PostgreSQL under asyncpg: plain functions run in a greenlet on the event loop.

A transaction that the server gives up for the sake of another one is run again, at most five times,
so every unit of work has to be free of side effects outside its connection.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

Result = TypeVar("Result")

ATTEMPTS_MAX = 5
RETRY_PAUSE_SECONDS = 0.02
POOL_SIZE = 10
SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
UNIQUE_VIOLATION = "23505"
"""Another transaction stored the same key meanwhile: looking again finds it."""


def postgresql_engine(url: str, pool_size: int = POOL_SIZE) -> AsyncEngine:
    """An engine for `postgresql+asyncpg://…`; plain `postgresql://` is understood too."""
    asyncpg_url = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    # Values are hidden: they may be secret, and an error's text reaches the log.
    return create_async_engine(
        asyncpg_url, pool_size=pool_size, max_overflow=0, hide_parameters=True
    )


class PostgresqlDatabase:
    """Runs work on PostgreSQL from an event loop."""

    dialect = "postgresql"

    def __init__(self, url: str, pool_size: int = POOL_SIZE) -> None:
        self._engine = postgresql_engine(url, pool_size)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in a transaction, again if it lost a race; see `database.Database`."""
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                async with self._engine.begin() as connection:
                    return await connection.run_sync(work)
            except DBAPIError as failure:
                if attempt == ATTEMPTS_MAX or not _lost_a_race(failure):
                    raise
            spread = 1 + secrets.randbelow(1000) / 1000
            await asyncio.sleep(RETRY_PAUSE_SECONDS * attempt * spread)
        raise AssertionError("the loop returns or raises")

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in a transaction that is rolled back; see `database.Database`."""
        async with self._engine.connect() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def _lost_a_race(failure: DBAPIError) -> bool:
    state = getattr(failure.orig, "sqlstate", None)
    return state in (SERIALIZATION_FAILURE, DEADLOCK_DETECTED, UNIQUE_VIOLATION)
