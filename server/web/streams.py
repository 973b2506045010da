"""Streams that tell a page that something has happened; the page then asks for itself again.

A stream sends no content, only a number, so a lost connection loses nothing: when it is back, the
number it begins with differs from the page's and the page looks again.
"""

from collections.abc import AsyncIterator

from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from server.kernel.watcher import News, Watcher

QUIET_SECONDS_MAX = 20.0
"""A stream says something at least so often, so that proxies keep it and dead ones are noticed."""


def news_stream(watcher: Watcher, news: News, after: int) -> ServerSentEvent:
    """Send `news` whenever a number passes what was sent before.

    Args:
        watcher: of this process.
        news: which number.
        after: what the page has already seen, 0 and up.
    """
    return ServerSentEvent(_messages(watcher, news, after), retry_duration=1000)


async def _messages(
    watcher: Watcher, news: News, after: int
) -> AsyncIterator[ServerSentEventMessage]:
    seen = after
    yield ServerSentEventMessage(data=None, comment="hello")
    while not watcher.closed:
        newest = await watcher.wait_for(news, seen, QUIET_SECONDS_MAX)
        if newest is None:
            yield ServerSentEventMessage(data=None, comment="quiet")
        else:
            seen = newest
            yield ServerSentEventMessage(data=str(newest), event="news")
