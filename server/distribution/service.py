"""What can be done with distributors: take them in, freeze them, find them by link, sum up."""

from dataclasses import replace

from server.distribution import store as distribution_store
from server.distribution.rules import (
    Distributor,
    DistributorState,
    cleaned_link_code,
    new_link_code,
)
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import AccountKind
from server.staff import service as staff
from server.staff.rules import Permission, Person, require
from shared.errors import BugError, InvalidInputError, NotFoundError
from shared.ids import DistributorId

_DRAWS_MAX = 100


def join(uow: UnitOfWork, by: Person | None, distributor: DistributorId, name: str) -> Distributor:
    """Take a distributor in, with a link code of their own; asked again, the same one.

    Args:
        uow: the transaction.
        by: who does it; None for a command of whoever runs the server.
        distributor: a new id, made by the caller.
        name: as headquarters knows them.

    Raises:
        NotAllowedError: `by` may not.
        InvalidInputError: an empty name.
    """
    _require_change(by)
    if not name.strip():
        raise InvalidInputError(field="name", allowed="not empty")
    before = _read(uow, distributor)
    if before is not None:
        return before
    for _ in range(_DRAWS_MAX):
        made = Distributor(
            id=distributor,
            link_code=new_link_code(uow.entropy),
            name=name,
            state=DistributorState.active,
            agreement_accepted_at=None,
            joined_at=uow.now,
        )
        if distribution_store.insert_distributor(uow, made):
            staff.record(uow, by, "distributor_joined", str(distributor), {})
            return made
    raise BugError("the entropy source keeps returning link codes that are taken")


def accept_agreement(uow: UnitOfWork, distributor: DistributorId) -> Distributor:
    """Record that a distributor read and accepted the agreement; the first time counts.

    Source: requirement row D14 (before the first distribution).
    """
    before = distributor_of(uow, distributor)
    if before.agreement_accepted_at is not None:
        return before
    accepted = replace(before, agreement_accepted_at=uow.now)
    distribution_store.write_distributor(uow, accepted)
    return accepted


def set_state(
    uow: UnitOfWork, by: Person | None, distributor: DistributorId, state: DistributorState
) -> Distributor:
    """Freeze a distributor or let them go on; orders already placed keep their terms."""
    _require_change(by)
    changed = replace(distributor_of(uow, distributor), state=state)
    distribution_store.write_distributor(uow, changed)
    staff.record(uow, by, "distributor_state", str(distributor), {"state": state.value})
    return changed


def rename(
    uow: UnitOfWork, by: Person | None, distributor: DistributorId, name: str
) -> Distributor:
    """Change the name headquarters knows a distributor by."""
    _require_change(by)
    changed = replace(distributor_of(uow, distributor), name=name)
    distribution_store.write_distributor(uow, changed)
    return changed


def distributor_of(uow: UnitOfWork, distributor: DistributorId) -> Distributor:
    """One distributor.

    Raises:
        NotFoundError: no such distributor.
    """
    found = _read(uow, distributor)
    if found is None:
        raise NotFoundError(what="distributor")
    return found


def distributor_of_link(uow: UnitOfWork, text: str) -> Distributor | None:
    """Whose link this is, as it came in an address; None for anything unknown."""
    link_code = cleaned_link_code(text)
    if link_code is None:
        return None
    found = distribution_store.read_distributors(uow.connection, uow.merchant, link_code=link_code)
    return found[0] if found else None


def distributors(uow: UnitOfWork, by: Person | None) -> list[Distributor]:
    """Every distributor, in the order they joined.

    Raises:
        NotAllowedError: `by` may not see money.
    """
    if by is not None:
        require(by, Permission.see_money)
    return distribution_store.read_distributors(uow.connection, uow.merchant)


def pending_fen(uow: UnitOfWork, distributor: DistributorId) -> int:
    """What a distributor has earned by redemptions and cannot withdraw yet, in fen."""
    booked = ledger.balances(uow, [AccountKind.commission_pending], distributor)
    return -sum(balance.amount_fen for balance in booked)


def _read(uow: UnitOfWork, distributor: DistributorId) -> Distributor | None:
    found = distribution_store.read_distributors(uow.connection, uow.merchant, ids=[distributor])
    return found[0] if found else None


def _require_change(by: Person | None) -> None:
    if by is not None:
        require(by, Permission.change_distributors)
