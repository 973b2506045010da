"""Opens the database named by a URL and runs plain functions of a `Connection` in transactions.

Three ways to run the same function: on PostgreSQL through asyncpg, on SQLite on a writer thread,
and blocking, for commands, tests and the simulation. Nothing outside this package begins or
commits a transaction.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection, make_url

from server.kernel.postgresql import PostgresqlDatabase
from server.kernel.sqlite import SqliteDatabase, sqlite_engine
from shared.errors import InvalidInputError

Result = TypeVar("Result")

__all__ = ["BlockingDatabase", "Connection", "Database", "open_database"]


class Database(Protocol):
    """Runs work in transactions, from an event loop."""

    dialect: str

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in one transaction and commit it; an exception rolls it back.

        `work` may run more than once and must leave no trace outside its connection.
        """
        ...

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` on a connection whose changes are not kept."""
        ...

    async def close(self) -> None:
        """End every connection."""
        ...


class UnknownDatabaseError(InvalidInputError):
    """The URL names no database this product runs on."""

    code = "unknown_database"


def open_database(url: str) -> Database:
    """Open the database of a URL such as `sqlite:///hexiao.sqlite` or `postgresql://host/name`.

    Raises:
        UnknownDatabaseError: another kind of database.
    """
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        return SqliteDatabase(url)
    if backend == "postgresql":
        return PostgresqlDatabase(url)
    raise UnknownDatabaseError(backend=backend)


class BlockingDatabase:
    """The same database for callers without an event loop: commands, tests, the simulation.

    SQLite runs in the caller's thread; PostgreSQL on an event loop of its own.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.dialect = make_url(url).get_backend_name()
        if self.dialect == "sqlite":
            self._engine = sqlite_engine(url, writes=True)
        else:
            self._database = open_database(url)
            self._loop = asyncio.Runner()

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in one transaction and commit it; an exception rolls it back."""
        if self.dialect == "sqlite":
            with self._engine.begin() as connection:
                return work(connection)
        return self._loop.run(self._database.write(work))

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` on a connection whose changes are not kept."""
        if self.dialect == "sqlite":
            with self._engine.connect() as connection:
                return work(connection)
        return self._loop.run(self._database.read(work))

    def close(self) -> None:
        """End every connection."""
        if self.dialect == "sqlite":
            self._engine.dispose()
            return
        self._loop.run(self._database.close())
        self._loop.close()
