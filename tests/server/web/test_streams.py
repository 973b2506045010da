"""Streams of news are bounded, so that nobody can take the server's memory from the tills."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import pytest

from server.kernel.watcher import News, NewsKind, Watcher, redemption_news
from server.web import streams
from shared.errors import TooManyAttemptsError
from shared.ids import MerchantId

NEWS = redemption_news(MerchantId(UUID(int=1)))


async def nothing() -> Mapping[News, int]:
    return {}


def test_a_process_serves_only_so_many_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "STREAMS_MAX", 2)

    async def story() -> None:
        watcher = Watcher(nothing)
        waiting = [asyncio.create_task(watcher.wait_for(NEWS, 0, 20.0)) for _ in range(2)]
        await asyncio.sleep(0)
        assert watcher.waiting(NewsKind.feed) == 0  # long polls of tills are counted apart
        with pytest.raises(TooManyAttemptsError):
            streams.news_stream(watcher, NEWS, 0)
        watcher.close()
        await asyncio.gather(*waiting)
        assert watcher.waiting(NEWS.kind) == 0

    asyncio.run(story())
