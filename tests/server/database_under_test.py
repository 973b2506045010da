"""A fresh database for each test, on SQLite and on PostgreSQL, and transactions to use in it.

The schema is made once for a test process; each test gets a copy, which costs some milliseconds.
"""

import asyncio
import functools
import importlib
import os
import pkgutil
import random
import shutil
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

import asyncpg
from sqlalchemy import Connection, make_url
from sqlalchemy.util import greenlet_spawn

import server
from server.kernel.database import BlockingDatabase
from server.kernel.postgresql import postgresql_engine
from server.kernel.schema import METADATA
from server.kernel.sqlite import sqlite_engine
from server.kernel.unit_of_work import UnitOfWork
from server.migrations import mark_as_newest
from shared.clock import utc
from shared.ids import EntropySource, IdSource, MerchantId

NOW = utc(2026, 3, 2, 10)
MERCHANT = MerchantId(UUID("01890000-0000-7000-8000-00000000000a"))

Result = TypeVar("Result")


def import_every_table() -> None:
    """Let every domain register its tables."""
    for package in pkgutil.iter_modules(server.__path__, "server."):
        folder = Path(next(iter(server.__path__))) / package.name.removeprefix("server.")
        if (folder / "tables.py").exists() or (folder / "tables").is_dir():
            importlib.import_module(f"{package.name}.tables")


def create_schema(url: str) -> None:
    import_every_table()
    database = BlockingDatabase(url)
    database.write(METADATA.create_all)
    database.close()
    mark_as_newest(url)


@contextmanager
def copy_of_sqlite_file(template: Path, folder: Path) -> Iterator[str]:
    if not template.exists():
        create_schema(f"sqlite:///{template}")
    copy = folder / "server.sqlite"
    shutil.copyfile(template, copy)
    yield f"sqlite:///{copy}"


@contextmanager
def copy_of_postgresql_database(server_url: str) -> Iterator[str]:
    """Make a database from the template of this process, and drop it at the end."""
    template = f"hexiao_template_{os.getpid()}"
    if template not in _templates:
        _administer(server_url, f'CREATE DATABASE "{template}"')
        create_schema(make_url(server_url).set(database=template).render_as_string(False))
        _templates.add(template)
    with empty_postgresql_database(server_url, template) as url:
        yield url


@contextmanager
def empty_postgresql_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """Make a database, and drop it at the end."""
    name = f"hexiao_{os.getpid()}_{next(_numbers)}"
    _administer(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield make_url(server_url).set(database=name).render_as_string(False)
    finally:
        _administer(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


_templates: set[str] = set()
_numbers = iter(range(1, 1_000_000))


def _administer(server_url: str, statement: str) -> None:
    async def run() -> None:
        plain_url = make_url(server_url).set(drivername="postgresql").render_as_string(False)
        connection = await asyncpg.connect(plain_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def seeded_ids(seed: int) -> IdSource:
    """UUIDv7s that are the same in every run and grow."""
    draw = random.Random(seed)
    moments_ms = iter(range(1_760_000_000_000, 1_860_000_000_000))

    def new_id() -> UUID:
        bits = next(moments_ms) << 80 | draw.getrandbits(80)
        bits = bits & ~(0xF << 76) | 0x7 << 76
        return UUID(int=bits & ~(0x3 << 62) | 0x2 << 62)

    return new_id


def seeded_entropy(seed: int) -> EntropySource:
    return random.Random(seed).randbytes


class PostgresqlConnection:
    """A `Connection` over asyncpg for callers outside of an event loop.

    Every method runs on the loop until it is done, so that a test and its fixtures can share one
    open transaction.
    """

    def __init__(self, connection: Connection, loop: "asyncio.Runner") -> None:
        self._connection = connection
        self._loop = loop

    def __getattr__(self, name: str) -> object:
        attribute = getattr(self._connection, name)
        if not callable(attribute):
            return attribute

        def call(*arguments: object, **named: object) -> object:
            bound = functools.partial(attribute, *arguments, **named)
            spawned: Coroutine[Any, Any, object] = greenlet_spawn(bound)
            return self._loop.run(spawned)

        return call


@contextmanager
def open_connection(url: str) -> Iterator[Connection]:
    """A connection inside a writing transaction, which is committed unless the block fails."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = sqlite_engine(url, writes=True)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()
        return
    with asyncio.Runner() as loop:
        asynchronous = postgresql_engine(url, 1)
        started = asynchronous.connect()
        loop.run(started.__aenter__())
        assert started.sync_connection is not None
        loop.run(started.begin().start())
        try:
            yield cast("Connection", PostgresqlConnection(started.sync_connection, loop))
            loop.run(started.commit())
        finally:
            loop.run(started.close())
            loop.run(asynchronous.dispose())


@dataclass(frozen=True, slots=True)
class Transactions:
    """Opens writing transactions on one database: `with begin() as uow: …` commits at the end."""

    url: str
    new_id: IdSource
    entropy: EntropySource

    @contextmanager
    def __call__(
        self, now: datetime = NOW, merchant: MerchantId = MERCHANT
    ) -> Iterator[UnitOfWork]:
        with open_connection(self.url) as connection:
            yield UnitOfWork(connection, merchant, now, self.new_id, self.entropy)

    def bind(self, connection: Connection, now: datetime = NOW) -> UnitOfWork:
        """A unit of work on a connection that somebody else opened."""
        return UnitOfWork(connection, MERCHANT, now, self.new_id, self.entropy)

    def run(
        self, database: BlockingDatabase, work: Callable[[UnitOfWork], Result], now: datetime = NOW
    ) -> Result:
        """Run `work` in one transaction the way the product does."""
        return database.write(lambda connection: work(self.bind(connection, now)))
