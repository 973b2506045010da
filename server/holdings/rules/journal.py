"""Applies one journal event to the books, whatever its kind, and answers for it later."""

from server.holdings.rules.books import Books
from server.holdings.rules.granting import release, release_all, tenure_done
from server.holdings.rules.records import Place, Presented
from server.holdings.rules.redeeming import provisional, redeem, undo, void
from server.holdings.states import JournalResult
from shared.ids import EventId, StoreId, TillId, VoucherRef
from shared.journal import (
    AnyEvent,
    Provisional,
    Redeem,
    Release,
    ReleaseAll,
    TenureDone,
    Undo,
    UnknownEvent,
    Void,
    intent_hash,
)
from shared.reasons import Reason
from shared.wire import EventStatus, Outcome

REFUSED = frozenset({JournalResult.malformed, JournalResult.other_intent, JournalResult.not_yours})


def apply_event(
    books: Books, till: TillId, store: StoreId, event: AnyEvent | UnknownEvent | None
) -> JournalResult:
    """Apply an event of a till's journal; what cannot be applied gets a result, never an exception.

    Args:
        books: with everything loaded that the event names.
        till: whose journal it is.
        store: where that till stands.
        event: as read, or None for one with wrong fields.
    """
    if event is None:
        return JournalResult.malformed
    if isinstance(event, UnknownEvent):
        return JournalResult.unknown_kind
    if isinstance(event, Redeem | Provisional | Void | Undo):
        return _redeem_or_take_back(books, till, store, event)
    if isinstance(event, Release | TenureDone | ReleaseAll):
        return _give_back(books, till, event)
    return JournalResult.no_effect


def _redeem_or_take_back(
    books: Books, till: TillId, store: StoreId, event: Redeem | Provisional | Void | Undo
) -> JournalResult:
    match event:
        case Redeem():
            return redeem(books, presented(till, store, event), event.grant)
        case Provisional():
            return provisional(books, presented(till, store, event))
        case Void():
            return void(books, presented(till, store, event))
        case Undo():
            return undo(books, till, EventId(event.eid), event.uses, event.to)


def _give_back(
    books: Books, till: TillId, event: Release | TenureDone | ReleaseAll
) -> JournalResult:
    match event:
        case Release():
            return release(books, till, event.grant, event.uses)
        case TenureDone():
            return tenure_done(books, till, event.tenure)
        case ReleaseAll():
            return release_all(books, till, event)


def presented(till: TillId, store: StoreId, event: Redeem | Provisional | Void) -> Presented:
    """The customer's intention that an event speaks of.

    The till that made the event id is part of what it means: the one that asked over the local
    network, else the journal's own.
    """
    asked_by = event.asked_by if isinstance(event, Redeem) else None
    maker = TillId(asked_by or till)
    return Presented(
        EventId(event.eid),
        VoucherRef(event.voucher_ref),
        event.uses,
        intent_hash(event.eid, event.voucher_ref, event.uses, maker),
        maker,
        Place(till, store, event.clerk, event.at),
    )


def outcome(
    books: Books, event: AnyEvent | UnknownEvent | None, result: JournalResult
) -> Outcome | None:
    """The stored answer to an event, or None for kinds that are not answered."""
    if not isinstance(event, Redeem | Provisional | Void | Undo):
        return None
    if result in REFUSED:
        return Outcome(event.eid, EventStatus.refused, Reason.internal)
    record = books.events.get(EventId(event.eid))
    if record is None:
        return None
    return Outcome(event.eid, record.status, record.reason)
