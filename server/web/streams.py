"""Streams that tell a page that something has happened; the page then asks for itself again.

A stream sends no content, only a number, so a lost connection loses nothing: when it is back, the
number it begins with differs from the page's and the page looks again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from server.kernel.watcher import News, Watcher
from shared.errors import TooManyAttemptsError

QUIET_SECONDS_MAX = 20.0
"""A stream says something at least so often, so that proxies keep it and dead ones are noticed."""
STREAMS_MAX = 500
"""Of one process; a page without a stream is only not live, and tries again. Whoever opens streams
without end takes nothing from the tills."""
GAP_SECONDS = 0.3
"""However much happens, a page looks again about three times a second at most."""

Concerns = Callable[[int], Awaitable[bool]]
"""Whether anything that happened after a number concerns the page."""


def news_stream(
    watcher: Watcher, news: News, after: int, concerns: Concerns | None = None
) -> ServerSentEvent:
    """Send `news` whenever a number passes what was sent before.

    Args:
        watcher: of this process.
        news: which number.
        after: what the page has already seen, 0 and up.
        concerns: asked before the page is told; without it, everything concerns the page.

    Raises:
        TooManyAttemptsError: this process has as many streams as it can serve.
    """
    if watcher.waiting(news.kind) >= STREAMS_MAX:
        raise TooManyAttemptsError
    messages = _messages(watcher, news, after, concerns)
    return ServerSentEvent(messages, retry_duration=1000)


async def _messages(
    watcher: Watcher, news: News, after: int, concerns: Concerns | None
) -> AsyncIterator[ServerSentEventMessage]:
    seen = after
    yield ServerSentEventMessage(data=None, comment="hello")
    while not watcher.closed:
        newest = await watcher.wait_for(news, seen, QUIET_SECONDS_MAX)
        if newest is None:
            yield ServerSentEventMessage(data=None, comment="quiet")
            continue
        if concerns is None or await concerns(seen):
            yield ServerSentEventMessage(data=str(newest), event="news")
        seen = newest
        await asyncio.sleep(GAP_SECONDS)
