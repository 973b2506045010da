"""The look-out wakes exactly those whose number has grown."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from uuid import UUID

from server.kernel.watcher import News, Watcher, feed_news, redemption_news
from shared.ids import MerchantId, TillId

MERCHANT = MerchantId(UUID(int=1))
FEED = feed_news(MERCHANT, TillId(UUID(int=2)))
REDEMPTIONS = redemption_news(MERCHANT)
LONG_SECONDS = 20.0
SHORT_SECONDS = 0.15


def watched(
    numbers: Mapping[News, int], story: Callable[[Watcher], Coroutine[Any, Any, None]]
) -> None:
    async def play() -> None:
        async def look() -> Mapping[News, int]:
            return numbers

        watcher = Watcher(look)
        looking = asyncio.create_task(watcher.run())
        await story(watcher)
        watcher.close()
        await looking

    asyncio.run(play())


def test_a_number_already_passed_is_answered_at_once() -> None:
    async def story(watcher: Watcher) -> None:
        assert await watcher.wait_for(FEED, 0, LONG_SECONDS) == 7
        assert watcher.newest(FEED) == 7
        assert await watcher.wait_for(FEED, 6, LONG_SECONDS) == 7

    watched({FEED: 7}, story)


def test_a_commit_wakes_the_waiter_of_that_number_only() -> None:
    numbers = {FEED: 1, REDEMPTIONS: 1}

    async def story(watcher: Watcher) -> None:
        feed = asyncio.create_task(watcher.wait_for(FEED, 1, LONG_SECONDS))
        other = asyncio.create_task(watcher.wait_for(REDEMPTIONS, 1, LONG_SECONDS))
        await asyncio.sleep(0)
        numbers[FEED] = 2
        watcher.nudge()
        assert await feed == 2
        assert not other.done()
        other.cancel()

    watched(numbers, story)


def test_a_commit_of_another_process_is_seen_without_a_nudge() -> None:
    numbers = {FEED: 1}

    async def story(watcher: Watcher) -> None:
        waiting = asyncio.create_task(watcher.wait_for(FEED, 1, LONG_SECONDS))
        await asyncio.sleep(0)
        numbers[FEED] = 2
        assert await waiting == 2

    watched(numbers, story)


def test_waiting_ends_when_the_time_is_up() -> None:
    async def story(watcher: Watcher) -> None:
        assert await watcher.wait_for(FEED, 1, SHORT_SECONDS) is None

    watched({FEED: 1}, story)


def test_shutting_down_sends_waiters_home_and_takes_no_new_ones() -> None:
    async def story(watcher: Watcher) -> None:
        waiting = asyncio.create_task(watcher.wait_for(FEED, 1, LONG_SECONDS))
        await asyncio.sleep(0)
        watcher.close()
        assert await waiting is None
        assert await watcher.wait_for(FEED, 1, LONG_SECONDS) is None

    watched({FEED: 1}, story)


def test_a_database_that_is_away_is_looked_at_again() -> None:
    async def play() -> None:
        failures = [ConnectionRefusedError()]

        async def look() -> Mapping[News, int]:
            if failures:
                raise failures.pop()
            return {FEED: 3}

        watcher = Watcher(look)
        looking = asyncio.create_task(watcher.run())
        assert await watcher.wait_for(FEED, 0, LONG_SECONDS) == 3
        watcher.close()
        await looking

    asyncio.run(play())
