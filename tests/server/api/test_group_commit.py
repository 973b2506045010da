"""Requests that arrive together are decided together, and a bad one harms nobody else."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest

from server.api.group_commit import BATCH_ITEMS_MAX, BATCH_WEIGHT_MAX, Batching, GroupCommit
from shared.errors import BugError, InvalidInputError
from shared.ids import MerchantId

MERCHANT = MerchantId(UUID(int=1))
OTHER = MerchantId(UUID(int=2))


class Book:
    """Decides numbers: answers twice the number, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def decide(self, _merchant: MerchantId, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        await self.open.wait()
        if 13 in items:
            raise InvalidInputError(item=13)
        return [item * 2 for item in items]

    def gathered(self, weight: int = 1) -> GroupCommit[int, int]:
        return GroupCommit(
            Batching(decide=self.decide, key=lambda item: item % 1000, weight=lambda _: weight)
        )


async def _queue_behind_first(
    book: Book, commit: GroupCommit[int, int], items: Sequence[int]
) -> list[int | BaseException]:
    book.open.clear()
    first = asyncio.create_task(commit.decide(MERCHANT, 999))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(commit.decide(MERCHANT, item)) for item in items]
    await asyncio.sleep(0)
    book.open.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    await first
    return answers


def test_a_lone_request_does_not_wait_for_company() -> None:
    async def story() -> None:
        book = Book()
        assert await book.gathered().decide(MERCHANT, 4) == 8
        assert book.batches == [[4]]

    asyncio.run(story())


def test_what_arrives_during_a_transaction_shares_the_next_one() -> None:
    async def story() -> None:
        book = Book()
        answers = await _queue_behind_first(book, book.gathered(), [1, 2, 3])
        assert answers == [2, 4, 6]
        assert book.batches == [[999], [1, 2, 3]]

    asyncio.run(story())


def test_a_bad_request_fails_alone() -> None:
    async def story() -> None:
        book = Book()
        answers = await _queue_behind_first(book, book.gathered(), [1, 13, 3])
        assert answers[0] == 2
        assert answers[2] == 6
        assert isinstance(answers[1], InvalidInputError)
        assert book.batches == [[999], [1, 13, 3], [1], [13], [3]]

    asyncio.run(story())


def test_two_requests_of_one_till_keep_their_order_in_two_batches() -> None:
    async def story() -> None:
        book = Book()
        answers = await _queue_behind_first(book, book.gathered(), [5, 1005, 6, 2005])
        assert answers == [10, 2010, 12, 4010]
        assert book.batches == [[999], [5, 6], [1005], [2005]]

    asyncio.run(story())


def test_a_batch_is_bounded_by_items() -> None:
    async def story() -> None:
        book = Book()
        await _queue_behind_first(book, book.gathered(), range(100, BATCH_ITEMS_MAX + 102))
        assert [len(batch) for batch in book.batches] == [1, BATCH_ITEMS_MAX, 2]

    asyncio.run(story())


def test_a_batch_is_bounded_by_weight_and_a_heavy_request_runs_by_itself() -> None:
    async def story() -> None:
        book = Book()
        await _queue_behind_first(book, book.gathered(BATCH_WEIGHT_MAX + 1), [1, 2])
        assert book.batches == [[999], [1], [2]]

    asyncio.run(story())


def test_merchants_do_not_wait_for_each_other() -> None:
    async def story() -> None:
        book = Book()
        commit = book.gathered()
        book.open.clear()
        tasks = [asyncio.create_task(commit.decide(merchant, 1)) for merchant in (MERCHANT, OTHER)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(book.batches) == 2
        book.open.set()
        await asyncio.gather(*tasks)
        await commit.drain()

    asyncio.run(story())


def test_a_missing_answer_is_a_fault_and_not_a_wait_for_ever() -> None:
    async def story() -> None:
        async def forgetful(_merchant: MerchantId, _items: Sequence[int]) -> list[int]:
            return []

        commit = GroupCommit(Batching(decide=forgetful, key=lambda item: item, weight=lambda _: 1))
        with pytest.raises(BugError):
            await commit.decide(MERCHANT, 1)

    asyncio.run(story())
