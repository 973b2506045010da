"""Reads and writes of tenures, and of the grants that follow them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from server.holdings.rules.records import Tenure
from server.holdings.states import TenureState
from server.holdings.store.load import tenure_of_row
from server.holdings.store.save import TENURES, take_numbers
from server.holdings.tables import GRANT, TENURE
from server.kernel.bulk import among
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import MerchantId, StoreId, TillId, VoucherRef

_DRAINING = ("active", "ending")
_TO_FOLLOW = (
    ("ending", ("open",)),
    ("lost", ("open", "recalled")),
    ("forked", ("open", "recalled")),
)


def keeper_of(uow: UnitOfWork, store: StoreId) -> Tenure | None:
    """The active tenure of a store, kept from ending until this transaction is over.

    A grant numbered after the end of its tenure would open at no till.
    """
    table = TENURE.c
    query = (
        select(TENURE)
        .where(table.merchant == uow.merchant, table.store == store, table.state == "active")
        .with_for_update(read=True)
    )
    row = uow.connection.execute(query).first()
    return tenure_of_row(row) if row else None


def lock_active(uow: UnitOfWork, store: StoreId, till: TillId) -> list[Tenure]:
    """The active tenures of a store and of a till, locked in order of their numbers."""
    table = TENURE.c
    query = (
        select(TENURE)
        .where(
            table.merchant == uow.merchant,
            table.state == "active",
            (table.store == store) | (table.till == till),
        )
        .order_by(table.number)
        .with_for_update()
    )
    return [tenure_of_row(row) for row in uow.connection.execute(query)]


def lock_tenure(uow: UnitOfWork, number: int) -> Tenure | None:
    """One tenure, locked."""
    table = TENURE.c
    query = (
        select(TENURE)
        .where(table.merchant == uow.merchant, table.number == number)
        .with_for_update()
    )
    row = uow.connection.execute(query).first()
    return tenure_of_row(row) if row else None


def live_tenures(
    connection: Connection, merchant: MerchantId, tills: Collection[TillId]
) -> list[Tenure]:
    """Tenures of tills that still hold, or may hold, uses."""
    table = TENURE.c
    query = (
        select(TENURE)
        .where(
            table.merchant == merchant,
            among(connection, table.till, tills),
            table.state.in_(_DRAINING),
        )
        .order_by(table.number)
    )
    return [tenure_of_row(row) for row in connection.execute(query)]


def all_live_tenures(connection: Connection, merchant: MerchantId) -> list[Tenure]:
    """Every tenure of a merchant that is not over."""
    query = (
        select(TENURE)
        .where(TENURE.c.merchant == merchant, TENURE.c.state.in_(_DRAINING))
        .order_by(TENURE.c.number)
    )
    return [tenure_of_row(row) for row in connection.execute(query)]


def insert_tenure(uow: UnitOfWork, store: StoreId, till: TillId, offline_until: datetime) -> int:
    """Begin a tenure under the next number of the merchant."""
    number = take_numbers(uow.connection, uow.merchant, TENURES, 1)
    row = {
        "merchant": uow.merchant,
        "number": number,
        "store": store,
        "till": till,
        "state": TenureState.active.value,
        "since": uow.now,
        "last_seen": None,
        "offline_until": offline_until,
        "ended_at": None,
        "halted": False,
        "risk_fen": 0,
    }
    uow.connection.execute(insert(TENURE), [row])
    return number


def write_state(uow: UnitOfWork, number: int, state: TenureState) -> None:
    """Move a locked tenure to another state."""
    table = TENURE.c
    ended_at = None if state is TenureState.active else uow.now
    uow.connection.execute(
        update(TENURE)
        .where(table.merchant == uow.merchant, table.number == number)
        .values(state=state.value, ended_at=ended_at)
    )


def extend_lease(uow: UnitOfWork, number: int, offline_until: datetime) -> None:
    """Promise a keeper that it may use what it holds until then, and note that it was seen."""
    table = TENURE.c
    uow.connection.execute(
        update(TENURE)
        .where(table.merchant == uow.merchant, table.number == number)
        .values(offline_until=offline_until, last_seen=uow.now)
    )


def vouchers_to_follow(
    connection: Connection, merchant: MerchantId, limit: int
) -> list[VoucherRef]:
    """Vouchers with a grant whose state is better than its tenure's."""
    found: list[VoucherRef] = []
    for tenure_state, grant_states in _TO_FOLLOW:
        query = (
            select(GRANT.c.voucher)
            .join_from(
                TENURE,
                GRANT,
                (GRANT.c.merchant == TENURE.c.merchant) & (GRANT.c.tenure == TENURE.c.number),
            )
            .where(
                TENURE.c.merchant == merchant,
                TENURE.c.state == tenure_state,
                GRANT.c.state.in_(grant_states),
            )
            .limit(limit - len(found))
        )
        found += connection.scalars(query)
        if len(found) >= limit:
            break
    return found
