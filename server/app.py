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
from typing import Any

from litestar import Litestar, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap
from uuid_utils.compat import uuid7

from server import migrations
from server.api.envelope import in_envelopes
from server.api.router import till_error_handlers, till_router
from server.api.till_desk import TillDesk
from server.console.router import console_router
from server.holdings import service as holdings
from server.jobs.catalogue import JOBS, ensure_everlasting_work
from server.jobs.runner import JobRunner
from server.kernel.database import Connection, Database, open_database
from server.kernel.logs import set_up_logs
from server.kernel.runtime import Runtime
from server.kernel.settings import Settings, process_settings, root_key
from server.kernel.watcher import News, Watcher, feed_news, redemption_news
from server.shop.router import shop_router
from server.web.pages import open_pages
from server.web.problems import Problem
from server.web.router import web_router
from server.web.security import is_https
from server.web.site import AnyRequest, Site, problem_handlers
from shared.errors import DomainError
from shared.ids import EntropySource, IdSource

TILL_PATHS = "/v1/"


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
    site = Site(runtime, open_pages(settings))

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        jobs = JobRunner(runtime, JOBS, ensure_everlasting_work)
        tasks = [asyncio.create_task(runtime.watcher.run()), asyncio.create_task(jobs.run())]
        with _closing_on_signal(runtime.watcher):
            yield
        runtime.watcher.close()
        jobs.stop()
        await asyncio.gather(*tasks)
        await desk.drain()
        await database.close()

    app = Litestar(
        route_handlers=[
            till_router(runtime, desk),
            web_router(site),
            console_router(site),
            shop_router(site),
        ],
        lifespan=[running],
        exception_handlers=_error_handlers(runtime, site),
        openapi_config=None,
        logging_config=None,
    )
    # Around everything, because Litestar's own middleware sees no address that does not exist.
    app.asgi_handler = in_envelopes(app.asgi_handler, https=is_https(settings))
    return app


def newest_numbers(connection: Connection) -> dict[News, int]:
    """Every number somebody may wait for."""
    heads = holdings.heads(connection)
    numbers = {feed_news(merchant, till): head for (merchant, till), head in heads.items()}
    for merchant, newest in holdings.news_heads(connection).items():
        numbers[redemption_news(merchant)] = newest
    return numbers


def create_schema(settings: Settings) -> None:
    """Bring the database up to the newest schema."""
    migrations.upgrade(settings.database)


def _error_handlers(runtime: Runtime, site: Site) -> ExceptionHandlersMap:
    """For addresses that no router has: tills are answered in JSON, people with a page."""

    def draw(request: AnyRequest, problem: Problem, status: int) -> Response[str]:
        return site.pages.page(request, "message.html", {"problem": problem}, status)

    for_tills = till_error_handlers(runtime)
    for_people = problem_handlers(site, draw)

    def choose(kind: type[Exception]) -> Callable[[AnyRequest, Any], Response[Any]]:
        def answer(request: AnyRequest, error: Any) -> Response[Any]:  # noqa: ANN401
            is_till = request.url.path.startswith(TILL_PATHS)
            handlers = for_tills if is_till else for_people
            reply: Response[Any] = handlers[kind](request, error)
            return reply

        return answer

    return {kind: choose(kind) for kind in (DomainError, HTTPException, Exception)}


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
