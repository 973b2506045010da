"""The working set of a transaction, and the moves that every rule is made of.

Each move changes two pools by the same number of uses, so the equation of a holding

    sold = held + out + redeemed + refunded

cannot be broken by a rule, only by writing past these functions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from server.holdings.rules.facts import (
    Alarm,
    CaseClosed,
    CaseOpened,
    Fact,
    QuotaChange,
    Redeemed,
    TakenBack,
    Told,
)
from server.holdings.rules.records import EventRecord, Grant, Holding, Presented, Tenure
from server.holdings.states import AlarmKind, CaseKind, Charge, Lane
from shared.feed import Entry, OutcomeEntry
from shared.ids import EventId, TillId, VoucherRef
from shared.money import Fen, value_of_uses
from shared.reasons import Reason
from shared.wire import EventStatus, GrantKey


@dataclass(slots=True)
class Books:
    """Everything one transaction touches, and what came of it.

    Attributes:
        now: aware UTC.
        holdings: by voucher; a voucher that does not exist is missing.
        tenures: by number.
        grants: by key.
        events: by id.
        facts: what happened, in order; ledger and orders go by it.
        quota_changes: of the stores' counts.
        told: what tills have to hear, in order; numbered at the end.
    """

    now: datetime
    holdings: dict[VoucherRef, Holding] = field(default_factory=dict)
    tenures: dict[int, Tenure] = field(default_factory=dict)
    grants: dict[GrantKey, Grant] = field(default_factory=dict)
    events: dict[EventId, EventRecord] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    quota_changes: list[QuotaChange] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    _grants_by_voucher: dict[VoucherRef, list[Grant]] = field(default_factory=dict)

    def add_grant(self, grant: Grant) -> None:
        """Take a grant into the working set."""
        self.grants[grant.key] = grant
        self._grants_by_voucher.setdefault(grant.voucher, []).append(grant)

    def live_grants(self, voucher: VoucherRef) -> Iterator[Grant]:
        """Grants of a voucher that tills may still redeem from or release."""
        return (grant for grant in self._grants_by_voucher.get(voucher, ()) if grant.live)

    def tenure_of(self, grant: Grant) -> Tenure:
        """The tenure a grant belongs to."""
        return self.tenures[grant.key.tenure]

    def tell(self, till: TillId, entry: Entry) -> None:
        """Let a till hear of something; the entry gets its number when the books are saved."""
        self.told.append(Told(till, entry))

    def raise_alarm(self, kind: AlarmKind, till: TillId, detail: str) -> None:
        """Report what must never happen."""
        self.facts.append(Alarm(kind, till, detail))


def number_feed(books: Books, next_numbers: dict[TillId, int]) -> list[Told]:
    """Give every told entry the next number of its till's feed, and new grants their key.

    Args:
        books: with entries still numbered 0.
        next_numbers: the next free number of each till told anything; advanced.
    """
    numbered = []
    for told in books.told:
        feed_no = next_numbers[told.till]
        next_numbers[told.till] = feed_no + 1
        numbered.append(replace(told, entry=msgspec.structs.replace(told.entry, feed_no=feed_no)))
        if told.grant is not None:
            told.grant.key = GrantKey(told.grant.key.tenure, feed_no)
            books.add_grant(told.grant)
    books.told.clear()
    return numbered


# --- moves ----------------------------------------------------------------------------------------


def new_event(presented: Presented, lane: Lane, now: datetime) -> EventRecord:
    """An intention heard of for the first time, not yet decided."""
    return EventRecord(
        eid=presented.eid,
        intent_hash=presented.intent_hash,
        voucher=presented.voucher,
        uses=presented.uses,
        value_fen=0,
        status=EventStatus.refused,
        reason=Reason.accepted,
        lane=lane,
        charge=Charge.none,
        charged_grant=None,
        maker=presented.maker,
        place=presented.place,
        first_seen=now,
    )


def accept_from_grant(books: Books, event: EventRecord, grant: Grant) -> None:
    """Move uses from a grant to the redeemed, and fix what they were worth."""
    holding = books.holdings[event.voucher]
    event.value_fen = value_of_uses(Fen(holding.value_left_fen), event.uses, holding.left)
    grant.out -= event.uses
    holding.out -= event.uses
    charge_to_grant(event, grant)
    _redeem(books, event, holding)
    store = books.tenure_of(grant).store
    books.quota_changes.append(QuotaChange(store, event.voucher, -event.uses, 0))


def accept_from_server(books: Books, event: EventRecord) -> None:
    """Move uses from those the server holds to the redeemed, and fix what they were worth."""
    holding = books.holdings[event.voucher]
    event.value_fen = value_of_uses(Fen(holding.value_left_fen), event.uses, holding.left)
    holding.held -= event.uses
    event.charge = Charge.server
    _redeem(books, event, holding)


def _redeem(books: Books, event: EventRecord, holding: Holding) -> None:
    holding.redeemed += event.uses
    holding.value_left_fen -= event.value_fen
    event.status = EventStatus.accepted
    event.reason = Reason.accepted
    books.facts.append(
        Redeemed(
            event.eid, event.voucher, event.value_fen, event.place.store, event.place.happened_at
        )
    )
    books.quota_changes.append(QuotaChange(event.place.store, event.voucher, 0, event.uses))


def charge_to_grant(event: EventRecord, grant: Grant) -> None:
    """Note that a grant pays for an event, for ever."""
    event.charge = Charge.grant
    event.charged_grant = grant.key
    event.charges |= {grant.key}


def grant_to_held(books: Books, grant: Grant, uses: int) -> None:
    """Move uses from a grant back to the server."""
    holding = books.holdings[grant.voucher]
    grant.out -= uses
    holding.out -= uses
    holding.held += uses
    store = books.tenure_of(grant).store
    books.quota_changes.append(QuotaChange(store, grant.voucher, -uses, 0))


def take_back(books: Books, event: EventRecord, grant: Grant | None, status: EventStatus) -> None:
    """Move the uses of an accepted event to a live grant or to the server, with their value."""
    holding = books.holdings[event.voucher]
    holding.redeemed -= event.uses
    holding.value_left_fen += event.value_fen
    if grant is None:
        holding.held += event.uses
    else:
        grant.out += event.uses
        holding.out += event.uses
        store = books.tenure_of(grant).store
        books.quota_changes.append(QuotaChange(store, event.voucher, event.uses, 0))
    event.status = status
    books.facts.append(TakenBack(event.eid, event.voucher, event.value_fen))
    books.quota_changes.append(QuotaChange(event.place.store, event.voucher, 0, -event.uses))


def open_case(books: Books, event: EventRecord, kind: CaseKind) -> None:
    """Hand an event to a person."""
    event.status = EventStatus.case
    books.facts.append(CaseOpened(event.eid, kind))


def close_case(books: Books, event: EventRecord) -> None:
    """The conflict of an event is resolved."""
    books.facts.append(CaseClosed(event.eid))


def tell_outcome(books: Books, event: EventRecord) -> None:
    """Let the till that made an event know what became of it."""
    entry = OutcomeEntry(feed_no=0, eid=event.eid, status=event.status, reason=event.reason)
    books.tell(event.maker, entry)
