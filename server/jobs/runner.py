"""Leases due work and does it, one piece after another, in every process of the server."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from server.kernel import work_queue
from server.kernel.failures import DATABASE_FAILURE
from server.kernel.runtime import Runtime
from server.kernel.work_queue import LeasedWork

LOOK_EVERY_SECONDS = 0.25
PAUSE_AFTER_FAILURE_SECONDS = 2.0
LEASED_AT_ONCE = 4
PREPARE_EVERY = timedelta(minutes=1)

Job = Callable[[Runtime, LeasedWork], Awaitable[datetime | None]]
"""Does one piece of work; returns when there is more of it to do, or None when it is done."""

Prepare = Callable[[Runtime], Awaitable[None]]
"""Puts work that never ends into the queue; called at the start and once a minute."""

_log = structlog.get_logger(__name__)


class JobRunner:
    """Works until stopped; the composition root runs `run` as a task."""

    def __init__(self, runtime: Runtime, jobs: Mapping[str, Job], prepare: Prepare) -> None:
        self._runtime = runtime
        self._jobs = jobs
        self._prepare = prepare
        self._prepared_at: datetime | None = None
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Finish the piece of work at hand and lease no more."""
        self._stopping.set()

    async def run(self) -> None:
        """Do what is due, look again soon, until stopped."""
        while not self._stopping.is_set():
            pause_seconds = LOOK_EVERY_SECONDS
            try:
                await self._prepare_now_and_then()
                if await self.run_once():
                    continue
            except DATABASE_FAILURE as failure:
                _log.warning("jobs_cannot_look", failure=type(failure).__name__)
                pause_seconds = PAUSE_AFTER_FAILURE_SECONDS
            await self._pause(pause_seconds)

    async def run_once(self) -> int:
        """Do the work that is due now; returns how many pieces were tried."""
        runtime = self._runtime
        now, lease = runtime.clock(), runtime.new_id()
        if not await runtime.database.read(lambda connection: work_queue.is_due(connection, now)):
            return 0
        leased = await runtime.database.write(
            lambda connection: work_queue.lease_due(connection, now, lease, LEASED_AT_ONCE)
        )
        for work in leased:
            await self._do(work)
        return len(leased)

    async def _prepare_now_and_then(self) -> None:
        now = self._runtime.clock()
        if self._prepared_at is None or now - self._prepared_at >= PREPARE_EVERY:
            await self._prepare(self._runtime)
            self._prepared_at = now

    async def _do(self, work: LeasedWork) -> None:
        runtime = self._runtime
        try:
            again_at = await self._jobs[work.kind](runtime, work)
        except Exception as failure:  # noqa: BLE001 - one failing job must not stop the others
            _log.warning("job_failed", kind=work.kind, subject=str(work.subject), exc_info=failure)
            text, now = type(failure).__name__, runtime.clock()
            await runtime.database.write(
                lambda connection: work_queue.note_failure(connection, work, now, text)
            )
            return
        if again_at is None:
            await runtime.database.write(lambda connection: work_queue.finish(connection, work))
            return
        due_at = again_at
        await runtime.database.write(
            lambda connection: work_queue.put_back(connection, work, due_at)
        )

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
