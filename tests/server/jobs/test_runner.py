"""Due work is done by whichever process leases it first, once, and failures come back."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from server.app import system_clock
from server.jobs.runner import Job, JobRunner
from server.kernel import work_queue
from server.kernel.database import open_database
from server.kernel.keys import RootKey
from server.kernel.runtime import Runtime
from server.kernel.settings import Settings
from server.kernel.unit_of_work import UnitOfWork
from server.kernel.watcher import News, Watcher
from server.kernel.work_queue import LeasedWork
from tests.server.database_under_test import MERCHANT

SUBJECTS = [UUID(int=number) for number in range(1, 13)]


async def nothing(_runtime: Runtime) -> None:
    return


def played(database_url: str, story: Callable[[Runtime], Awaitable[None]]) -> None:
    async def play() -> None:
        database = open_database(database_url)

        async def look() -> dict[News, int]:
            return {}

        runtime = Runtime(
            settings=Settings(),
            database=database,
            root_key=RootKey(bytes(32)),
            watcher=Watcher(look),
            clock=system_clock,
            new_id=uuid7,
            entropy=os.urandom,
        )
        try:
            await story(runtime)
        finally:
            await database.close()

    asyncio.run(play())


async def requested(runtime: Runtime, kind: str, subjects: list[UUID]) -> None:
    def request(uow: UnitOfWork) -> None:
        for subject in subjects:
            work_queue.request_work(uow, kind, subject)

    await runtime.write(MERCHANT, request)


async def left(runtime: Runtime) -> bool:
    later = runtime.clock() + timedelta(days=1)
    return await runtime.database.read(lambda connection: work_queue.is_due(connection, later))


def test_two_processes_share_the_work_and_nothing_is_done_twice(database_url: str) -> None:
    done: list[UUID] = []

    async def note(_runtime: Runtime, work: LeasedWork) -> datetime | None:
        done.append(work.subject)
        return None

    async def story(runtime: Runtime) -> None:
        await requested(runtime, "note", SUBJECTS)
        jobs: dict[str, Job] = {"note": note}
        runners = [JobRunner(runtime, jobs, nothing) for _ in range(2)]
        while any(await asyncio.gather(*(runner.run_once() for runner in runners))):
            pass
        assert not await left(runtime)

    played(database_url, story)
    assert sorted(done) == SUBJECTS


def test_work_in_chunks_goes_on_until_nothing_is_left(database_url: str) -> None:
    chunks = iter([True, True, False])

    async def chunk(runtime: Runtime, _work: LeasedWork) -> datetime | None:
        return runtime.clock() if next(chunks) else None

    async def story(runtime: Runtime) -> None:
        await requested(runtime, "chunk", SUBJECTS[:1])
        runner = JobRunner(runtime, {"chunk": chunk}, nothing)
        while await runner.run_once():
            pass
        assert next(chunks, None) is None
        assert not await left(runtime)

    played(database_url, story)


def test_a_failing_job_comes_back_later_and_does_not_stop_the_others(database_url: str) -> None:
    done: list[UUID] = []

    async def fail(_runtime: Runtime, work: LeasedWork) -> datetime | None:
        if work.subject == SUBJECTS[0]:
            raise OSError("no line")
        done.append(work.subject)
        return None

    async def story(runtime: Runtime) -> None:
        await requested(runtime, "fail", SUBJECTS[:3])
        runner = JobRunner(runtime, {"fail": fail}, nothing)
        while await runner.run_once():
            pass
        assert await left(runtime)

    played(database_url, story)
    assert sorted(done) == SUBJECTS[1:3]


def test_a_runner_told_to_stop_ends(database_url: str) -> None:
    async def story(runtime: Runtime) -> None:
        prepared = asyncio.Event()

        async def prepare(_runtime: Runtime) -> None:
            prepared.set()

        runner = JobRunner(runtime, {}, prepare)
        running = asyncio.create_task(runner.run())
        await prepared.wait()
        runner.stop()
        await running

    played(database_url, story)
