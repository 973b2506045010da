"""Proves the books of the holdings from their own rows: uses, journals, feeds, explained events."""

import hashlib
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from server.holdings.rules.journal import REFUSED, presented
from server.holdings.rules.records import EventRecord, Head, Holding
from server.holdings.store import audit as audit_store
from server.holdings.store.audit import NOTHING, Sums
from server.holdings.store.journals import JournalRow
from server.kernel.database import Connection
from server.kernel.unit_of_work import UnitOfWork
from server.ledger.rules import FINDINGS_MAX, Checked, Finding
from shared.ids import EventId, MerchantId, StoreId, VoucherRef
from shared.journal import (
    FIRST_HASH,
    Provisional,
    Redeem,
    Void,
    decode_event,
    first_broken_link,
    intent_hash,
)
from shared.wire import EventStatus

Record = TypeVar("Record")
Sum = dict[VoucherRef, Sums]

TAKEN = frozenset({EventStatus.accepted, EventStatus.undone, EventStatus.case, EventStatus.pending})
"""States that need somebody's word that a customer was there."""


def has_books(connection: Connection) -> bool:
    """Whether this is a database of this product."""
    return audit_store.has_books(connection)


def merchants_with_books(connection: Connection) -> list[MerchantId]:
    """Every merchant that has holdings or journals."""
    return audit_store.merchants_with_books(connection)


def audit(uow: UnitOfWork) -> list[Checked]:
    """Run every check of the holdings, on one snapshot."""
    return [_uses(uow), _pending(uow), _feeds(uow), *_journals_and_events(uow)]


def _checked(name: str, looked_at: int, faults: Iterator[tuple[str, str]]) -> Checked:
    findings = []
    for record, what in faults:
        findings.append(Finding(name, record, what))
        if len(findings) == FINDINGS_MAX:
            break
    return Checked(name, looked_at, tuple(findings))


# --- uses and value -------------------------------------------------------------------------------


def _uses(uow: UnitOfWork) -> Checked:
    reading = (uow.connection, uow.merchant)
    holdings = audit_store.read_every_holding(*reading)
    sums = (
        audit_store.uses_out(*reading),
        audit_store.uses_accepted(*reading),
        audit_store.uses_refunded(*reading),
    )
    faults = (
        (f"voucher {holding.voucher.hex()}", what)
        for holding in holdings
        for what in _faults_of_holding(holding, *(of.get(holding.voucher, NOTHING) for of in sums))
    )
    return _checked("uses and value of every voucher are conserved", len(holdings), faults)


def _faults_of_holding(
    holding: Holding, out: Sums, accepted: Sums, refunded: Sums
) -> Iterator[str]:
    pools = holding.held + holding.out + holding.redeemed + holding.refunded
    value_fen = holding.value_left_fen + accepted.value_fen + refunded.value_fen
    equations = (
        ("sold", holding.sold, "held, out, redeemed and refunded together", pools),
        ("out", holding.out, "what its grants hold", out.uses),
        ("redeemed", holding.redeemed, "its accepted events", accepted.uses),
        ("refunded", holding.refunded, "its refunds", refunded.uses),
        ("value refunded", holding.refunded_fen, "its refunds", refunded.value_fen),
        ("value", holding.value_fen, "left, redeemed and refunded together", value_fen),
    )
    for name, amount, other, found in equations:
        if amount != found:
            yield f"{name} is {amount}, but {other} are {found}"


def _pending(uow: UnitOfWork) -> Checked:
    counted = audit_store.holdings_pending(uow.connection, uow.merchant)
    found = audit_store.pending_counts(uow.connection, uow.merchant)
    refs = sorted(counted.keys() | found.keys())
    faults = (
        (f"voucher {ref.hex()}", f"counts {counted.get(ref, 0)}, there are {found.get(ref, 0)}")
        for ref in refs
        if counted.get(ref, 0) != found.get(ref, 0)
    )
    return _checked("undecided events are counted", len(refs), faults)


def _feeds(uow: UnitOfWork) -> Checked:
    rows = audit_store.feed_counts(uow.connection, uow.merchant)
    faults = (
        (f"till {till}", f"{entries} entries from {lowest} to {highest}, next is {next_no}")
        for till, next_no, entries, lowest, highest in rows
        if not (entries == highest == next_no - 1 and lowest == 1)
    )
    return _checked("every feed is numbered without gaps", len(rows), faults)


# --- journals and the events they explain ---------------------------------------------------------


class _Explained:
    """The intentions that journals and asks speak of, by event id."""

    def __init__(self) -> None:
        self.hashes: dict[EventId, set[bytes]] = {}

    def add_row(self, row: JournalRow) -> None:
        """Take what a journal event explains; one that was refused explains nothing."""
        if row.result in REFUSED:
            return
        try:
            event = decode_event(row.raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        if isinstance(event, Redeem | Provisional | Void):
            intention = presented(row.till, StoreId(row.till), event)
            self.add(intention.eid, intention.intent_hash)

    def add(self, eid: EventId, intent: bytes) -> None:
        """Take one intention."""
        self.hashes.setdefault(eid, set()).add(intent)

    def explains(self, event: EventRecord) -> bool:
        """Whether somebody said that this customer was there."""
        return event.intent_hash in self.hashes.get(event.eid, ())


def _journals_and_events(uow: UnitOfWork) -> list[Checked]:
    explained = _Explained()
    for eid, (till, ref, uses) in audit_store.asked_events(uow.connection, uow.merchant).items():
        explained.add(eid, intent_hash(eid, ref, uses, till))
    heads = audit_store.read_heads(uow.connection, uow.merchant)
    rows = sum(head.last_seq for head in heads)
    chains = _checked("journals are whole", rows, _faults_of_journals(uow, heads, explained))
    if chains.findings:
        # The rest of the journals was not read, so what they explain is not known.
        return [chains]
    events = _Counted(audit_store.read_every_event(uow.connection, uow.merchant))
    faults = (
        (f"event {event.eid}", f"is {event.status}, but no journal or ask speaks of it")
        for event in events
        if event.status in TAKEN and not explained.explains(event)
    )
    name = "every redemption is explained by a journal or an ask"
    unexplained = _checked(name, 0, faults)
    return [chains, Checked(name, events.count, unexplained.findings)]


class _Counted:
    """Counts what it passes on."""

    def __init__(self, events: Iterator[EventRecord]) -> None:
        self._events = events
        self.count = 0

    def __iter__(self) -> Iterator[EventRecord]:
        for event in self._events:
            self.count += 1
            yield event


def _faults_of_journals(
    uow: UnitOfWork, heads: list[Head], explained: _Explained
) -> Iterator[tuple[str, str]]:
    for head in heads:
        name = f"till {head.till} journal {head.incarnation}"
        rows = audit_store.read_whole_journal(uow.connection, uow.merchant, head)
        for what in _faults_of_chain(head, rows, explained.add_row):
            yield name, what
    for row in audit_store.read_branches(uow.connection, uow.merchant):
        if hashlib.sha256(row.raw).digest() != row.event_hash:
            yield f"till {row.till} branch event {row.seq}", "its bytes were changed"
        explained.add_row(row)
    orphans = audit_store.count_journals_without_head(uow.connection, uow.merchant)
    if orphans:
        yield "journal_in", f"{orphans} events belong to no known journal"


def _faults_of_chain(
    head: Head, rows: Iterator[JournalRow], pass_on: Callable[[JournalRow], None]
) -> Iterator[str]:
    last_seq, last_hash = 0, FIRST_HASH
    for row in rows:
        found = hashlib.sha256(row.raw).digest()
        broken = first_broken_link([row.raw], last_seq, last_hash)
        if row.seq != last_seq + 1:
            yield f"event {last_seq + 1} is missing"
        elif found != row.event_hash:
            yield f"event {row.seq}: its bytes were changed"
        elif broken is not None:
            yield f"event {row.seq}: {broken.what}"
        pass_on(row)
        last_seq, last_hash = row.seq, found
    if (last_seq, last_hash) != (head.last_seq, head.last_hash):
        yield f"ends at event {last_seq}, but its head says {head.last_seq} or another hash"
