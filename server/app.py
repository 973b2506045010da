"""Binds one process of the server together: database, keys, time, edges, look-out and clockwork."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from litestar import Litestar
from litestar.datastructures import ResponseHeader
from uuid_utils.compat import uuid7

from server.api.request_id import name_requests
from server.api.router import till_error_handlers, till_router
from server.api.till_desk import TillDesk
from server.holdings import service as holdings
from server.jobs.catalogue import JOBS
from server.jobs.runner import JobRunner
from server.kernel.database import BlockingDatabase, Connection, Database, open_database
from server.kernel.logs import set_up_logs
from server.kernel.runtime import Runtime
from server.kernel.schema import METADATA
from server.kernel.settings import Settings, process_settings, root_key
from server.kernel.watcher import News, Watcher, feed_news, redemption_news
from server.redemption import service as redemption
from shared.ids import EntropySource, IdSource

HSTS_SECONDS = 31_536_000


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a process gets what its rules may not fetch: time, ids and randomness."""

    clock: Callable[[], datetime]
    new_id: IdSource
    entropy: EntropySource


def system_clock() -> datetime:
    """This machine's time in aware UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


SYSTEM_SOURCES = Sources(clock=system_clock, new_id=uuid7, entropy=os.urandom)


def build_from_environment() -> Litestar:
    """The application of one worker process, as `HEXIAO_…` variables say."""
    settings = process_settings()
    set_up_logs(settings.log_level)
    return build(settings, open_database(settings.database), SYSTEM_SOURCES)


def build(settings: Settings, database: Database, sources: Sources) -> Litestar:
    """The whole application of one process.

    Args:
        settings: as this process was started with.
        database: opened, with its schema made; closed when the application ends.
        sources: of time, ids and randomness.
    """
    key = root_key(Path(settings.root_key_file), sources.entropy)
    runtime = Runtime(
        settings=settings,
        database=database,
        root_key=key,
        watcher=Watcher(lambda: database.read(newest_numbers)),
        clock=sources.clock,
        new_id=sources.new_id,
        entropy=sources.entropy,
    )
    desk = TillDesk(runtime)

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        jobs = JobRunner(runtime, JOBS)
        tasks = [asyncio.create_task(runtime.watcher.run()), asyncio.create_task(jobs.run())]
        with _closing_on_signal(runtime.watcher):
            yield
        runtime.watcher.close()
        jobs.stop()
        await asyncio.gather(*tasks)
        await desk.drain()
        await database.close()

    return Litestar(
        route_handlers=[till_router(runtime, desk)],
        lifespan=[running],
        middleware=[name_requests],
        exception_handlers=till_error_handlers(runtime),
        response_headers=_headers_of_every_reply(settings),
        openapi_config=None,
        logging_config=None,
    )


def newest_numbers(connection: Connection) -> dict[News, int]:
    """Every number somebody may wait for."""
    heads = holdings.heads(connection)
    numbers = {feed_news(merchant, till): head for (merchant, till), head in heads.items()}
    for merchant, newest in redemption.news_numbers(connection).items():
        numbers[redemption_news(merchant)] = newest
    return numbers


def create_schema(settings: Settings) -> None:
    """Make every table that is missing."""
    database = BlockingDatabase(settings.database)
    try:
        database.write(METADATA.create_all)
    finally:
        database.close()


def _headers_of_every_reply(settings: Settings) -> list[ResponseHeader]:
    headers = [ResponseHeader(name="X-Content-Type-Options", value="nosniff")]
    if settings.public_url.startswith("https://"):
        value = f"max-age={HSTS_SECONDS}"
        headers.append(ResponseHeader(name="Strict-Transport-Security", value=value))
    return headers


@contextmanager
def _closing_on_signal(watcher: Watcher) -> Iterator[None]:
    """Send waiters home as soon as the process is told to end.

    The web server waits for open requests before it tells the application, and a long poll would
    make it wait for 25 seconds.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def end(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(watcher.close)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
