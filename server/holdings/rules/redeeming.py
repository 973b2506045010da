"""What a redemption, its undo and its void do to the books, in whichever order they arrive.

One event id is one customer intention in every lane: an event that comes again in a stronger lane
is charged again, never counted again.

Source: protocol rules S3, S5, S6, S7 and S8.
"""

from server.holdings.rules.books import (
    Books,
    accept_from_grant,
    accept_from_server,
    charge_to_grant,
    close_case,
    grant_to_held,
    new_event,
    open_case,
    take_back,
    tell_outcome,
)
from server.holdings.rules.facts import RiskSettled
from server.holdings.rules.granting import settle
from server.holdings.rules.records import EventRecord, Grant, Presented
from server.holdings.states import (
    AlarmKind,
    CaseKind,
    Charge,
    GrantState,
    JournalResult,
    Lane,
)
from shared.feed import Reverse
from shared.ids import EventId, TillId
from shared.journal import UndoTo
from shared.reasons import Reason
from shared.redemption_rules import RefundState
from shared.wire import EventStatus, GrantKey

_OVER = frozenset({EventStatus.void, EventStatus.undone})
_UNDECIDED = frozenset({EventStatus.pending, EventStatus.case})


def redeem(books: Books, presented: Presented, key: GrantKey) -> JournalResult:
    """A keeper redeemed from what it held: rule S3.

    Args:
        books: the working set.
        presented: the intention.
        key: the grant it was taken from.
    """
    event = books.events.get(presented.eid)
    if event is not None and event.intent_hash != presented.intent_hash:
        return _other_intent(books, presented)
    grant = books.grants.get(key)
    if grant is not None and not _is_of(books, grant, presented):
        grant = None
    if event is not None and key in event.charges:
        return JournalResult.applied
    if event is None:
        event = new_event(presented, Lane.held, books.now)
    if grant is not None and grant.state is GrantState.lost:
        _redeem_late(books, event, grant)
    elif grant is None or grant.out < event.uses:
        _redeem_nothing(books, event, presented, key)
    else:
        _redeem_held(books, event, grant)
    books.events[event.eid] = event
    settle(books, event.voucher)
    return JournalResult.applied


def _is_of(books: Books, grant: Grant, presented: Presented) -> bool:
    tenure = books.tenure_of(grant)
    return grant.voucher == presented.voucher and tenure.till == presented.place.till


def _is_new(books: Books, event: EventRecord) -> bool:
    """Whether nothing was ever taken for an event: not heard of, or an ask that was refused."""
    return event.eid not in books.events or event.status is EventStatus.refused


def _redeem_held(books: Books, event: EventRecord, grant: Grant) -> None:
    if event.status is EventStatus.accepted or event.status in _OVER:
        # Other uses paid for it before, or it was given up: the grant's go back to the server.
        grant_to_held(books, grant, event.uses)
        charge_to_grant(event, grant)
        return
    was = event.status
    accept_from_grant(books, event, grant)
    if was is EventStatus.case:
        close_case(books, event)
    if was is EventStatus.pending:
        forget_pending(books, event)
    if was in _UNDECIDED:
        tell_outcome(books, event)


def _redeem_late(books: Books, event: EventRecord, grant: Grant) -> None:
    if not _is_new(books, event):
        return
    event.late = True
    if books.holdings[event.voucher].held < event.uses:
        open_case(books, event, CaseKind.late_conflict)
        return
    accept_from_server(books, event)
    store = books.tenure_of(grant).store
    books.facts.append(RiskSettled(event.eid, store, event.value_fen))


def _redeem_nothing(books: Books, event: EventRecord, presented: Presented, key: GrantKey) -> None:
    detail = f"event {event.eid}: {event.uses} uses of grant {key}"
    books.raise_alarm(AlarmKind.forged_or_over_used, presented.place.till, detail)
    if _is_new(books, event):
        open_case(books, event, CaseKind.forged_or_over_used)


def undo(books: Books, till: TillId, eid: EventId, uses: int, to: UndoTo) -> JournalResult:
    """A till took a held redemption back: rule S5."""
    event = books.events.get(eid)
    if event is None:
        return JournalResult.applied
    grant = books.grants.get(event.charged_grant) if event.charged_grant else None
    tills = {event.maker, event.place.till}
    if grant is not None:
        tills.add(books.tenure_of(grant).till)
    if till not in tills:
        return JournalResult.not_yours
    if event.uses != uses:
        books.raise_alarm(AlarmKind.other_intent, till, f"undo of {uses} uses of event {eid}")
        return JournalResult.other_intent
    if event.status is EventStatus.case:
        event.status = EventStatus.undone
        close_case(books, event)
    elif event.status is EventStatus.accepted:
        goes_to_grant = to is UndoTo.grant and grant is not None and grant.live
        take_back(books, event, grant if goes_to_grant else None, EventStatus.undone)
        settle(books, event.voucher)
    return JournalResult.applied


def void(books: Books, presented: Presented) -> JournalResult:
    """An intention did not end green, or an ask or a provisional redemption was undone: rule S6."""
    event = books.events.get(presented.eid)
    if event is None:
        event = new_event(presented, Lane.void, books.now)
        event.status, event.reason = EventStatus.void, Reason.outcome_unknown
        books.events[event.eid] = event
        return JournalResult.applied
    if event.intent_hash != presented.intent_hash:
        return _other_intent(books, presented)
    if event.status in _OVER:
        return JournalResult.applied
    if event.status is EventStatus.accepted:
        take_back(books, event, None, EventStatus.void)
    elif event.status is EventStatus.case:
        close_case(books, event)
    elif event.status is EventStatus.pending:
        forget_pending(books, event)
    event.status = EventStatus.void
    settle(books, event.voucher)
    return JournalResult.applied


def can_ask(books: Books, presented: Presented) -> bool:
    """Whether the server holds what is asked for and nothing comes before it: rule S7."""
    holding = books.holdings.get(presented.voucher)
    if holding is None or holding.refund_state is not RefundState.none or holding.pending:
        return False
    return holding.held >= presented.uses


def ask(books: Books, presented: Presented, reason: Reason) -> EventRecord:
    """Decide an ask heard of for the first time, and store the answer.

    Args:
        books: the working set, without this event.
        presented: the intention.
        reason: `accepted` if the rules of redemption allow it, which needs `can_ask`.
    """
    assert presented.eid not in books.events
    event = new_event(presented, Lane.ask, books.now)
    if reason is Reason.accepted:
        assert can_ask(books, presented)
        accept_from_server(books, event)
    event.reason = reason
    books.events[event.eid] = event
    settle(books, event.voucher)
    return event


def provisional(books: Books, presented: Presented) -> JournalResult:
    """A till accepted without holding: never refused, never deleted: rule S8."""
    event = books.events.get(presented.eid)
    if event is not None and event.intent_hash != presented.intent_hash:
        return _other_intent(books, presented)
    if event is not None and event.status is not EventStatus.refused:
        return JournalResult.applied
    if event is None:
        event = new_event(presented, Lane.provisional, books.now)
    books.events[event.eid] = event
    event.reason = Reason.accepted_offline
    holding = books.holdings.get(event.voucher)
    if holding is None or max(holding.held, holding.out) == 0:
        open_case(books, event, CaseKind.provisional_conflict)
    elif holding.held >= event.uses and holding.refund_state is RefundState.none:
        accept_from_server(books, event)
    else:
        event.status = EventStatus.pending
        holding.pending = (*holding.pending, event.eid)
    settle(books, event.voucher)
    return JournalResult.applied


def reverse(books: Books, eid: EventId) -> None:
    """Headquarters takes an accepted redemption back: rule S10.

    While a keeper still holds the grant that paid, only its undo counts.
    """
    event = books.events[eid]
    if event.status is not EventStatus.accepted:
        return
    grant = books.grants.get(event.charged_grant) if event.charged_grant else None
    if event.charge is Charge.grant and grant is not None and grant.live:
        books.tell(books.tenure_of(grant).till, Reverse(feed_no=0, eid=eid))
        return
    take_back(books, event, None, EventStatus.undone)
    settle(books, event.voucher)


def forget_pending(books: Books, event: EventRecord) -> None:
    """An event no longer waits for a decision."""
    holding = books.holdings[event.voucher]
    holding.pending = tuple(eid for eid in holding.pending if eid != event.eid)


def _other_intent(books: Books, presented: Presented) -> JournalResult:
    detail = f"event {presented.eid} means something else already"
    books.raise_alarm(AlarmKind.other_intent, presented.place.till, detail)
    return JournalResult.other_intent
