"""Answers tills that ask for what the server holds: decided once, stored, explained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.catalog import service as catalog
from server.holdings import asks as ask_books
from server.holdings import service as holdings
from server.holdings.books import Terms
from server.holdings.rules.books import Books
from server.holdings.rules.records import EventRecord, Presented
from server.holdings.rules.redeeming import can_ask
from server.holdings.states import GrantState
from server.holdings.values import Answer, Ask, Redemption
from server.kernel.unit_of_work import UnitOfWork
from server.redemption import rules
from server.redemption.naming import Names
from server.redemption.posting import post_redemptions
from server.stores import service as stores
from server.stores.rules import Store
from server.vouchers import service as vouchers
from server.vouchers.rules import VoucherTerms
from shared.clock import ClockReading
from shared.ids import EventId, ProductId, StoreId, VoucherRef
from shared.reasons import Fact, FactName, Reason
from shared.redemption_rules import Counter, VoucherFacts, judge
from shared.wire import EventStatus

USED_UP = frozenset({Reason.already_redeemed, Reason.exhausted})
ELSEWHERE = frozenset({Reason.held_elsewhere, Reason.held_here_other_till, Reason.awaiting_release})


@dataclass(slots=True)
class _Desk:
    """What a batch of asks is decided by."""

    uow: UnitOfWork
    books: Books
    terms: Terms
    stores: Mapping[StoreId, Store]
    quota_left: dict[tuple[StoreId, ProductId], int]


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An ask heard of for the first time, and what was decided."""

    ask: Ask
    event: EventRecord


def answer_asks(uow: UnitOfWork, asks: Sequence[Ask]) -> list[Answer]:
    """Decide asks together, in order; each eid once, for ever.

    Args:
        uow: a writing transaction.
        asks: from tills that may ask; the edge has checked who they are.

    Returns:
        One answer for each ask, in the same order. One that no till can have meant is refused as
        badly formed and not stored; one whose id means something else already is refused too.

    Source: protocol rule S7.
    """
    well_formed = [ask for ask in asks if ask_books.is_well_formed(ask)]
    opened = ask_books.open_asks(uow, well_formed)
    desk = _desk(uow, opened.books, well_formed)
    fresh: dict[EventId, _Fresh] = {}
    known = [_known_or_decided(desk, fresh, ask) for ask in asks]
    explained = _explained(desk, [decided.event for decided in fresh.values()])
    post_redemptions(uow, opened.books.facts, desk.terms)
    asked = [decided.ask for decided in fresh.values()]
    ask_books.record_asks(uow, opened, asked, desk.terms)
    return [answer or explained[ask.eid] for answer, ask in zip(known, asks, strict=True)]


def _known_or_decided(desk: _Desk, fresh: dict[EventId, _Fresh], ask: Ask) -> Answer | None:
    """Return an answer that needs no decision; None for an ask decided in this batch."""
    if not ask_books.is_well_formed(ask):
        return Answer(ask.eid, EventStatus.refused, Reason.bad_format, ())
    intention = ask_books.presented(desk.uow, ask)
    decided = fresh.get(ask.eid)
    if decided is not None and decided.event.intent_hash == intention.intent_hash:
        return None
    stored = ask_books.stored_answer(desk.books, intention)
    if stored is None:
        fresh[ask.eid] = _Fresh(ask, _decide(desk, ask, intention))
    return stored


def _desk(uow: UnitOfWork, books: Books, asks: Sequence[Ask]) -> _Desk:
    terms = vouchers.terms_of(uow, books.holdings.keys())
    pairs = {
        (ask.store, terms[ask.voucher_ref].product) for ask in asks if ask.voucher_ref in terms
    }
    quotas = catalog.quotas(uow, sorted(pairs))
    every_store = {store.id: store for store in stores.stores_for_buyers(uow)}
    return _Desk(
        uow, books, terms, every_store, {pair: quota.left for pair, quota in quotas.items()}
    )


def _decide(desk: _Desk, ask: Ask, intention: Presented) -> EventRecord:
    terms = desk.terms.get(ask.voucher_ref)
    reason = Reason.unknown if terms is None else _reason(desk, ask, terms, intention)
    event = ask_books.decide_ask(desk.books, intention, reason)
    if terms is not None and event.status is EventStatus.accepted:
        pair = ask.store, terms.product
        if pair in desk.quota_left:
            desk.quota_left[pair] -= ask.uses
    return event


def _reason(desk: _Desk, ask: Ask, terms: VoucherTerms, intention: Presented) -> Reason:
    holding = desk.books.holdings[ask.voucher_ref]
    facts = VoucherFacts(
        order_state=terms.order_state,
        refund_state=holding.refund_state,
        frozen=terms.frozen,
        stores=terms.stores,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        uses_total=terms.uses_total,
        uses_free=holding.held,
        uses_away=holding.out,
        per_visit_uses_max=terms.per_visit_uses_max,
    )
    store = desk.stores.get(ask.store)
    counter = Counter(
        store=ask.store,
        store_open=store is None or store.open,
        clock=ClockReading(desk.uow.now, trusted=True),
        quota_left=desk.quota_left.get((ask.store, terms.product)),
    )
    reason = judge(facts, counter, ask.uses)
    if reason is Reason.held_elsewhere:
        return _whereabouts(desk, ask)
    if reason is Reason.accepted and not can_ask(desk.books, intention):
        return Reason.awaiting_release
    return reason


def _whereabouts(desk: _Desk, ask: Ask) -> Reason:
    """Say more exactly where the uses are that are not here."""
    grants = list(desk.books.live_grants(ask.voucher_ref))
    if all(grant.state is GrantState.recalled for grant in grants):
        return Reason.awaiting_release
    if any(desk.books.tenure_of(grant).store == ask.store for grant in grants):
        return Reason.held_here_other_till
    return Reason.held_elsewhere


# --- explaining -----------------------------------------------------------------------------------


def _explained(desk: _Desk, fresh: Sequence[EventRecord]) -> dict[EventId, Answer]:
    used_up = {event.voucher for event in fresh if event.reason in USED_UP}
    earlier = holdings.last_redemptions(desk.uow, used_up)
    names = _names(desk, fresh, earlier)
    return {
        event.eid: ask_books.explain(event, _facts(desk, event, names, earlier)) for event in fresh
    }


def _names(
    desk: _Desk, events: Sequence[EventRecord], earlier: Mapping[VoucherRef, Redemption]
) -> Names:
    tills = {redemption.till for redemption in earlier.values()}
    for event in events:
        if event.reason in ELSEWHERE:
            grants = desk.books.live_grants(event.voucher)
            tills |= {desk.books.tenure_of(grant).till for grant in grants}
    clerks = {redemption.clerk for redemption in earlier.values()}
    every_store = {store.id: store.name for store in desk.stores.values()}
    return Names.of(desk.uow, every_store, tills, clerks)


def _facts(
    desk: _Desk, event: EventRecord, names: Names, earlier: Mapping[VoucherRef, Redemption]
) -> list[Fact]:
    terms = desk.terms.get(event.voucher)
    if terms is None:
        return []
    holding = desk.books.holdings[event.voucher]
    facts = rules.voucher_facts(terms, holding.left)
    if event.status is EventStatus.accepted:
        facts.append(Fact(FactName.uses_taken, str(event.uses)))
        facts.append(Fact(FactName.value_fen, str(event.value_fen)))
    elif event.reason is Reason.wrong_store:
        where = terms.stores or ()
        facts.append(rules.usable_stores_fact([names.stores.get(store, "") for store in where]))
    elif event.reason in USED_UP and event.voucher in earlier:
        facts += names.facts_of(earlier[event.voucher])
    elif event.reason in ELSEWHERE:
        facts += _holder_facts(desk, event.voucher, names)
    return facts + rules.validity_facts(terms, event.reason)


def _holder_facts(desk: _Desk, ref: VoucherRef, names: Names) -> list[Fact]:
    grants = sorted(desk.books.live_grants(ref), key=lambda grant: grant.key)
    if not grants:
        return []
    tenure = desk.books.tenure_of(grants[-1])
    return names.holder_facts(tenure.store, tenure.till)
