"""The embedded database: one writer thread, a few readers, every commit on the disk.

Writing transactions begin with BEGIN IMMEDIATE. The driver's default would let two connections read
the same last use and both redeem it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

Result = TypeVar("Result")

READERS = 4
BUSY_TIMEOUT_MS = 30_000


def sqlite_engine(url: str, *, writes: bool) -> Engine:
    """An engine whose transactions begin as their purpose needs.

    Args:
        url: `sqlite:///path`.
        writes: true for BEGIN IMMEDIATE, false for connections that can only read.
    """
    size = 1 if writes else READERS
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # values may be secret, and an error's text reaches the log
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        connection.isolation_level = None  # we begin ourselves; see the module's text
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


class SqliteDatabase:
    """Runs work on an SQLite file from an event loop."""

    dialect = "sqlite"

    def __init__(self, url: str) -> None:
        self._writer_engine = sqlite_engine(url, writes=True)
        self._reader_engine = sqlite_engine(url, writes=False)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="database-reader")

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in the one writing transaction of the moment; see `database.Database`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, _run, self._writer_engine, work)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` on a snapshot that cannot be written; see `database.Database`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, _run, self._reader_engine, work)

    async def close(self) -> None:
        """Let running work end and close every connection."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._reader_engine.dispose()
        self._writer_engine.dispose()


def _run(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    with engine.begin() as connection:
        return work(connection)
