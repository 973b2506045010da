"""Opens the till's database and runs work in transactions; nothing else begins or commits one.

Every commit is on the disk before it returns (write-ahead log, `synchronous=FULL`). Writing
transactions begin with BEGIN IMMEDIATE, so that two of them never read the same last use.
"""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool, StaticPool

from pos_app.storage.schema import migrate
from shared.errors import KnownError

__all__ = ["Connection", "CorruptDatabaseError", "Database", "DiskTroubleError"]

Result = TypeVar("Result")

CONNECTIONS_MAX = 4
BUSY_TIMEOUT_MS = 30_000
_CORRUPT_CODES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_log = logging.getLogger(__name__)


class CorruptDatabaseError(KnownError):
    """The file is damaged or is no database; see `pos_app.storage.rescue`."""

    code = "database_damaged"


class DiskTroubleError(KnownError):
    """The disk is full, read-only or failing; nothing was written, so nothing is shown green."""

    code = "disk_trouble"


class Database:
    """One till's database.

    Args:
        path: the file, made when it does not exist; None keeps it in memory, for simulations.

    Raises:
        CorruptDatabaseError: the file is damaged.
        DatabaseTooNewError: a newer version of this program wrote it.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        url = "sqlite://" if path is None else f"sqlite:///{path}"
        pool: dict[str, Any] = (
            {"poolclass": StaticPool}
            if path is None
            else {"poolclass": QueuePool, "pool_size": CONNECTIONS_MAX, "max_overflow": 0}
        )
        self._engine = create_engine(
            url,
            connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
            hide_parameters=True,  # an error's text reaches the log
            **pool,
        )
        event.listen(self._engine, "connect", _prepare)
        try:
            self.write(migrate)
        except BaseException:
            self._engine.dispose()
            raise

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in one transaction and commit it; an exception rolls it back.

        Raises:
            CorruptDatabaseError: the file is damaged.
            DiskTroubleError: the disk did not take it; nothing of it was kept.
        """
        return self._run("BEGIN IMMEDIATE", work)

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` on one consistent state of the database; it must not write.

        Raises:
            CorruptDatabaseError: the file is damaged.
        """
        return self._run("BEGIN", work)

    def close(self) -> None:
        """End every connection."""
        self._engine.dispose()

    def _run(self, begin: str, work: Callable[[Connection], Result]) -> Result:
        try:
            with self._engine.begin() as connection:
                connection.exec_driver_sql(begin)
                return work(connection)
        except DatabaseError as cause:
            raise _named(cause) from cause


def _named(cause: DatabaseError) -> Exception:
    """The error a caller can act on; a fault of our own SQL stays what it is."""
    code = getattr(cause.orig, "sqlite_errorcode", 0) & 0xFF
    if code in _CORRUPT_CODES:
        return CorruptDatabaseError(str(cause.orig))
    return DiskTroubleError(str(cause.orig)) if isinstance(cause, OperationalError) else cause


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we begin ourselves; see the module's text
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
