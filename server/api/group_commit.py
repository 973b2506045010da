"""Requests that arrive while a transaction runs are decided together in the next one.

A commit to a durable disk costs the same for one request as for fifty. Nothing waits for company:
when no transaction is running, the first request begins one at once.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from shared.errors import BugError
from shared.ids import MerchantId

BATCH_ITEMS_MAX = 64
BATCH_WEIGHT_MAX = 2_000
"""Events of one transaction, so that no other waits long; one heavier request runs by itself."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Batching(Generic[Item, Answer]):
    """How one kind of request is decided.

    Attributes:
        decide: decides items of one merchant in one transaction; one answer each, in order.
        key: two items with the same key never share a batch and keep their order, such as two
            uploads of one till.
        weight: how much work an item is, 1 and up.
    """

    decide: Callable[[MerchantId, Sequence[Item]], Awaitable[Sequence[Answer]]]
    key: Callable[[Item], Hashable]
    weight: Callable[[Item], int]


@dataclass(slots=True)
class _Waiting(Generic[Item, Answer]):
    item: Item
    answer: "asyncio.Future[Answer]"


class GroupCommit(Generic[Item, Answer]):
    """Gathers the items of each merchant; see the module's text. Belongs to one event loop."""

    def __init__(self, batching: Batching[Item, Answer]) -> None:
        self._batching = batching
        self._queues: dict[MerchantId, deque[_Waiting[Item, Answer]]] = {}
        self._lanes: dict[MerchantId, asyncio.Task[None]] = {}

    async def decide(self, merchant: MerchantId, item: Item) -> Answer:
        """Have an item decided and committed.

        Raises:
            Exception: whatever deciding this item alone raised.
        """
        waiting: _Waiting[Item, Answer] = _Waiting(item, asyncio.get_running_loop().create_future())
        self._queues.setdefault(merchant, deque()).append(waiting)
        if merchant not in self._lanes:
            lane = asyncio.create_task(self._run_lane(merchant))
            self._lanes[merchant] = lane
        return await waiting.answer

    async def drain(self) -> None:
        """Wait until everything that was accepted is decided."""
        while self._lanes:
            await asyncio.gather(*self._lanes.values())

    async def _run_lane(self, merchant: MerchantId) -> None:
        queue = self._queues[merchant]
        while queue:
            await self._decide_batch(merchant, self._take_batch(queue))
        # Nothing is awaited between the last look at the queue and here, so nobody is forgotten.
        del self._queues[merchant]
        del self._lanes[merchant]

    def _take_batch(self, queue: deque[_Waiting[Item, Answer]]) -> list[_Waiting[Item, Answer]]:
        batch: list[_Waiting[Item, Answer]] = []
        left: list[_Waiting[Item, Answer]] = []
        keys: set[Hashable] = set()
        weight = 0
        while queue and len(batch) < BATCH_ITEMS_MAX:
            waiting = queue.popleft()
            key = self._batching.key(waiting.item)
            item_weight = self._batching.weight(waiting.item)
            if key in keys or (batch and weight + item_weight > BATCH_WEIGHT_MAX):
                left.append(waiting)
            else:
                batch.append(waiting)
                weight += item_weight
            keys.add(key)
        queue.extendleft(reversed(left))
        return batch

    async def _decide_batch(
        self, merchant: MerchantId, batch: list[_Waiting[Item, Answer]]
    ) -> None:
        try:
            answers = await self._batching.decide(merchant, [waiting.item for waiting in batch])
            _require_one_each(answers, batch)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the others must not suffer
            if len(batch) == 1:
                _settle(batch[0].answer, failure)
                return
            _log.warning("batch_failed", size=len(batch), failure=type(failure).__name__)
            for waiting in batch:
                await self._decide_batch(merchant, [waiting])
            return
        for waiting, answer in zip(batch, answers, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(answer)


def _require_one_each(answers: Sequence[object], batch: Sequence[object]) -> None:
    if len(answers) != len(batch):
        raise BugError(f"{len(answers)} answers to {len(batch)} requests")


def _settle(answer: "asyncio.Future[Answer]", failure: Exception) -> None:
    if not answer.done():
        answer.set_exception(failure)
