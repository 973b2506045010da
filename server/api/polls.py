"""Long polls: one a till, each ended by news, by time, by the till's next poll or by shut-down."""

import asyncio

from server.kernel.watcher import Watcher, feed_news
from server.tills.rules import TillIdentity
from shared.ids import TillId


class Polls:
    """Waits for a till's feed to grow. Belongs to one event loop."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._waiting: dict[TillId, asyncio.Task[int | None]] = {}

    async def wait(self, identity: TillIdentity, cursor: int, timeout_seconds: float) -> None:
        """Wait until there may be entries after `cursor`; holds no connection.

        Args:
            identity: whose feed; an older poll of the same till ends at once.
            cursor: the last entry the till has applied.
            timeout_seconds: how long at most.
        """
        older = self._waiting.get(identity.till)
        if older is not None:
            older.cancel()
        news = feed_news(identity.merchant, identity.till)
        waiting = asyncio.create_task(self._watcher.wait_for(news, cursor, timeout_seconds))
        self._waiting[identity.till] = waiting
        try:
            await asyncio.wait({waiting})
        finally:
            waiting.cancel()
            if self._waiting.get(identity.till) is waiting:
                del self._waiting[identity.till]
