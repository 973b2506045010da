"""The books' half of an ask: lock, find a stored answer, record the decision.

Whether a redemption is allowed is decided by the floor above, which knows stores, people and terms.
"""

from collections.abc import Sequence

import msgspec

from server.holdings.books import Terms, close_books, open_books
from server.holdings.rules.books import Books
from server.holdings.rules.chain import CLERK_LENGTH_MAX, USES_MAX
from server.holdings.rules.records import EventRecord, Place, Presented
from server.holdings.rules.redeeming import ask as decide
from server.holdings.states import AlarmKind
from server.holdings.store import journals as journal_store
from server.holdings.store.journals import AskRow
from server.holdings.store.load import OpenBooks, Wanted
from server.holdings.values import Answer, Ask
from server.kernel.unit_of_work import UnitOfWork
from shared.journal import intent_hash
from shared.reasons import Fact, Reason
from shared.voucher_code import VOUCHER_REF_BYTES
from shared.wire import EventStatus

_facts_decoder = msgspec.json.Decoder(tuple[Fact, ...])


def is_well_formed(ask: Ask) -> bool:
    """Whether an ask can have been meant by a till; one that cannot is not stored."""
    is_plain = ask.clerk is None or (len(ask.clerk) <= CLERK_LENGTH_MAX and ask.clerk.isprintable())
    return is_plain and len(ask.voucher_ref) == VOUCHER_REF_BYTES and 1 <= ask.uses <= USES_MAX


def open_asks(uow: UnitOfWork, asks: Sequence[Ask]) -> OpenBooks:
    """Lock and load what well-formed asks name."""
    wanted = Wanted({ask.voucher_ref for ask in asks}, {ask.eid for ask in asks})
    return open_books(uow, wanted)


def presented(uow: UnitOfWork, ask: Ask) -> Presented:
    """The customer's intention behind an ask; it happens now."""
    return Presented(
        ask.eid,
        ask.voucher_ref,
        ask.uses,
        intent_hash(ask.eid, ask.voucher_ref, ask.uses, ask.till),
        ask.till,
        Place(ask.till, ask.store, ask.clerk, uow.now),
    )


def stored_answer(books: Books, intention: Presented) -> Answer | None:
    """The answer given before to this event id, in whichever lane; None if it is new."""
    event = books.events.get(intention.eid)
    if event is None:
        return None
    if event.intent_hash != intention.intent_hash:
        detail = f"event {event.eid} means something else already"
        books.raise_alarm(AlarmKind.other_intent, intention.place.till, detail)
        return Answer(intention.eid, EventStatus.refused, Reason.internal, ())
    return _answer(event)


def decide_ask(books: Books, intention: Presented, reason: Reason) -> EventRecord:
    """Decide a new ask: take the uses if `reason` is accepted, else store the refusal."""
    return decide(books, intention, reason)


def explain(event: EventRecord, facts: Sequence[Fact]) -> Answer:
    """Store with an event what its answer says besides the reason, and return the answer."""
    event.facts = msgspec.json.encode(facts)
    return _answer(event)


def _answer(event: EventRecord) -> Answer:
    facts = _facts_decoder.decode(event.facts) if event.facts else ()
    return Answer(event.eid, event.status, event.reason, facts)


def record_asks(uow: UnitOfWork, opened: OpenBooks, asks: Sequence[Ask], terms: Terms) -> None:
    """Keep the asks that were decided now, and save the books.

    Args:
        uow: the transaction that opened the books.
        opened: from `open_asks`.
        asks: each event id once.
        terms: of every voucher named.
    """
    rows = [AskRow(ask.eid, ask.till, ask.voucher_ref, ask.uses, ask.evidence) for ask in asks]
    journal_store.insert_asks(uow, rows)
    close_books(uow, opened, terms)
