"""Any history of grants, redemptions and losses, honest or not: no use and no fen is lost or made.

The machine also applies every event a second time and finds that nothing changes.
"""

from collections import Counter
from copy import deepcopy
from datetime import timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from server.holdings.rules.books import Books, number_feed
from server.holdings.rules.granting import (
    can_grant,
    follow_tenure,
    grant,
    recall_all,
    release,
    request_refund,
)
from server.holdings.rules.records import Grant, Holding, Place, Presented, Tenure
from server.holdings.rules.redeeming import ask, can_ask, provisional, redeem, reverse, undo, void
from server.holdings.states import GrantState, TenureState
from shared.clock import utc
from shared.feed import GrantEntry, VoucherCard
from shared.ids import EventId, StoreId, TillId, VoucherRef
from shared.journal import UndoTo, intent_hash
from shared.reasons import Reason
from shared.redemption_rules import RefundState
from shared.wire import EventStatus, GrantKey

NOW = utc(2026, 3, 2, 10)
VOUCHER = VoucherRef(b"v" * 16)
STORE = StoreId(UUID(int=1))
TILLS = [TillId(UUID(int=10)), TillId(UUID(int=11))]
USES = 6
VALUE_FEN = 1_003

# An event id stands for one intention; a body of its own is what `till_means_something_else` makes.
tills = st.sampled_from(TILLS)
rarely = st.sampled_from([True, False, False, False, False, False])
eids = st.integers(1, 4).map(lambda number: EventId(UUID(int=100 + number)))
uses = st.integers(1, 2)
keys = st.builds(GrantKey, st.integers(1, 4), st.integers(1, 4))


class BooksMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.books = Books(NOW)
        self.books.holdings[VOUCHER] = Holding(
            VOUCHER, USES, USES, 0, 0, 0, VALUE_FEN, VALUE_FEN, 0, RefundState.none
        )
        self.next_numbers = dict.fromkeys(TILLS, 1)
        self.undone_to: Counter[GrantKey] = Counter()
        for till in TILLS:
            self.add_tenure(till)

    def add_tenure(self, till: TillId) -> None:
        number = len(self.books.tenures) + 1
        self.books.tenures[number] = Tenure(
            number, STORE, till, TenureState.active, NOW, None, NOW + timedelta(hours=72)
        )

    def active(self, till: TillId) -> Tenure | None:
        held = [t for t in self.books.tenures.values() if t.till == till]
        return next((t for t in held if t.state is TenureState.active), None)

    def present(self, eid: EventId, till: TillId, count: int = 0) -> Presented:
        number = eid.int
        maker, uses = TILLS[number % 2], count or 1 + number // 2 % 2
        body = intent_hash(eid, VOUCHER, uses, maker)
        return Presented(eid, VOUCHER, uses, body, maker, Place(till, STORE, None, NOW))

    def rows(self) -> tuple[object, ...]:
        books = self.books
        return deepcopy((books.holdings, books.grants, books.events, books.tenures))

    # --- the server's own moves -------------------------------------------------------------------

    @initialize(till=tills)
    def a_voucher_is_granted_as_it_is_sold(self, till: TillId) -> None:
        self.grant_to(till, 3)

    @rule(till=tills, count=uses)
    def server_grants(self, till: TillId, count: int) -> None:
        self.grant_to(till, count)

    def grant_to(self, till: TillId, count: int) -> None:
        tenure = self.active(till)
        if tenure is None or not can_grant(self.books, VOUCHER, tenure):
            return
        count = min(count, self.books.holdings[VOUCHER].held)
        card = VoucherCard(
            last_four="1234",
            value_fen=1,
            face_fen=1,
            order_number="A1",
            uses_total=USES,
            attention=False,
            booked_slot=None,
        )
        entry = GrantEntry(
            feed_no=0,
            tenure=tenure.number,
            voucher_ref=VOUCHER,
            uses=count,
            product_number=1,
            valid_from=NOW,
            valid_until=NOW,
            per_visit_uses_max=9,
            card=card,
        )
        grant(self.books, tenure, entry, 0)

    @rule()
    def server_recalls(self) -> None:
        recall_all(self.books, VOUCHER)

    @rule(now=rarely)
    def buyer_asks_for_a_refund(self, now: bool) -> None:
        if now:
            request_refund(self.books, VOUCHER)

    @rule(till=tills, state=st.sampled_from([TenureState.lost, TenureState.ending]), now=rarely)
    def tenure_ends(self, till: TillId, state: TenureState, now: bool) -> None:
        tenure = self.active(till)
        if tenure is None or not now or len(self.books.tenures) == 4:
            return
        tenure.state = state
        self.add_tenure(till)
        for one in list(self.books.grants.values()):
            follow_tenure(self.books, one)

    @rule(eid=eids)
    def headquarters_reverses(self, eid: EventId) -> None:
        if eid in self.books.events:
            reverse(self.books, eid)

    # --- what tills send, honest or not -----------------------------------------------------------

    @rule(eid=eids, till=tills, key=keys)
    def till_redeems_from_any_grant(self, eid: EventId, till: TillId, key: GrantKey) -> None:
        self.twice(lambda: redeem(self.books, self.present(eid, till), key))

    @rule(till=tills, eid=eids)
    def keeper_redeems_what_it_holds(self, till: TillId, eid: EventId) -> None:
        presented = self.present(eid, till)
        for one in self.live_grants_of(till):
            if one.out >= presented.uses:
                self.twice(lambda key=one.key: redeem(self.books, presented, key))
                return

    @rule(till=tills, eid=eids, key=keys)
    def till_means_something_else(self, till: TillId, eid: EventId, key: GrantKey) -> None:
        self.twice(lambda: redeem(self.books, self.present(eid, till, count=3), key))

    @rule(till=tills, key=keys, count=st.integers(0, 2))
    def till_releases(self, till: TillId, key: GrantKey, count: int) -> None:
        self.twice(lambda: release(self.books, till, key, count))

    @rule(till=tills)
    def keeper_releases_what_it_holds(self, till: TillId) -> None:
        for one in self.live_grants_of(till):
            release(self.books, till, one.key, one.out)

    @rule(eid=eids, till=tills, to=st.sampled_from(UndoTo))
    def till_undoes(self, eid: EventId, till: TillId, to: UndoTo) -> None:
        before = {key: one.out for key, one in self.books.grants.items()}
        count = self.present(eid, till).uses
        self.twice(lambda: undo(self.books, till, eid, count, to))
        for key, out in before.items():
            self.undone_to[key] += max(0, self.books.grants[key].out - out)

    @rule(eid=eids, till=tills)
    def till_voids(self, eid: EventId, till: TillId) -> None:
        self.twice(lambda: void(self.books, self.present(eid, till)))

    @rule(eid=eids, till=tills)
    def till_accepts_offline(self, eid: EventId, till: TillId) -> None:
        self.twice(lambda: provisional(self.books, self.present(eid, till)))

    @rule(eid=eids, till=tills)
    def till_asks(self, eid: EventId, till: TillId) -> None:
        if eid in self.books.events:
            return
        presented = self.present(eid, till)
        reason = Reason.accepted if can_ask(self.books, presented) else Reason.held_elsewhere
        ask(self.books, presented, reason)

    def live_grants_of(self, till: TillId) -> list[Grant]:
        grants = self.books.live_grants(VOUCHER)
        return [one for one in grants if self.books.tenure_of(one).till == till]

    def twice(self, apply: object) -> None:
        assert callable(apply)
        apply()
        number_feed(self.books, self.next_numbers)
        before = self.rows()
        apply()
        assert self.rows() == before
        assert not self.books.told

    # --- what always holds ------------------------------------------------------------------------

    @invariant()
    def every_use_is_in_one_pool(self) -> None:
        number_feed(self.books, self.next_numbers)
        holding = self.books.holdings[VOUCHER]
        pools = (holding.held, holding.out, holding.redeemed, holding.refunded)
        assert sum(pools) == USES
        assert min(pools) >= 0
        assert holding.out == sum(one.out for one in self.books.grants.values())
        assert all(0 <= one.out <= one.uses for one in self.books.grants.values())
        assert all(one.live or one.out == 0 for one in self.books.grants.values())

    @invariant()
    def every_redeemed_use_is_explained_by_an_event(self) -> None:
        holding = self.books.holdings[VOUCHER]
        accepted = [e for e in self.books.events.values() if e.status is EventStatus.accepted]
        assert holding.redeemed == sum(event.uses for event in accepted)
        value_fen = sum(event.value_fen for event in accepted)
        assert holding.value_left_fen + value_fen + holding.refunded_fen == VALUE_FEN
        assert holding.left or holding.value_left_fen == 0

    @invariant()
    def every_use_of_a_grant_is_out_or_was_charged(self) -> None:
        for one in self.books.live_grants(VOUCHER):
            events = self.books.events.values()
            charged = sum(event.uses for event in events if one.key in event.charges)
            assert one.uses == one.out + charged - self.undone_to[one.key]

    @invariant()
    def what_is_called_back_is_called_back_everywhere(self) -> None:
        holding = self.books.holdings[VOUCHER]
        if holding.pending or holding.refund_state is RefundState.asked:
            live = self.books.live_grants(VOUCHER)
            assert all(one.state is GrantState.recalled for one in live)

    @invariant()
    def what_is_pending_waits_for_a_grant(self) -> None:
        holding = self.books.holdings[VOUCHER]
        pending = {e.eid for e in self.books.events.values() if e.status is EventStatus.pending}
        assert set(holding.pending) == pending
        assert not pending or holding.out > 0
        if holding.refund_state is RefundState.asked:
            assert holding.out > 0


BooksMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, print_blob=True
)
TestAnyHistory = BooksMachine.TestCase
