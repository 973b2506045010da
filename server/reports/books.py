"""The check of the books, for people who may see money."""

from uuid import UUID

from server.distribution import service as distribution
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.reports.values import AccountLine, LedgerCheck
from server.staff.rules import Permission, Person, require
from server.stores import service as stores


def ledger_check(uow: UnitOfWork, by: Person) -> LedgerCheck:
    """Every account with its balance, and everything in the books that does not hold.

    Raises:
        NotAllowedError: `by` may not see money.
    """
    require(by, Permission.see_money)
    names: dict[UUID, str] = {one.id: one.name for one in stores.stores_for_buyers(uow)}
    names |= {one.id: one.name for one in distribution.distributors(uow, by)}
    lines = tuple(
        AccountLine(
            kind=balance.account.kind,
            owner=balance.account.owner,
            owner_name=names.get(balance.account.owner, "") if balance.account.owner else "",
            balance_fen=balance.amount_fen,
        )
        for balance in ledger.balances(uow)
    )
    return LedgerCheck(lines, tuple(ledger.check(uow)))
