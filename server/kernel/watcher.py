"""One look-out per process: sees what any process has committed and wakes those who wait for it.

A waiter holds no connection and no transaction. Every 100 ms, and soon after this process's own
commits, the watcher reads one number per subject (the head of a till's feed, the newest redemption
of a merchant) and wakes whoever waits for a greater one. A commit by another process is seen by
the next look, so no message between processes is needed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import structlog

from server.kernel.failures import DATABASE_FAILURE
from shared.ids import MerchantId, TillId

LOOK_EVERY_SECONDS = 0.1
LOOK_GAP_SECONDS_MIN = 0.05
"""However often this process commits, it looks no more than 20 times a second."""
PAUSE_AFTER_FAILURE_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class NewsKind(StrEnum):
    """What can be waited for."""

    feed = "feed"
    """Entries of one till's feed; the number is the newest entry's."""
    redemptions = "redemptions"
    """Redemptions of one merchant, also undone ones; the number grows with every change."""


@dataclass(frozen=True, slots=True)
class News:
    """Names one number that only grows.

    Attributes:
        kind: what the number counts.
        merchant: whose it is.
        till: the till, for a feed.
    """

    kind: NewsKind
    merchant: MerchantId
    till: UUID | None = None


def feed_news(merchant: MerchantId, till: TillId) -> News:
    """The head of one till's feed."""
    return News(NewsKind.feed, merchant, till)


def redemption_news(merchant: MerchantId) -> News:
    """The newest change among a merchant's redemptions."""
    return News(NewsKind.redemptions, merchant)


Look = Callable[[], Awaitable[Mapping[News, int]]]
"""Reads every number there is, in one short reading transaction."""


class Watcher:
    """Wakes waiters; see the module's text. Belongs to one event loop."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._numbers: dict[News, int] = {}
        self._waiters: dict[News, dict[asyncio.Future[int | None], int]] = {}
        self._nudged = asyncio.Event()
        self._closed = False

    def waiting(self, kind: NewsKind) -> int:
        """How many wait now for news of a kind."""
        return sum(len(found) for news, found in self._waiters.items() if news.kind is kind)

    @property
    def closed(self) -> bool:
        """Whether the process is shutting down; streams end then."""
        return self._closed

    def newest(self, news: News) -> int:
        """The number at the last look, 0 when there was none; at most 100 ms old."""
        return self._numbers.get(news, 0)

    def nudge(self) -> None:
        """Look soon: this process has just committed something."""
        self._nudged.set()

    async def wait_for(self, news: News, after: int, timeout_seconds: float) -> int | None:
        """Wait until a number has passed `after`.

        Args:
            news: which number.
            after: what the caller has already seen, 0 and up.
            timeout_seconds: how long to wait at most.

        Returns:
            The newest number, or None when the time is up or the process is shutting down.
        """
        newest = self.newest(news)
        if newest > after:
            return newest
        if self._closed:
            return None
        waiter: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(news, {})[waiter] = after
        try:
            async with asyncio.timeout(timeout_seconds):
                return await waiter
        except TimeoutError:
            return None
        finally:
            self._forget(news, waiter)

    async def run(self) -> None:
        """Look until closed; the composition root runs this as a task."""
        while not self._closed:
            pause_seconds = LOOK_EVERY_SECONDS
            self._nudged.clear()
            try:
                self._wake(await self._look())
            except DATABASE_FAILURE as failure:
                _log.warning("watcher_cannot_look", failure=type(failure).__name__)
                pause_seconds = PAUSE_AFTER_FAILURE_SECONDS
            await self._pause(pause_seconds)

    def close(self) -> None:
        """Send every waiter home at once and stop looking."""
        self._closed = True
        self._nudged.set()
        for waiters in self._waiters.values():
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(LOOK_GAP_SECONDS_MIN)
        try:
            async with asyncio.timeout(seconds - LOOK_GAP_SECONDS_MIN):
                await self._nudged.wait()
        except TimeoutError:
            return

    def _wake(self, numbers: Mapping[News, int]) -> None:
        self._numbers.update(numbers)
        for news, waiters in self._waiters.items():
            newest = self.newest(news)
            for waiter, after in waiters.items():
                if newest > after and not waiter.done():
                    waiter.set_result(newest)

    def _forget(self, news: News, waiter: "asyncio.Future[int | None]") -> None:
        waiters = self._waiters[news]
        del waiters[waiter]
        if not waiters:
            del self._waiters[news]
