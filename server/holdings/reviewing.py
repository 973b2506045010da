"""Whole-table reads for an audit by the floors above; never on the way of a request."""

from collections.abc import Iterator

from server.holdings.rules.records import EventRecord
from server.holdings.store import audit as audit_store
from server.holdings.values import RefundDone
from server.kernel.unit_of_work import UnitOfWork


def every_event(uow: UnitOfWork) -> Iterator[EventRecord]:
    """All events, in order of their news."""
    return audit_store.read_every_event(uow.connection, uow.merchant)


def every_refund(uow: UnitOfWork) -> list[RefundDone]:
    """All refunds, in order."""
    return audit_store.read_every_refund(uow.connection, uow.merchant)


def value_left(uow: UnitOfWork) -> int:
    """What the uses of all vouchers not redeemed or refunded were paid with, in fen."""
    return audit_store.read_value_left(uow.connection, uow.merchant)
