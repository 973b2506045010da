"""Every kind of work this server does by itself, and how."""

from collections.abc import Mapping
from datetime import datetime

from server.holdings import service as holdings
from server.jobs.runner import Job
from server.kernel.runtime import Runtime
from server.kernel.unit_of_work import UnitOfWork
from server.kernel.work_queue import LeasedWork
from server.tills.confirmation import GRANT_WAITING
from shared.ids import StoreId

GRANTS_OF_A_CHUNK = 1_000
"""Source: protocol rule S16."""


async def grant_waiting(runtime: Runtime, work: LeasedWork) -> datetime | None:
    """Grant a store's keeper the next vouchers that wait for that store."""

    def grant(uow: UnitOfWork) -> int:
        return holdings.grant_waiting(uow, StoreId(work.subject), GRANTS_OF_A_CHUNK)

    granted = await runtime.write(work.merchant, grant)
    return runtime.clock() if granted == GRANTS_OF_A_CHUNK else None


JOBS: Mapping[str, Job] = {
    GRANT_WAITING: grant_waiting,
}
