"""Takes journals in: checks the chain, applies each event once, keeps the bytes, answers.

`receive` locks and decides in memory; `record` writes. Between the two the floor above books what
the facts mean in money.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from server.holdings import keeping
from server.holdings.books import Terms, close_books, open_books, terms_needed
from server.holdings.leases import promise
from server.holdings.rules.chain import ReadEvent, SortedUpload, read_upload, sort_upload
from server.holdings.rules.facts import Fact
from server.holdings.rules.journal import apply_event, outcome
from server.holdings.rules.records import Head
from server.holdings.states import AlarmKind, JournalResult
from server.holdings.store import journals as journal_store
from server.holdings.store import tenures as tenure_store
from server.holdings.store.journals import JournalRow
from server.holdings.store.load import OpenBooks, Wanted
from server.holdings.values import BROKEN_CHAIN, FORKED, Upload, UploadResult
from server.kernel.unit_of_work import UnitOfWork
from shared.feed import Lost
from shared.ids import EventId, TillId, VoucherRef
from shared.journal import Provisional, Redeem, Release, ReleaseAll, TenureDone, Undo, Void


@dataclass(slots=True)
class _Taken:
    """One upload on its way through."""

    upload: Upload
    head: Head
    events: SortedUpload
    known: dict[int, JournalRow]
    results: dict[int, JournalResult] = field(default_factory=dict)


@dataclass(slots=True)
class Received:
    """A batch of uploads, decided and not yet written."""

    opened: OpenBooks
    taken: list[_Taken]
    promised: dict[TillId, datetime]
    forked: bool

    @property
    def facts(self) -> list[Fact]:
        """What happened, in order."""
        return self.opened.books.facts


def receive(uow: UnitOfWork, uploads: Sequence[Upload]) -> Received:
    """Lock what a batch of uploads touches and decide all of it, in order.

    Args:
        uow: a writing transaction.
        uploads: of different journals.
    """
    keys = [(upload.till, upload.incarnation) for upload in uploads]
    assert len(set(keys)) == len(keys)
    heads = journal_store.lock_heads(uow, keys)
    promised = promise(uow, {upload.till for upload in uploads})
    taken = [_sort(uow, heads[key], upload) for key, upload in zip(keys, uploads, strict=True)]
    forked = [one for one in taken if one.events.branch]
    ended = [tenure for one in forked for tenure in keeping.mark_forked(uow, one.head)]
    wanted = _wanted(taken)
    for number in sorted(wanted.emptied_tenures):
        # Grants under way to a keeper that leaves are waited for, and none begins any more.
        tenure_store.lock_tenure(uow, number)
    opened = open_books(uow, wanted)
    for one in forked:
        detail = f"journal {one.head.incarnation} has two branches"
        opened.books.raise_alarm(AlarmKind.forked, one.head.till, detail)
    for tenure in ended:
        opened.books.tell(tenure.till, Lost(feed_no=0, tenure=tenure.number))
    for one in taken:
        _apply(opened, one)
        _advance(uow, one)
    return Received(opened, taken, promised, bool(forked))


def _sort(uow: UnitOfWork, head: Head, upload: Upload) -> _Taken:
    events = read_upload(upload.events)
    known: dict[int, JournalRow] = {}
    if events and events[0].header.seq <= head.last_seq:
        seqs = range(events[0].header.seq, min(events[-1].header.seq, head.last_seq) + 1)
        known = journal_store.read_journal(uow.connection, uow.merchant, head.key, seqs)
    hashes = {seq: row.event_hash for seq, row in known.items()}
    return _Taken(upload, head, sort_upload(head, events, hashes), known)


def _wanted(taken: Sequence[_Taken]) -> Wanted:
    wanted = Wanted()
    for one in taken:
        for read in (*one.events.repeats, *one.events.new, *one.events.branch):
            _want(wanted, read)
    return wanted


def _want(wanted: Wanted, read: ReadEvent) -> None:
    match read.event:
        case Redeem() | Provisional() | Void():
            wanted.vouchers.add(VoucherRef(read.event.voucher_ref))
            wanted.events.add(EventId(read.event.eid))
        case Undo():
            wanted.undone.add(EventId(read.event.eid))
        case Release():
            wanted.released.add(read.event.grant)
        case TenureDone():
            wanted.tenures.add(read.event.tenure)
        case ReleaseAll():
            wanted.emptied_tenures.add(read.event.tenure)
        case _:
            pass


def _apply(opened: OpenBooks, one: _Taken) -> None:
    for read in (*one.events.new, *one.events.branch):
        result = apply_event(opened.books, one.upload.till, one.upload.store, read.event)
        one.results[read.header.seq] = result


def _advance(uow: UnitOfWork, one: _Taken) -> None:
    head = one.head
    if one.events.new:
        last = one.events.new[-1]
        head.last_seq, head.last_hash = last.header.seq, last.event_hash
    understood = one.events.new or one.events.repeats
    if understood:
        head.acked_seq = max(head.acked_seq, understood[-1].header.seq)
    if not one.events.broken:
        head.acked_cursor = max(head.acked_cursor, one.upload.cursor)
    head.last_contact = uow.now


def terms_of(uow: UnitOfWork, received: Received) -> Terms:
    """The terms of the vouchers whose money or quotas a batch has moved."""
    return terms_needed(uow, received.opened)


def record(uow: UnitOfWork, received: Received, terms: Terms) -> list[UploadResult]:
    """Write a batch that was decided, and answer each of its uploads."""
    journal_store.save_heads(uow, [one.head for one in received.taken])
    rows = [_row(one, read) for one in received.taken for read in one.events.new]
    journal_store.insert_journal(uow, rows)
    branch = [_row(one, read) for one in received.taken for read in one.events.branch]
    journal_store.insert_branch(uow, branch)
    close_books(uow, received.opened, terms)
    if received.forked:
        keeping.follow_tenures(uow)
    return [_answer(received, one) for one in received.taken]


def _row(one: _Taken, read: ReadEvent) -> JournalRow:
    seq = read.header.seq
    till, incarnation = one.head.key
    return JournalRow(till, incarnation, seq, read.event_hash, read.raw, one.results[seq])


def _last_seq(events: SortedUpload) -> int:
    """The number of a request's last event, 0 for a poll.

    A reply acknowledges no more than that: the reply that told the outcomes of other events may be
    lost, and the till has to send those again to hear of them.
    """
    sent = (*events.repeats, *events.new, *events.branch)
    return sent[-1].header.seq if sent else 0


def _answer(received: Received, one: _Taken) -> UploadResult:
    refusal = None
    if one.events.broken:
        refusal = BROKEN_CHAIN
    elif one.events.branch:
        refusal = FORKED
    results = {seq: row.result for seq, row in one.known.items()} | one.results
    outcomes = [
        outcome(received.opened.books, read.event, results[read.header.seq])
        for read in (*one.events.repeats, *one.events.new, *one.events.branch)
    ]
    return UploadResult(
        min(one.head.acked_seq, _last_seq(one.events)),
        tuple(answer for answer in outcomes if answer is not None),
        received.promised[one.upload.till],
        refusal,
    )
