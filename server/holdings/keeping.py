"""Who is keeper: appointed, replaced, declared lost, found forked.

The change of a tenure is one short step. Its grants follow when they are next touched, or in
chunks, because a grant's state is its own or, if worse, its tenure's.
"""

from collections.abc import Iterable

from server.holdings.books import close_books, open_vouchers
from server.holdings.leases import LEASE, promise
from server.holdings.rules.granting import DRAINING
from server.holdings.rules.records import Head, Tenure
from server.holdings.states import AlarmKind, TenureState
from server.holdings.store import journals as journal_store
from server.holdings.store import reads as read_store
from server.holdings.store import save
from server.holdings.store import tenures as tenure_store
from server.holdings.telling import tell
from server.holdings.values import Hello, HelloResult
from server.kernel.unit_of_work import UnitOfWork
from shared.errors import NotFoundError
from shared.feed import End, Keep, Lost
from shared.ids import StoreId, TillId
from shared.money import Fen, value_of_uses
from shared.wire import HelloStatus

FOLLOW_VOUCHERS_MAX = 500


def appoint_keeper(uow: UnitOfWork, store: StoreId, till: TillId) -> int:
    """Make a till keeper of its store, at once; the keeper before drains.

    Args:
        uow: a writing transaction.
        store: where the till stands.
        till: the new keeper; it may be the present one, whose tenure is then renewed.

    Returns:
        The number of the new tenure.

    Source: protocol rule S11. A till has one active tenure at most, so one it has elsewhere ends.
    """
    ending = tenure_store.lock_active(uow, store, till)
    for tenure in ending:
        tenure_store.write_state(uow, tenure.number, TenureState.ending)
    number = tenure_store.insert_tenure(uow, store, till, uow.now + LEASE)
    if ending:
        follow_tenures(uow)
    ends = [(tenure.till, End(feed_no=0, tenure=tenure.number)) for tenure in ending]
    tell(uow, [*ends, (till, Keep(feed_no=0, tenure=number))])
    return number


def declare_lost(uow: UnitOfWork, tenure: int) -> None:
    """Take back what a lost till holds, and book what that may cost.

    Args:
        uow: a writing transaction.
        tenure: number; one that is over already stays as it is.

    Raises:
        NotFoundError: no such tenure.

    Source: protocol rule S12.
    """
    locked = tenure_store.lock_tenure(uow, tenure)
    if locked is None:
        raise NotFoundError(what="tenure", tenure=tenure)
    if locked.state in DRAINING:
        _end_without_release(uow, [locked], TenureState.lost)


def price_of_loss(uow: UnitOfWork, till: TillId) -> int:
    """What declaring a till lost may cost at most, in fen: the value of all it holds."""
    numbers = [
        tenure.number for tenure in tenure_store.live_tenures(uow.connection, uow.merchant, [till])
    ]
    held = read_store.read_out_of_tenures(uow.connection, uow.merchant, numbers)
    return sum(
        value_of_uses(Fen(holding.value_left_fen), out, holding.left) for holding, out in held
    )


def mark_forked(uow: UnitOfWork, head: Head) -> list[Tenure]:
    """Note that a journal went back in time; the tenures of its till are over at once.

    Returns:
        Those tenures; the caller tells the till and follows them after it has opened the books.

    Source: protocol rule S13.
    """
    head.forked = True
    tenures = tenure_store.live_tenures(uow.connection, uow.merchant, [head.till])
    for tenure in tenures:
        tenure_store.write_state(uow, tenure.number, TenureState.forked)
    return tenures


def follow_tenures(uow: UnitOfWork, limit: int = FOLLOW_VOUCHERS_MAX) -> int:
    """Let grants follow tenures that ended, were lost or forked.

    Call it again, each time in a transaction of its own, until it returns 0.

    Args:
        uow: a writing transaction.
        limit: at most so many vouchers.

    Returns:
        How many vouchers were looked at.
    """
    refs = tenure_store.vouchers_to_follow(uow.connection, uow.merchant, limit)
    if refs:
        close_books(uow, open_vouchers(uow, refs))
    return len(refs)


def _end_without_release(uow: UnitOfWork, tenures: Iterable[Tenure], state: TenureState) -> None:
    ended = list(tenures)
    for tenure in ended:
        tenure_store.write_state(uow, tenure.number, state)
    follow_tenures(uow)
    tell(uow, [(tenure.till, Lost(feed_no=0, tenure=tenure.number)) for tenure in ended])


def say_hello(uow: UnitOfWork, hello: Hello) -> HelloResult:
    """Compare where a till's journal and feed stand with what is known of them.

    Args:
        uow: a writing transaction.
        hello: fresh: its nonce was used once and is the newest. The edge sees to that.

    Returns:
        Welcome, or forked if the till's disk went back in time or the journal is an earlier life's.

    Source: protocol rules S13 (b) and T11 (a wish to be keeper).
    """
    newest = journal_store.newest_incarnation(uow.connection, uow.merchant, hello.till)
    promised = promise(uow, [hello.till])[hello.till]
    if hello.incarnation < newest:
        return HelloResult(HelloStatus.forked, 0, promised)
    key = (hello.till, hello.incarnation)
    head = journal_store.lock_heads(uow, [key])[key]
    head.last_contact = uow.now
    went_back = _went_back(head, hello)
    if went_back and not head.forked:
        _fork(uow, head, hello)
    journal_store.save_heads(uow, [head])
    if head.forked:
        return HelloResult(HelloStatus.forked, head.acked_seq, promised)
    if hello.want_keep and not tenure_store.lock_active(uow, hello.store, hello.till):
        appoint_keeper(uow, hello.store, hello.till)
    return HelloResult(HelloStatus.welcome, head.acked_seq, promised)


def _went_back(head: Head, hello: Hello) -> bool:
    shown = hello.journal_head
    if shown.last_seq < head.last_seq or hello.cursor < head.acked_cursor:
        return True
    is_equal = shown.last_seq == head.last_seq and head.last_seq > 0
    return is_equal and shown.last_hash != head.last_hash


def _fork(uow: UnitOfWork, head: Head, hello: Hello) -> None:
    head.forked = True
    tenures = tenure_store.live_tenures(uow.connection, uow.merchant, [head.till])
    _end_without_release(uow, tenures, TenureState.forked)
    shown = hello.journal_head.last_seq
    detail = (
        f"journal {head.incarnation}: head {head.last_seq}, shown {shown}; "
        f"cursor {head.acked_cursor}, shown {hello.cursor}"
    )
    save.insert_alarm(uow, AlarmKind.forked, head.till, detail)
