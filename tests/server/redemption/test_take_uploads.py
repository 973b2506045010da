"""Journals as tills send them: repeated, broken, forked, malformed."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from server.holdings import service as holdings
from server.holdings.values import BROKEN_CHAIN, FORKED, Hello, HelloResult, Upload
from server.kernel.schema import METADATA
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import AccountKind
from server.redemption import service as redemption
from shared import feed
from shared.ids import VoucherRef
from shared.journal import FIRST_HASH, JournalEvent, Redeem, event_hash
from shared.wire import EventStatus, GrantKey, HelloStatus, JournalHead
from tests.server.holdings.chain import (
    LI,
    NORTH,
    SOUTH,
    SOUTH_TILL,
    TillAtWork,
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


class TestRepeats:
    def test_the_same_upload_again_is_answered_the_same(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow, 3), new_eid(uow)
        keeper.redeem(eid, voucher, granted(uow, voucher))
        keeper.undo(eid)
        first = keeper.sync(uow)
        before = every_row(uow)
        assert redemption.take_uploads(uow, [keeper.upload(first=1)]) == [first]
        assert every_row(uow) == before

    def test_a_poll_acknowledges_nothing_because_the_uploads_reply_may_be_lost(
        self, uow: UnitOfWork
    ) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        keeper.redeem(new_eid(uow), voucher, granted(uow, voucher))
        keeper.sync(uow)
        assert keeper.sync(uow).accepted_seq == 0

    def test_one_that_overlaps_takes_only_what_is_new(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        grant, one, two = granted(uow, voucher), new_eid(uow), new_eid(uow)
        keeper.redeem(one, voucher, grant)
        keeper.sync(uow)
        keeper.redeem(two, voucher, grant)
        [result] = redemption.take_uploads(uow, [keeper.upload(first=1)])
        assert result.accepted_seq == 2
        assert [outcome.eid for outcome in result.outcomes] == [one, two]
        assert pools(uow, voucher) == (0, 1, 2, 0)

    def test_twice_in_one_batch_counts_once(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        keeper.redeem(new_eid(uow), voucher, granted(uow, voucher))
        upload = keeper.upload()
        first, second = redemption.take_uploads(uow, [upload, upload])
        assert first == second
        assert pools(uow, voucher) == (0, 2, 1, 0)


class TestBrokenChains:
    def test_a_gap_is_refused_whole(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        grant = granted(uow, voucher)
        for _ in range(3):
            keeper.redeem(new_eid(uow), voucher, grant)
        upload = replace(keeper.upload(), events=(keeper.raws[0], keeper.raws[2]))
        [result] = redemption.take_uploads(uow, [upload])
        assert (result.accepted_seq, result.refusal) == (0, BROKEN_CHAIN)
        [late] = redemption.take_uploads(uow, [keeper.upload(first=2)])
        assert late.refusal == BROKEN_CHAIN
        assert pools(uow, voucher) == (0, 3, 0, 0)

    def test_one_broken_upload_does_not_spoil_the_others(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow)
        keeper.redeem(new_eid(uow), voucher, granted(uow, voucher))
        broken = Upload(SOUTH_TILL, SOUTH, 1, 0, (b"not json",))
        results = redemption.take_uploads(uow, [broken, keeper.upload()])
        assert [result.refusal for result in results] == [BROKEN_CHAIN, None]
        assert pools(uow, voucher) == (0, 0, 1, 0)


class TestForks:
    def test_another_event_at_a_known_number_ends_the_tenure(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        grant, one, two = granted(uow, voucher), new_eid(uow), new_eid(uow)
        restored = TillAtWork(keeper.till, keeper.store)
        keeper.redeem(one, voucher, grant)
        keeper.sync(uow)
        restored.redeem(two, voucher, grant)
        result = restored.sync(uow)
        assert (result.accepted_seq, result.refusal) == (1, FORKED)
        assert status_of(result, two) is EventStatus.accepted
        assert pools(uow, voucher) == (1, 0, 2, 0)
        assert holdings.live_tenures(uow) == []
        assert isinstance(keeper.news(uow)[-1], feed.Lost)

    def test_both_branches_are_kept_and_a_repeat_changes_nothing(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        grant = granted(uow, voucher)
        restored = TillAtWork(keeper.till, keeper.store)
        keeper.redeem(new_eid(uow), voucher, grant)
        keeper.sync(uow)
        restored.redeem(new_eid(uow), voucher, grant)
        restored.sync(uow)
        before = every_row(uow, but="alarm")
        redemption.take_uploads(uow, [restored.upload(first=1)])
        assert every_row(uow, but="alarm") == before

    def test_an_event_that_names_another_one_before_it_is_a_fork(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        grant = granted(uow, voucher)
        restored = TillAtWork(keeper.till, keeper.store)
        keeper.redeem(new_eid(uow), voucher, grant)
        keeper.sync(uow)
        restored.redeem(new_eid(uow), voucher, grant)
        restored.redeem(new_eid(uow), voucher, grant)
        [result] = redemption.take_uploads(uow, [restored.upload(first=2)])
        assert result.refusal == FORKED

    def test_a_hello_with_a_lower_head_is_a_fork(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        keeper.redeem(new_eid(uow), voucher, granted(uow, voucher))
        keeper.sync(uow)
        assert say_hello(uow, keeper, len(keeper.raws)).status is HelloStatus.welcome
        assert say_hello(uow, keeper, 0).status is HelloStatus.forked
        assert pools(uow, voucher) == (2, 0, 1, 0)

    def test_a_hello_with_a_lower_cursor_is_a_fork(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper = north_keeper(uow)
        keeper.cursor = 1
        keeper.sync(uow)
        keeper.cursor = 0
        assert say_hello(uow, keeper, 0).status is HelloStatus.forked


def say_hello(uow: UnitOfWork, till: TillAtWork, seq: int) -> HelloResult:
    head_hash = event_hash(till.raws[seq - 1]) if seq else FIRST_HASH
    head = JournalHead(seq, head_hash)
    return holdings.say_hello(uow, Hello(till.till, till.store, 1, head, till.cursor))


class TestEventsThatCannotBeApplied:
    def test_the_chain_goes_on_behind_them(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow, 3), new_eid(uow)
        grant = granted(uow, voucher)
        keeper.redeem(eid, voucher, grant)
        keeper.redeem(eid, voucher, grant, uses=2)  # the same id with another body
        keeper.redeem(new_eid(uow), voucher, grant, uses=1_000)  # no till can mean this
        keeper.write(of_a_later_version())
        keeper.write(Redeem, **(redeem_of(uow, voucher, grant) | {"clerk": "a\0b"}))
        keeper.write(Redeem, **(redeem_of(uow, voucher, grant) | {"at": datetime(2026, 3, 2)}))  # noqa: DTZ001
        keeper.undo(new_eid(uow))
        last = new_eid(uow)
        keeper.redeem(last, voucher, grant)
        result = keeper.sync(uow)
        assert (result.accepted_seq, result.refusal) == (8, None)
        statuses = [outcome.status for outcome in result.outcomes]
        assert statuses == [EventStatus.accepted, EventStatus.refused, EventStatus.accepted]
        assert pools(uow, voucher) == (0, 1, 2, 0)
        assert redemption.take_uploads(uow, [keeper.upload(first=1)]) == [result]


def redeem_of(uow: UnitOfWork, voucher: VoucherRef, grant: GrantKey) -> dict[str, object]:
    eid = new_eid(uow)
    return {"eid": eid, "voucher_ref": voucher, "uses": 1, "grant": grant, "evidence": b""}


def of_a_later_version() -> type[JournalEvent]:
    class Hologram(JournalEvent, frozen=True, kw_only=True, tag="hologram"):
        colour: str = "blue"

    return Hologram


def every_row(uow: UnitOfWork, but: str = "") -> dict[str, list[tuple[object, ...]]]:
    """What is in the tables, but for when a till was last heard of."""
    rows = {}
    for table in METADATA.sorted_tables:
        if table.name not in {but, "till_head"}:
            query = select(table).order_by(*table.primary_key.columns)
            rows[table.name] = [tuple(row) for row in uow.connection.execute(query)]
    return rows
