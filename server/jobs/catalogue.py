"""Every kind of work this server does by itself, and how."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from server.holdings import service as holdings
from server.jobs.runner import Job
from server.kernel.runtime import Runtime
from server.kernel.unit_of_work import UnitOfWork
from server.kernel.work_queue import LeasedWork, ensure_work
from server.orders import service as orders
from server.payments import service as payments
from server.payments.gateway import PaymentAnswer, PaymentStatus, send_or_ask
from server.payments.rules import RefundState
from server.payments.service import SEND_REFUND_WORK
from server.stores import service as stores
from server.tills.confirmation import GRANT_WAITING
from server.tills.service import FOLLOW_TENURES
from server.web.gateways import gateway_of
from shared.ids import StoreId

GRANTS_OF_A_CHUNK = 1_000
"""Source: protocol rule S16."""
ORDERS_OF_A_CHUNK = 100
ORDERS_EVERY = timedelta(seconds=30)
REFUNDS_EVERY = timedelta(seconds=10)
REFUND_LOOK_EVERY = timedelta(seconds=15)

TENURES_EVERY = timedelta(minutes=1)
"""A safety net: whoever ends a tenure asks for this work at once."""

EXPIRE_ORDERS = "expire_orders"
"""Work: end orders that were not paid in time; the subject is the merchant."""
SETTLE_REFUNDS = "settle_refunds"
"""Work: pay back uses that tills have given back; the subject is the merchant."""
CLOSE_PAYMENTS = "close_payments"
"""Work: close payments whose time is over at their provider; the subject is the merchant."""


async def grant_waiting(runtime: Runtime, work: LeasedWork) -> datetime | None:
    """Grant a store's keeper the next vouchers that wait for that store."""

    def grant(uow: UnitOfWork) -> int:
        store = StoreId(work.subject)
        return holdings.grant_waiting(uow, store, GRANTS_OF_A_CHUNK)

    granted = await runtime.write(work.merchant, grant)
    return runtime.clock() if granted else None


async def follow_tenures(runtime: Runtime, work: LeasedWork) -> datetime | None:
    """Let grants follow tenures that ended or were lost, some hundred at a time."""
    looked_at = await runtime.write(work.merchant, holdings.follow_tenures)
    return runtime.clock() + (timedelta() if looked_at else TENURES_EVERY)


async def expire_orders(runtime: Runtime, work: LeasedWork) -> datetime | None:
    """End orders that were not paid within their time and free their stock."""
    return await _in_chunks(runtime, work, orders.expire_unpaid, ORDERS_EVERY)


async def settle_refunds(runtime: Runtime, work: LeasedWork) -> datetime | None:
    """Pay back what has come back since the refund was asked for."""
    return await _in_chunks(runtime, work, orders.settle_refunds, REFUNDS_EVERY)


async def close_payments(runtime: Runtime, work: LeasedWork) -> datetime | None:
    """Close overdue payments at their provider; one that was paid just before counts as paid."""
    overdue = await runtime.read(
        work.merchant, lambda uow: payments.overdue_payments(uow, ORDERS_OF_A_CHUNK)
    )
    for payment in overdue:
        gateway = gateway_of(runtime, work.merchant)
        answer = await asyncio.to_thread(gateway.close, payment.number)
        await runtime.write(work.merchant, _noting(runtime, work, answer))
    return runtime.clock() + ORDERS_EVERY


async def send_refund(runtime: Runtime, work: LeasedWork) -> datetime | None:
    """Send a refund to its provider, or ask what became of it; never twice."""
    to_send = await runtime.write(
        work.merchant, lambda uow: payments.refund_to_send(uow, work.subject)
    )
    if to_send is None:
        return None
    gateway = gateway_of(runtime, work.merchant)
    answer = await asyncio.to_thread(
        send_or_ask, gateway, to_send.request, sent_before=to_send.sent_before
    )
    state = await runtime.write(work.merchant, lambda uow: payments.note_refund(uow, answer))
    return None if state is RefundState.succeeded else runtime.clock() + REFUND_LOOK_EVERY


async def ensure_everlasting_work(runtime: Runtime) -> None:
    """See to it that every merchant's work that never ends is in the queue."""
    for merchant in await runtime.database.read(stores.merchants):
        await runtime.write(merchant.id, _ensure_all)


def _ensure_all(uow: UnitOfWork) -> None:
    for kind in (FOLLOW_TENURES, EXPIRE_ORDERS, SETTLE_REFUNDS, CLOSE_PAYMENTS):
        ensure_work(uow, kind, uow.merchant)


def _noting(
    runtime: Runtime, work: LeasedWork, answer: PaymentAnswer
) -> Callable[[UnitOfWork], None]:
    keys = runtime.keys(work.merchant)

    def note(uow: UnitOfWork) -> None:
        if answer.status is PaymentStatus.succeeded:
            orders.paid(uow, keys, answer)
        else:
            payments.note_closed(uow, answer.number)

    return note


async def _in_chunks(
    runtime: Runtime,
    work: LeasedWork,
    verb: Callable[[UnitOfWork, int], int],
    every: timedelta,
) -> datetime:
    done = await runtime.write(work.merchant, lambda uow: verb(uow, ORDERS_OF_A_CHUNK))
    return runtime.clock() + (timedelta() if done == ORDERS_OF_A_CHUNK else every)


JOBS: Mapping[str, Job] = {
    GRANT_WAITING: grant_waiting,
    FOLLOW_TENURES: follow_tenures,
    EXPIRE_ORDERS: expire_orders,
    SETTLE_REFUNDS: settle_refunds,
    CLOSE_PAYMENTS: close_payments,
    SEND_REFUND_WORK: send_refund,
}
"""By the kind of work."""
