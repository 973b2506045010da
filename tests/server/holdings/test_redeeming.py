"""Protocol rule S3 row by row, with S5 (undo), S6 (void), S7 (ask) and S8 (provisional)."""

from server.holdings import service as holdings
from server.holdings.values import HoldingView
from server.kernel.unit_of_work import UnitOfWork
from shared import feed
from shared.ids import VoucherRef
from shared.journal import UndoTo
from shared.reasons import FactName, Reason
from shared.redemption_rules import RefundState
from shared.wire import EventStatus, GrantKey
from tests.server.holdings.chain import (
    NORTH_OTHER_TILL,
    NORTH_TILL,
    SOUTH,
    SOUTH_TILL,
    TillAtWork,
    found_chain,
    granted,
    new_eid,
    north_keeper,
    pools,
    sell,
    status_of,
)


def lost_grant(uow: UnitOfWork, uses: int = 1) -> tuple[TillAtWork, VoucherRef, GrantKey]:
    """A voucher granted to a till that was then declared lost."""
    keeper = north_keeper(uow)
    voucher = sell(uow, uses)
    grant = granted(uow, voucher)
    holdings.declare_lost(uow, grant.tenure)
    assert pools(uow, voucher) == (uses, 0, 0, 0)
    return keeper, voucher, grant


def view_of(uow: UnitOfWork, voucher: VoucherRef) -> HoldingView:
    view = holdings.holding_of(uow, voucher)
    assert view is not None
    return view


class TestLiveGrant:
    def test_a_new_event_takes_from_the_grant(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 2)
        grant, eid = granted(uow, voucher), new_eid(uow)
        keeper.redeem(eid, voucher, grant, uses=2)
        assert status_of(keeper.sync(uow), eid) is EventStatus.accepted
        assert pools(uow, voucher) == (0, 0, 2, 0)
        assert view_of(uow, voucher).value_left_fen == 0

    def test_a_recalled_grant_still_pays(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow)
        grant, eid = granted(uow, voucher), new_eid(uow)
        holdings.recall(uow, voucher)
        keeper.redeem(eid, voucher, grant)
        assert status_of(keeper.sync(uow), eid) is EventStatus.accepted

    def test_the_same_event_of_the_same_grant_changes_nothing(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        grant, eid = granted(uow, voucher), new_eid(uow)
        keeper.redeem(eid, voucher, grant)
        keeper.redeem(eid, voucher, grant)
        keeper.sync(uow)
        assert pools(uow, voucher) == (0, 2, 1, 0)

    def test_an_ask_that_was_accepted_is_charged_again_to_the_grant(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow, 2), new_eid(uow)
        assert keeper.ask(uow, eid, voucher).status is EventStatus.accepted
        assert pools(uow, voucher) == (1, 0, 1, 0)
        grant = granted(uow, voucher)
        keeper.redeem(eid, voucher, grant)
        assert status_of(keeper.sync(uow), eid) is EventStatus.accepted
        assert pools(uow, voucher) == (1, 0, 1, 0)

    def test_a_void_event_gives_the_grants_uses_to_the_server(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow, 2), new_eid(uow)
        other = TillAtWork(NORTH_OTHER_TILL, keeper.store)
        grant = granted(uow, voucher)
        other.void(eid, voucher)
        other.sync(uow)
        keeper.redeem_for(NORTH_OTHER_TILL, eid, voucher, grant)
        assert status_of(keeper.sync(uow), eid) is EventStatus.void
        assert pools(uow, voucher) == (1, 1, 0, 0)

    def test_a_refused_ask_that_the_keeper_redeemed_is_accepted(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        other = TillAtWork(NORTH_OTHER_TILL, keeper.store)
        grant = granted(uow, voucher)
        refused = other.ask(uow, eid, voucher)
        assert (refused.status, refused.reason) == (
            EventStatus.refused,
            Reason.held_here_other_till,
        )
        keeper.redeem_for(NORTH_OTHER_TILL, eid, voucher, grant)
        assert status_of(keeper.sync(uow), eid) is EventStatus.accepted

    def test_a_pending_event_is_accepted_and_its_till_hears_of_it(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        other = TillAtWork(NORTH_OTHER_TILL, keeper.store)
        grant = granted(uow, voucher)
        other.provisional(eid, voucher)
        assert status_of(other.sync(uow), eid) is EventStatus.pending
        keeper.redeem_for(NORTH_OTHER_TILL, eid, voucher, grant)
        keeper.sync(uow)
        assert pools(uow, voucher) == (0, 0, 1, 0)
        told = other.news(uow)[-1]
        assert isinstance(told, feed.OutcomeEntry)
        assert (told.eid, told.status) == (eid, EventStatus.accepted)

    def test_more_than_the_grant_holds_becomes_a_case(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        grant = granted(uow, voucher)
        keeper.redeem(new_eid(uow), voucher, grant)
        keeper.redeem(eid, voucher, grant)
        assert status_of(keeper.sync(uow), eid) is EventStatus.case
        assert pools(uow, voucher) == (0, 0, 1, 0)

    def test_an_unknown_grant_becomes_a_case(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        keeper.redeem(eid, voucher, GrantKey(1, 99))
        assert status_of(keeper.sync(uow), eid) is EventStatus.case
        assert pools(uow, voucher) == (1, 0, 0, 0)

    def test_a_grant_of_another_till_becomes_a_case(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        north_keeper(uow)
        voucher, eid = sell(uow), new_eid(uow)
        thief = TillAtWork(SOUTH_TILL, SOUTH)
        thief.redeem(eid, voucher, granted(uow, voucher))
        assert status_of(thief.sync(uow), eid) is EventStatus.case
        assert pools(uow, voucher) == (0, 1, 0, 0)


class TestLostGrant:
    def test_a_late_event_takes_what_the_server_holds(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, grant = lost_grant(uow)
        eid = new_eid(uow)
        keeper.redeem(eid, voucher, grant)
        assert status_of(keeper.sync(uow), eid) is EventStatus.accepted
        assert pools(uow, voucher) == (0, 0, 1, 0)

    def test_a_late_event_without_uses_left_is_one_case(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, grant = lost_grant(uow)
        asked, late = new_eid(uow), new_eid(uow)
        south = TillAtWork(SOUTH_TILL, SOUTH)
        assert south.ask(uow, asked, voucher).status is EventStatus.accepted
        keeper.redeem(late, voucher, grant)
        assert status_of(keeper.sync(uow), late) is EventStatus.case
        assert pools(uow, voucher) == (0, 0, 1, 0)

    def test_an_accepted_event_is_not_charged_again(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, grant = lost_grant(uow, uses=2)
        eid = new_eid(uow)
        assert keeper.ask(uow, eid, voucher).status is EventStatus.accepted
        keeper.redeem(eid, voucher, grant)
        assert status_of(keeper.sync(uow), eid) is EventStatus.accepted
        assert pools(uow, voucher) == (1, 0, 1, 0)

    def test_a_void_event_stays_void(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, grant = lost_grant(uow)
        eid = new_eid(uow)
        keeper.void(eid, voucher)
        keeper.redeem(eid, voucher, grant)
        assert status_of(keeper.sync(uow), eid) is EventStatus.void
        assert pools(uow, voucher) == (1, 0, 0, 0)

    def test_a_late_release_and_undo_are_processed(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, grant = lost_grant(uow)
        eid = new_eid(uow)
        keeper.redeem(eid, voucher, grant)
        keeper.undo(eid)
        keeper.release(grant, 1)
        assert status_of(keeper.sync(uow), eid) is EventStatus.undone
        assert pools(uow, voucher) == (1, 0, 0, 0)


class TestUndo:
    def test_goes_back_to_the_open_grant(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        grant = granted(uow, voucher)
        keeper.redeem(eid, voucher, grant)
        keeper.undo(eid)
        assert status_of(keeper.sync(uow), eid) is EventStatus.undone
        assert pools(uow, voucher) == (0, 1, 0, 0)
        assert view_of(uow, voucher).value_left_fen == 1_000

    def test_goes_to_the_server_when_the_grant_is_closed(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow, 2), new_eid(uow)
        grant = granted(uow, voucher)
        keeper.redeem(eid, voucher, grant)
        keeper.release(grant, 1)
        keeper.undo(eid, to=UndoTo.grant)
        keeper.sync(uow)
        assert pools(uow, voucher) == (2, 0, 0, 0)

    def test_twice_gives_one_use_back(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        keeper.redeem(eid, voucher, granted(uow, voucher))
        keeper.undo(eid)
        keeper.undo(eid, to=UndoTo.server)
        keeper.sync(uow)
        assert pools(uow, voucher) == (0, 1, 0, 0)

    def test_of_another_tills_event_is_refused(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        keeper.redeem(eid, voucher, granted(uow, voucher))
        keeper.sync(uow)
        thief = TillAtWork(SOUTH_TILL, SOUTH)
        thief.undo(eid)
        assert status_of(thief.sync(uow), eid) is EventStatus.refused
        assert pools(uow, voucher) == (0, 0, 1, 0)


class TestVoid:
    def test_before_the_ask_makes_the_ask_void(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        keeper.void(eid, voucher)
        keeper.sync(uow)
        assert keeper.ask(uow, eid, voucher).status is EventStatus.void
        assert pools(uow, voucher) == (1, 0, 0, 0)

    def test_after_the_ask_gives_its_uses_back(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        keeper.ask(uow, eid, voucher)
        keeper.void(eid, voucher)
        assert status_of(keeper.sync(uow), eid) is EventStatus.void
        assert pools(uow, voucher) == (1, 0, 0, 0)


class TestAsk:
    def test_is_answered_the_same_however_often(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        first = keeper.ask(uow, eid, voucher)
        assert keeper.ask(uow, eid, voucher) == first
        assert pools(uow, voucher) == (0, 0, 1, 0)

    def test_with_another_body_is_refused(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow, 2), new_eid(uow)
        keeper.ask(uow, eid, voucher)
        again = keeper.ask(uow, eid, voucher, uses=2)
        assert (again.status, again.reason) == (EventStatus.refused, Reason.internal)
        assert pools(uow, voucher) == (1, 0, 1, 0)

    def test_of_a_used_voucher_says_when_and_where(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow)
        keeper.redeem(new_eid(uow), voucher, granted(uow, voucher))
        keeper.sync(uow)
        answer = TillAtWork(SOUTH_TILL, SOUTH).ask(uow, new_eid(uow), voucher)
        assert answer.reason is Reason.already_redeemed
        facts = {fact.name: fact.value for fact in answer.facts}
        assert facts[FactName.store] == "North"
        assert facts[FactName.till] == "N1"
        assert facts[FactName.happened_at] == "2026-03-02T10:00:00Z"

    def test_of_a_voucher_held_elsewhere_says_by_whom(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        north_keeper(uow)
        voucher = sell(uow)
        granted(uow, voucher)
        answer = TillAtWork(SOUTH_TILL, SOUTH).ask(uow, new_eid(uow), voucher)
        assert (answer.status, answer.reason) == (EventStatus.refused, Reason.held_elsewhere)
        assert FactName.store in {fact.name for fact in answer.facts}

    def test_of_an_unknown_code_is_refused_and_stored(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        till, eid = TillAtWork(SOUTH_TILL, SOUTH), new_eid(uow)
        answer = till.ask(uow, eid, VoucherRef(bytes(16)))
        assert (answer.status, answer.reason) == (EventStatus.refused, Reason.unknown)
        assert till.ask(uow, eid, VoucherRef(bytes(16))) == answer

    def test_at_the_wrong_store_names_the_right_ones(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        voucher = sell(uow, only_at=SOUTH)
        answer = TillAtWork(NORTH_TILL, north_keeper(uow).store).ask(uow, new_eid(uow), voucher)
        assert answer.reason is Reason.wrong_store
        assert [f.value for f in answer.facts if f.name is FactName.usable_stores] == ["South"]


class TestProvisional:
    def test_takes_what_the_server_holds(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        keeper.provisional(eid, voucher)
        assert status_of(keeper.sync(uow), eid) is EventStatus.accepted
        assert pools(uow, voucher) == (0, 0, 1, 0)

    def test_of_an_accepted_ask_is_merged(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow, 2), new_eid(uow)
        keeper.ask(uow, eid, voucher)
        keeper.provisional(eid, voucher)
        assert status_of(keeper.sync(uow), eid) is EventStatus.accepted
        assert pools(uow, voucher) == (1, 0, 1, 0)

    def test_waits_for_the_grant_to_come_back(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        grant = granted(uow, voucher)
        south = TillAtWork(SOUTH_TILL, SOUTH)
        south.provisional(eid, voucher)
        assert status_of(south.sync(uow), eid) is EventStatus.pending
        assert isinstance(keeper.news(uow)[-1], feed.RecallEntry)
        keeper.release(grant, 1)
        keeper.sync(uow)
        assert pools(uow, voucher) == (0, 0, 1, 0)
        assert isinstance(south.news(uow)[-1], feed.OutcomeEntry)

    def test_becomes_one_case_when_nothing_comes_back(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, eid = north_keeper(uow), sell(uow), new_eid(uow)
        grant = granted(uow, voucher)
        south = TillAtWork(SOUTH_TILL, SOUTH)
        south.provisional(eid, voucher)
        south.sync(uow)
        keeper.redeem(new_eid(uow), voucher, grant)
        keeper.release(grant, 0)
        keeper.sync(uow)
        told = south.news(uow)[-1]
        assert isinstance(told, feed.OutcomeEntry)
        assert told.status is EventStatus.case
        assert pools(uow, voucher) == (0, 0, 1, 0)

    def test_while_undecided_stops_grants_asks_and_refunds(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 2)
        grant = granted(uow, voucher)
        south = TillAtWork(SOUTH_TILL, SOUTH)
        south.provisional(new_eid(uow), voucher, uses=2)
        keeper.redeem(new_eid(uow), voucher, grant)
        keeper.sync(uow)
        south.sync(uow)
        assert holdings.request_refund(uow, voucher) is RefundState.asked
        assert south.ask(uow, new_eid(uow), voucher).status is EventStatus.refused
        assert holdings.grant_to_store(uow, [voucher], SOUTH) == {}
        keeper.release(grant, 1)
        keeper.sync(uow)
        assert view_of(uow, voucher).refund_state is RefundState.done
        assert pools(uow, voucher) == (0, 0, 1, 1)
