"""Until when a keeper may use what it holds without contact: promised on its tenure, then told."""

from collections.abc import Collection
from datetime import datetime, timedelta

from server.holdings.store import tenures as tenure_store
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import TillId

LEASE = timedelta(hours=72)
LEASE_GRAIN = timedelta(minutes=15)
"""A promise is renewed when it has grown this much shorter, not at every contact."""


def promise(uow: UnitOfWork, tills: Collection[TillId]) -> dict[TillId, datetime]:
    """Renew the leases of tills that are in contact now.

    Returns:
        For each till until when it may use what it holds; never later than what is stored on its
        tenures when this transaction commits.

    Source: protocol rule T10 and the sync reply's `offline_until`.
    """
    until = uow.now + LEASE
    promised = dict.fromkeys(tills, until)
    for tenure in tenure_store.live_tenures(uow.connection, uow.merchant, tills):
        if tenure.offline_until < until - LEASE_GRAIN:
            tenure_store.extend_lease(uow, tenure.number, until)
        else:
            promised[tenure.till] = min(promised[tenure.till], tenure.offline_until)
    return promised
