"""Rules of the server that can be switched off; see `tests.together.mutations`."""

from server.holdings import books as opened_books
from server.holdings import journals
from server.holdings.rules import books as moves
from server.holdings.rules import granting, journal, redeeming
from server.holdings.rules.books import Books
from server.holdings.rules.records import EventRecord, Grant, Presented, Tenure
from server.holdings.states import Charge, GrantState, JournalResult, TenureState
from server.holdings.store.load import OpenBooks
from shared.ids import EventId, TillId, VoucherRef
from shared.journal import Release, UndoTo
from shared.redemption_rules import RefundState
from shared.wire import EventStatus
from tests.together.switching import Replacement, now_at


def _take_back_at_once(books: Books, grant: Grant) -> None:
    if grant.out:
        moves.grant_to_held(books, grant, grant.out)
    grant.state = GrantState.closed


def refund_without_recall() -> tuple[Replacement, ...]:
    """A refund takes uses back from tills without their word."""
    right = granting.request_refund

    def request_refund(books: Books, voucher: VoucherRef) -> None:
        for grant in list(books.live_grants(voucher)):
            _take_back_at_once(books, grant)
        right(books, voucher)

    return (Replacement(granting, "request_refund", request_refund),)


def refund_does_not_wait() -> tuple[Replacement, ...]:
    """A refund runs although tills still hold uses."""
    right = granting.settle

    def settle(books: Books, voucher: VoucherRef) -> None:
        right(books, voucher)
        holding = books.holdings.get(voucher)
        if holding is not None and holding.refund_state is RefundState.asked:
            granting._refund(books, holding)

    return (Replacement(granting, "settle", settle), Replacement(redeeming, "settle", settle))


def recall_takes_back() -> tuple[Replacement, ...]:
    """The server counts recalled uses as its own before the till has released them."""
    right = granting.recall

    def recall(books: Books, grant: Grant) -> None:
        if grant.state is GrantState.open:
            right(books, grant)
            _take_back_at_once(books, grant)

    return (Replacement(granting, "recall", recall),)


def handover_takes_back() -> tuple[Replacement, ...]:
    """A new keeper is given the uses of the old one before the old one has released them."""
    right = now_at(opened_books, "follow_tenure")

    def follow_tenure(books: Books, grant: Grant) -> None:
        if grant.live and books.tenure_of(grant).state is TenureState.ending:
            _take_back_at_once(books, grant)
        right(books, grant)

    return (Replacement(opened_books, "follow_tenure", follow_tenure),)


def release_before_redeem() -> tuple[Replacement, ...]:
    """A release overtakes the redemptions before it in the same journal."""
    right = journals._apply

    def apply(opened: OpenBooks, one: journals._Taken) -> None:
        in_order = one.events.new
        one.events.new = sorted(in_order, key=lambda read: not isinstance(read.event, Release))
        right(opened, one)
        one.events.new = in_order

    return (Replacement(journals, "_apply", apply),)


def no_charge_again() -> tuple[Replacement, ...]:
    """An event that an ask has paid for is ignored when the keeper's own report of it comes."""
    right = redeeming._redeem_held

    def redeem_held(books: Books, event: EventRecord, grant: Grant) -> None:
        if event.status is not EventStatus.accepted:
            right(books, event, grant)

    return (Replacement(redeeming, "_redeem_held", redeem_held),)


def void_without_tombstone() -> tuple[Replacement, ...]:
    """A void that comes before its ask is not remembered."""
    right = now_at(journal, "void")

    def void(books: Books, presented: Presented) -> JournalResult:
        if presented.eid not in books.events:
            return JournalResult.applied
        result: JournalResult = right(books, presented)
        return result

    return (Replacement(journal, "void", void),)


def void_keeps_uses() -> tuple[Replacement, ...]:
    """A void of an ask that was accepted gives no use back."""

    def void(books: Books, presented: Presented) -> JournalResult:
        if presented.eid in books.events:
            return JournalResult.applied
        result: JournalResult = right(books, presented)
        return result

    right = now_at(journal, "void")
    return (Replacement(journal, "void", void),)


def late_events_dropped() -> tuple[Replacement, ...]:
    """What a lost till reports late is thrown away."""
    return (Replacement(redeeming, "_redeem_late", lambda _books, _event, _grant: None),)


def late_events_trusted() -> tuple[Replacement, ...]:
    """What a lost till reports late is taken as if its grant still paid for it."""

    def redeem_late(books: Books, event: EventRecord, grant: Grant) -> None:
        books.holdings[event.voucher].redeemed += event.uses
        event.status = EventStatus.accepted
        event.charge = Charge.server

    return (Replacement(redeeming, "_redeem_late", redeem_late),)


def grant_despite_refund() -> tuple[Replacement, ...]:
    """A voucher is granted although its refund was asked for."""
    right = granting.can_grant

    def can_grant(books: Books, voucher: VoucherRef, tenure: Tenure) -> bool:
        holding = books.holdings.get(voucher)
        if holding is None:
            return False
        state, holding.refund_state = holding.refund_state, RefundState.none
        allowed = right(books, voucher, tenure)
        holding.refund_state = state
        return allowed

    return (Replacement(granting, "can_grant", can_grant),)


def reversal_without_the_till() -> tuple[Replacement, ...]:
    """Headquarters reverses what a keeper redeemed, without the keeper's word."""

    def reverse(books: Books, eid: EventId) -> None:
        event = books.events[eid]
        if event.status is EventStatus.accepted:
            moves.take_back(books, event, None, EventStatus.undone)
            granting.settle(books, event.voucher)

    return (Replacement(redeeming, "reverse", reverse),)


def undo_gives_back_twice() -> tuple[Replacement, ...]:
    """An undo of a redemption gives its uses to the server besides the grant."""
    right = now_at(journal, "undo")

    def undo(books: Books, till: TillId, eid: EventId, uses: int, to: UndoTo) -> JournalResult:
        event = books.events.get(eid)
        was_accepted = event is not None and event.status is EventStatus.accepted
        result: JournalResult = right(books, till, eid, uses, to)
        if was_accepted and event is not None and event.charged_grant in books.grants:
            grant = books.grants[event.charged_grant]
            if grant.live and grant.out >= uses:
                moves.grant_to_held(books, grant, uses)
        return result

    return (Replacement(journal, "undo", undo),)


def redemption_keeps_quota() -> tuple[Replacement, ...]:
    """A redemption uses up a store's quota without giving up what the grant had reserved."""
    right = now_at(redeeming, "accept_from_grant")

    def accept_from_grant(books: Books, event: EventRecord, grant: Grant) -> None:
        right(books, event, grant)
        books.quota_changes.pop()

    return (Replacement(redeeming, "accept_from_grant", accept_from_grant),)


MUTATIONS = (
    refund_without_recall,
    refund_does_not_wait,
    recall_takes_back,
    handover_takes_back,
    release_before_redeem,
    no_charge_again,
    void_without_tombstone,
    void_keeps_uses,
    late_events_dropped,
    late_events_trusted,
    grant_despite_refund,
    reversal_without_the_till,
    undo_gives_back_twice,
    redemption_keeps_quota,
)
