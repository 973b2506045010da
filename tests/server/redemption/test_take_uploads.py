"""Journals as tills send them: repeated, broken, forked, malformed."""

from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import AccountKind
from shared.wire import EventStatus
from tests.server.holdings.chain import (
    LI,
    NORTH,
    found_chain,
    granted,
    grants_told,
    new_eid,
    north_keeper,
    pools,
    sell,
    status_of,
)


def test_a_held_redemption_is_accepted_and_its_value_is_split(uow: UnitOfWork) -> None:
    found_chain(uow)
    keeper = north_keeper(uow)
    voucher = sell(uow, uses=3, value_fen=1_000)
    grant = granted(uow, voucher)
    assert [entry.uses for entry in grants_told(keeper.news(uow))] == [3]

    eid = new_eid(uow)
    keeper.redeem(eid, voucher, grant)
    result = keeper.sync(uow)

    assert (result.accepted_seq, result.refusal) == (1, None)
    assert status_of(result, eid) is EventStatus.accepted
    assert pools(uow, voucher) == (0, 2, 1, 0)
    amounts = {
        balance.account.kind: (balance.account.owner, balance.amount_fen)
        for balance in ledger.balances(uow)
    }
    assert amounts == {
        AccountKind.voucher_liability: (None, 333),
        AccountKind.store_payable: (NORTH, -283),
        AccountKind.commission_pending: (LI, -33),
        AccountKind.platform_revenue: (None, -17),
    }
