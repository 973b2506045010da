"""Reads and writes distributors."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select, update

from server.distribution.rules import Distributor, DistributorState
from server.distribution.tables import distributor
from server.kernel.database import Connection
from server.kernel.insertion import insert_if_absent
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import DistributorId, MerchantId


def read_distributors(
    connection: Connection,
    merchant: MerchantId,
    *,
    ids: Collection[DistributorId] | None = None,
    link_code: str | None = None,
) -> list[Distributor]:
    """Distributors in the order they joined, all or those asked for."""
    query = (
        select(distributor)
        .where(distributor.c.merchant == merchant)
        .order_by(distributor.c.distributor)
    )
    if ids is not None:
        query = query.where(distributor.c.distributor.in_(ids))
    if link_code is not None:
        query = query.where(distributor.c.link_code == link_code)
    return [_distributor(row) for row in connection.execute(query)]


def _distributor(row: Row[*tuple[Any, ...]]) -> Distributor:
    return Distributor(
        id=DistributorId(row.distributor),
        link_code=row.link_code,
        name=row.name,
        state=DistributorState(row.state),
        agreement_accepted_at=row.agreement_accepted_at,
        joined_at=row.joined_at,
    )


def insert_distributor(uow: UnitOfWork, made: Distributor) -> bool:
    """Insert a distributor; false when the id or the link code is taken."""
    row = {
        "merchant": uow.merchant,
        "distributor": made.id,
        "link_code": made.link_code,
        "name": made.name,
        "state": made.state.value,
        "level": 1,
        "agreement_accepted_at": made.agreement_accepted_at,
        "joined_at": made.joined_at,
        "changed_at": uow.now,
    }
    return insert_if_absent(uow.connection, distributor, row)


def write_distributor(uow: UnitOfWork, made: Distributor) -> None:
    """Change a distributor's name, state and agreement; the link code never changes."""
    uow.connection.execute(
        update(distributor)
        .where(distributor.c.merchant == uow.merchant, distributor.c.distributor == made.id)
        .values(
            name=made.name,
            state=made.state.value,
            agreement_accepted_at=made.agreement_accepted_at,
            changed_at=uow.now,
        )
    )
