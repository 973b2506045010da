"""Proves that the money booked for redemptions and refunds is what the holdings say, to the fen."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from server.holdings import reviewing
from server.holdings.books import LIABILITY
from server.holdings.rules.records import EventRecord
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import (
    FINDINGS_MAX,
    AccountKind,
    Checked,
    EntryKind,
    Finding,
    Line,
    mirrored,
)
from server.redemption.rules import redemption_lines
from server.vouchers import service as vouchers
from server.vouchers.rules import VoucherTerms
from shared.ids import VoucherRef
from shared.wire import EventStatus

Lines = Mapping[UUID, tuple[Line, ...]]
TERMS_PER_QUERY = 1_000
TAKEN_BACK = frozenset({EventStatus.undone, EventStatus.void})


def audit(uow: UnitOfWork) -> list[Checked]:
    """Run every check between holdings and ledger, on one snapshot."""
    return [_liability(uow), _refunds(uow), _splits(uow)]


def _liability(uow: UnitOfWork) -> Checked:
    name = "what is owed in goods is the value left of all vouchers"
    left_fen = reviewing.value_left(uow)
    booked = ledger.balances(uow, [AccountKind.voucher_liability])
    owed_fen = -sum(balance.amount_fen for balance in booked)
    findings: tuple[Finding, ...] = ()
    if owed_fen != left_fen:
        what = f"the ledger owes {owed_fen} fen, the vouchers have {left_fen} fen left"
        findings = (Finding(name, LIABILITY.kind.value, what),)
    return Checked(name, 1, findings)


def _refunds(uow: UnitOfWork) -> Checked:
    name = "every refund is booked as it was made"
    booked = ledger.entries_of_kind(uow, EntryKind.refunded)
    refunds = reviewing.every_refund(uow)
    findings = []
    for refund in refunds:
        lines = booked.get(refund.id)
        amount_fen = None if lines is None else sum(line.amount_fen for line in lines)
        if amount_fen != refund.value_fen:
            what = f"refunded {refund.value_fen} fen, booked {amount_fen} fen"
            findings.append(Finding(name, f"refund {refund.id}", what))
    return Checked(name, len(refunds), tuple(findings[:FINDINGS_MAX]))


def _splits(uow: UnitOfWork) -> Checked:
    name = "every redemption is shared and taken back to the fen"
    redeemed = ledger.entries_of_kind(uow, EntryKind.redeemed)
    reversed_ = ledger.entries_of_kind(uow, EntryKind.reversed)
    findings: list[Finding] = []
    known: set[UUID] = set()
    count = 0
    for events in _pages(reviewing.every_event(uow)):
        terms = vouchers.terms_of(uow, {event.voucher for event in events})
        for event in events:
            known.add(event.eid)
            count += 1
            what = _fault_of(event, terms, redeemed, reversed_)
            if what is not None:
                findings.append(Finding(name, f"event {event.eid}", what))
    findings += [
        Finding(name, f"event {cause}", "is booked, but there is no such event")
        for cause in sorted((redeemed.keys() | reversed_.keys()) - known)
    ]
    return Checked(name, count, tuple(findings[:FINDINGS_MAX]))


def _pages(events: Iterator[EventRecord]) -> Iterator[list[EventRecord]]:
    page: list[EventRecord] = []
    for event in events:
        page.append(event)
        if len(page) == TERMS_PER_QUERY:
            yield page
            page = []
    if page:
        yield page


def _fault_of(
    event: EventRecord,
    terms: Mapping[VoucherRef, VoucherTerms],
    redeemed: Lines,
    reversed_: Lines,
) -> str | None:
    booked, taken_back = redeemed.get(event.eid), reversed_.get(event.eid)
    if booked is None:
        is_right = event.status is not EventStatus.accepted and taken_back is None
        return None if is_right else f"is {event.status}, but its value was never shared"
    if event.voucher not in terms:
        return "is of a voucher that was never sold"
    expected = redemption_lines(event.value_fen, event.place.store, terms[event.voucher].split)
    if booked != expected:
        return f"is worth {event.value_fen} fen, but is shared otherwise: {_text(booked)}"
    if event.status is EventStatus.accepted:
        return None if taken_back is None else "is accepted, but was taken back in the ledger"
    if event.status not in TAKEN_BACK:
        return f"is {event.status}, but its value is shared"
    return None if taken_back == mirrored(booked) else "was taken back otherwise than it was shared"


def _text(lines: tuple[Line, ...]) -> str:
    return ", ".join(f"{line.credit.kind} {line.amount_fen} fen" for line in lines) or "nothing"
