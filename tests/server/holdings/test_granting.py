"""When uses are granted, called back, refunded; who is keeper."""

from datetime import timedelta

from server.catalog import service as catalog
from server.holdings import service as holdings
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import AccountKind
from server.vouchers import service as vouchers
from shared import feed
from shared.ids import StoreId
from shared.journal import TenureDone
from shared.qr_token import read_token, token_is_authentic, token_key
from shared.redemption_rules import OrderState, RefundState
from shared.wire import GrantKey
from tests.server.database_under_test import MERCHANT, NOW, Transactions
from tests.server.holdings.chain import (
    KEYS,
    NORTH,
    NORTH_OTHER_TILL,
    NORTH_TILL,
    ROOT_KEY,
    SOUTH,
    SOUTH_TILL,
    TEA,
    TillAtWork,
    found_chain,
    granted,
    grants_told,
    new_eid,
    north_keeper,
    pools,
    sell,
)


class TestGrantToStore:
    def test_tells_the_keeper_everything_the_card_needs(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3, 1_000)
        key = granted(uow, voucher)
        entry = grants_told(keeper.news(uow))[0]
        assert (entry.feed_no, entry.tenure, entry.uses) == (key.feed_no, key.tenure, 3)
        assert (entry.card.value_fen, entry.card.face_fen, entry.card.uses_total) == (
            1_000,
            4_500,
            3,
        )

    def test_again_shows_the_same_grant(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow)
        assert granted(uow, voucher) == granted(uow, voucher)
        assert len(grants_told(keeper.news(uow))) == 1

    def test_skips_what_cannot_be_granted(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        north_keeper(uow)
        elsewhere = sell(uow, only_at=SOUTH)
        expired = sell(uow, valid_from=NOW - timedelta(days=60))
        refunded = sell(uow)
        holdings.request_refund(uow, refunded)
        frozen = sell(uow)
        vouchers.freeze(uow, frozen, frozen=True)
        free = sell(uow)
        asked = [elsewhere, expired, refunded, frozen, free]
        assert holdings.grant_to_store(uow, asked, NORTH).keys() == {free}

    def test_needs_a_keeper(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        assert holdings.grant_to_store(uow, [sell(uow)], NORTH) == {}

    def test_reserves_no_more_than_the_stores_quota(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper = north_keeper(uow)
        catalog.set_quota(uow, None, (NORTH, TEA), 3)
        first, second = sorted([sell(uow, 2), sell(uow, 2)])
        holdings.grant_to_store(uow, [first, second], NORTH)
        assert (pools(uow, first), pools(uow, second)) == ((0, 2, 0, 0), (1, 1, 0, 0))
        grant = granted(uow, first)
        keeper.redeem(new_eid(uow), first, grant)
        keeper.release(grant, 1)
        keeper.sync(uow)
        quota = catalog.quotas(uow, [(NORTH, TEA)])[NORTH, TEA]
        assert (quota.reserved, quota.used) == (1, 1)


class TestGrantWaiting:
    def test_grants_what_chose_the_store_and_nobody_holds(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        waiting = [sell(uow, chosen_store=NORTH) for _ in range(5)]
        sell(uow, chosen_store=SOUTH)
        keeper = north_keeper(uow)
        granted_by_chunk = [holdings.grant_waiting(uow, NORTH, limit=2) for _ in range(4)]
        assert granted_by_chunk == [2, 2, 1, 0]
        told = {entry.voucher_ref for entry in grants_told(keeper.news(uow))}
        assert told == set(waiting)


class TestChangeOfStore:
    def test_what_comes_back_goes_to_the_store_chosen_meanwhile(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, chosen_store=NORTH)
        holdings.appoint_keeper(uow, SOUTH, SOUTH_TILL)
        grant = granted(uow, voucher)
        vouchers.choose_store(uow, voucher, SOUTH)
        holdings.recall(uow, voucher)
        assert holdings.grant_to_store(uow, [voucher], SOUTH) == {}
        keeper.release(grant, 1)
        keeper.sync(uow)
        open_grant = holdings.open_grant(uow, voucher)
        assert open_grant is not None
        assert open_grant.store == SOUTH

    def test_what_comes_back_returns_where_the_buyer_chose_it_again(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper = north_keeper(uow)
        holdings.appoint_keeper(uow, SOUTH, SOUTH_TILL)
        voucher = sell(uow, 2, chosen_store=NORTH)
        grant = granted(uow, voucher)
        vouchers.choose_store(uow, voucher, SOUTH)
        holdings.recall(uow, voucher)
        vouchers.choose_store(uow, voucher, NORTH)
        keeper.release(grant, 2)
        keeper.sync(uow)
        again = holdings.open_grant(uow, voucher)
        assert again is not None
        assert (again.store, again.uses) == (NORTH, 2)

    def test_what_a_keeper_gives_back_of_its_own_accord_stays(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, chosen_store=NORTH)
        keeper.release(granted(uow, voucher), 1)
        keeper.sync(uow)
        assert pools(uow, voucher) == (1, 0, 0, 0)


def test_a_token_is_authentic_for_the_tenure_and_names_the_grant(uow: UnitOfWork) -> None:
    found_chain(uow)
    north_keeper(uow)
    voucher = sell(uow)
    key = granted(uow, voucher)
    open_grant = holdings.open_grant(uow, voucher)
    assert open_grant is not None
    code = vouchers.code_of(uow, KEYS, voucher)
    text = holdings.token_text(ROOT_KEY, MERCHANT, open_grant, code)
    tenure_key = token_key(ROOT_KEY.secret, MERCHANT, key.tenure, NORTH_TILL)
    assert token_is_authentic(text, key.tenure, tenure_key)
    token = read_token(text)
    assert token is not None
    assert (token.feed_no, token.uses, token.code) == (key.feed_no, 1, code)


class TestRefund:
    def test_runs_at_once_when_the_server_holds_everything(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        voucher = sell(uow, 3, 1_000)
        assert holdings.request_refund(uow, voucher) is RefundState.done
        assert pools(uow, voucher) == (0, 0, 0, 3)
        [refund] = holdings.refunds_of(uow, voucher)
        assert (refund.uses, refund.value_fen) == (3, 1_000)
        liability = ledger.balances(uow, [AccountKind.voucher_liability])
        assert [balance.amount_fen for balance in liability] == [1_000]

    def test_waits_for_the_till_and_takes_exactly_what_is_left(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3, 1_000)
        grant = granted(uow, voucher)
        assert holdings.request_refund(uow, voucher) is RefundState.asked
        assert isinstance(keeper.news(uow)[-1], feed.RecallEntry)
        keeper.redeem(new_eid(uow), voucher, grant)
        keeper.release(grant, 2)
        keeper.sync(uow)
        [refund] = holdings.refunds_of(uow, voucher)
        assert (refund.uses, refund.value_fen) == (2, 667)
        assert pools(uow, voucher) == (0, 0, 1, 2)


class TestKeeper:
    def test_a_new_keeper_works_at_once_and_the_old_one_drains(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher, later = north_keeper(uow), sell(uow), sell(uow)
        grant = granted(uow, voucher)
        second = holdings.appoint_keeper(uow, NORTH, NORTH_OTHER_TILL)
        assert isinstance(keeper.news(uow)[-1], feed.End)
        assert granted(uow, later).tenure == second
        assert holdings.open_grant(uow, voucher) is None
        keeper.release(grant, 1)
        keeper.write(TenureDone, tenure=grant.tenure)
        keeper.sync(uow)
        assert pools(uow, voucher) == (1, 0, 0, 0)
        assert [tenure.number for tenure in holdings.live_tenures(uow)] == [second]

    def test_a_till_that_is_keeper_elsewhere_ends_there(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        holdings.appoint_keeper(uow, NORTH, NORTH_TILL)
        holdings.appoint_keeper(uow, SOUTH, NORTH_TILL)
        kinds = [type(entry) for entry in TillAtWork(NORTH_TILL, NORTH).news(uow)]
        assert kinds == [feed.Keep, feed.End, feed.Keep]

    def test_declared_lost_returns_its_uses_at_a_booked_risk(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 2, 1_000)
        grant = granted(uow, voucher)
        assert holdings.price_of_loss(uow, NORTH_TILL) == 1_000
        holdings.declare_lost(uow, grant.tenure)
        assert pools(uow, voucher) == (2, 0, 0, 0)
        assert isinstance(keeper.news(uow)[-1], feed.Lost)
        assert risk_of(uow, NORTH) == 1_000
        keeper.redeem(new_eid(uow), voucher, grant)
        keeper.sync(uow)
        assert risk_of(uow, NORTH) == 500

    def test_the_grants_of_an_ended_tenure_follow_in_chunks(self, uow: UnitOfWork) -> None:
        found_chain(uow)
        north_keeper(uow)
        refs = [sell(uow) for _ in range(5)]
        tenure = {granted(uow, ref).tenure for ref in refs}.pop()
        holdings.declare_lost(uow, tenure)
        assert holdings.follow_tenures(uow, limit=2) == 0
        assert {pools(uow, ref) for ref in refs} == {(1, 0, 0, 0)}


def risk_of(uow: UnitOfWork, store: StoreId) -> int:
    balances = ledger.balances(uow, [AccountKind.declared_risk], owner=store)
    return sum(balance.amount_fen for balance in balances)


def test_a_grant_and_its_feed_entry_are_committed_together(begin: Transactions) -> None:
    with begin() as uow:
        found_chain(uow)
        north_keeper(uow)
        voucher = sell(uow)
    with begin() as uow:
        key = granted(uow, voucher)
    with begin() as uow:
        assert holdings.heads(uow.connection)[MERCHANT, NORTH_TILL] == key.feed_no
        assert key == GrantKey(1, 2)
        assert vouchers.terms_of(uow, [voucher])[voucher].order_state is OrderState.paid
