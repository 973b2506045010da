"""Moves between the server and tills: grant, recall, release, refund, the end of a tenure.

Source: protocol rules S1, S2, S4, S9, S11 and S12.
"""

from server.holdings.rules.books import (
    Books,
    accept_from_server,
    grant_to_held,
    open_case,
    tell_outcome,
)
from server.holdings.rules.facts import QuotaChange, Refunded, Released, RiskDeclared, Told
from server.holdings.rules.records import EventRecord, Grant, Holding, Tenure
from server.holdings.states import AlarmKind, CaseKind, GrantState, JournalResult, TenureState
from shared.feed import GrantEntry, RecallEntry, ReleaseOk
from shared.ids import TillId, VoucherRef
from shared.journal import ReleaseAll
from shared.money import Fen, value_of_uses
from shared.redemption_rules import RefundState
from shared.wire import GrantKey

GONE = frozenset({TenureState.lost, TenureState.forked})
DRAINING = frozenset({TenureState.active, TenureState.ending})


def can_grant(books: Books, voucher: VoucherRef, tenure: Tenure) -> bool:
    """Whether uses of a voucher may be granted to a tenure now.

    Source: protocol rule S1; one live grant a voucher and tenure.
    """
    holding = books.holdings.get(voucher)
    if holding is None or tenure.state is not TenureState.active or tenure.halted:
        return False
    if holding.refund_state is not RefundState.none or holding.pending or holding.held == 0:
        return False
    return all(grant.key.tenure != tenure.number for grant in books.live_grants(voucher))


def grant(books: Books, tenure: Tenure, entry: GrantEntry, random_bits: int) -> Grant:
    """Move uses from the server to a tenure.

    Args:
        books: for which `can_grant` holds.
        tenure: active.
        entry: what the till will be told, numbered 0; its uses are at most those held.
        random_bits: 20 bits for the token.

    Returns:
        The new grant; it gets its key with the entry's number.
    """
    voucher = VoucherRef(entry.voucher_ref)
    holding = books.holdings[voucher]
    assert 1 <= entry.uses <= holding.held
    holding.held -= entry.uses
    holding.out += entry.uses
    key = GrantKey(tenure.number, 0)
    made = Grant(key, voucher, entry.uses, entry.uses, GrantState.open, random_bits, books.now)
    books.told.append(Told(tenure.till, entry, made))
    books.quota_changes.append(QuotaChange(tenure.store, voucher, entry.uses, 0))
    return made


def recall(books: Books, grant: Grant) -> None:
    """Ask a keeper for a grant, at most once; only its release brings the uses back."""
    if grant.state is not GrantState.open:
        return
    grant.state = GrantState.recalled
    entry = RecallEntry(feed_no=0, tenure=grant.key.tenure, grant_feed_no=grant.key.feed_no)
    books.tell(books.tenure_of(grant).till, entry)


def recall_all(books: Books, voucher: VoucherRef) -> None:
    """Ask for every open grant of a voucher."""
    for grant in sorted(books.live_grants(voucher), key=lambda grant: grant.key):
        recall(books, grant)


def release(books: Books, till: TillId, key: GrantKey, uses: int) -> JournalResult:
    """Take back what a keeper has left of a grant, and close it.

    Args:
        books: the working set.
        till: whose journal says so.
        key: the grant.
        uses: what the keeper has left.
    """
    grant = books.grants.get(key)
    if grant is None or books.tenure_of(grant).till != till:
        books.raise_alarm(AlarmKind.release_differs, till, f"grant {key} is not this till's")
        return JournalResult.not_yours
    if not grant.live:
        return JournalResult.applied
    if uses != grant.out:
        detail = f"grant {key}: released {uses}, books say {grant.out}"
        books.raise_alarm(AlarmKind.release_differs, till, detail)
        books.tenure_of(grant).halted = True
        return JournalResult.applied
    recalled = grant.state is GrantState.recalled
    if grant.out:
        grant_to_held(books, grant, grant.out)
    grant.state = GrantState.closed
    books.facts.append(Released(grant.voucher, key, recalled))
    settle(books, grant.voucher)
    return JournalResult.applied


def tenure_done(books: Books, till: TillId, number: int) -> JournalResult:
    """A keeper that was replaced has released everything."""
    tenure = books.tenures.get(number)
    if tenure is None or tenure.till != till:
        return JournalResult.not_yours
    if tenure.state is TenureState.ending and not tenure.halted:
        tenure.state = TenureState.done
        tenure.ended_at = books.now
    return JournalResult.applied


def release_all(books: Books, till: TillId, event: ReleaseAll) -> JournalResult:
    """A keeper leaves in good order: everything of its tenure comes back and the tenure is done.

    What the till counted, and what it opened by token above its cursor, must be what the books say;
    otherwise nothing is closed and a person has to look. Grants still on their way to the till come
    back too, because it will not open them any more.

    Source: protocol rule T11.
    """
    tenure = books.tenures.get(event.tenure)
    if tenure is None or tenure.till != till:
        return JournalResult.not_yours
    if tenure.state not in DRAINING:
        return JournalResult.applied
    live = sorted(
        (g for g in books.grants.values() if g.live and g.key.tenure == tenure.number),
        key=lambda grant: grant.key,
    )
    listed = {opened.feed_no for opened in event.opened_by_token}
    known = [g for g in live if g.key.feed_no <= event.cursor or g.key.feed_no in listed]
    if (len(known), sum(g.out for g in known)) != (event.count, event.uses_sum):
        detail = f"tenure {tenure.number}: {event.count} grants, {event.uses_sum} uses"
        books.raise_alarm(AlarmKind.release_differs, till, detail)
        tenure.halted = True
        return JournalResult.applied
    for grant in live:
        release(books, till, grant.key, grant.out)
    tenure.state = TenureState.done
    tenure.ended_at = books.now
    told = ReleaseOk(feed_no=0, tenure=tenure.number, count=event.count, uses_sum=event.uses_sum)
    books.tell(till, told)
    return JournalResult.applied


def follow_tenure(books: Books, grant: Grant) -> None:
    """Let a grant follow its tenure: a grant's state is its own or, if worse, its tenure's."""
    state = books.tenure_of(grant).state
    if not grant.live:
        return
    if state in GONE:
        lose(books, grant)
    elif state is TenureState.ending:
        grant.state = GrantState.recalled


def lose(books: Books, grant: Grant) -> None:
    """Take uses back from a lost tenure without its word, and say what that may cost.

    Source: protocol rule S12. Late events of that till are still processed.
    """
    tenure = books.tenure_of(grant)
    if grant.out:
        holding = books.holdings[grant.voucher]
        value_fen = value_of_uses(Fen(holding.value_left_fen), grant.out, holding.left)
        tenure.risk_fen += value_fen
        books.facts.append(RiskDeclared(tenure.store, tenure.number, value_fen))
        grant_to_held(books, grant, grant.out)
    grant.state = GrantState.lost
    settle(books, grant.voucher)


def request_refund(books: Books, voucher: VoucherRef) -> None:
    """Ask for the refund of everything that is left; it runs when nothing is out or pending.

    Source: protocol rule S9.
    """
    holding = books.holdings[voucher]
    if holding.refund_state is RefundState.done and holding.held == 0:
        return
    holding.refund_state = RefundState.asked
    recall_all(books, voucher)
    settle(books, voucher)


def settle(books: Books, voucher: VoucherRef) -> None:
    """After a change of a voucher: decide what was pending, then run a refund that was asked for.

    Source: protocol rules S8 and S9.
    """
    holding = books.holdings.get(voucher)
    if holding is None:
        return
    for eid in holding.pending:
        _decide_pending(books, holding, books.events[eid])
    nothing_is_out = holding.out == 0 and not holding.pending
    if holding.refund_state is RefundState.asked and nothing_is_out:
        _refund(books, holding)


def _decide_pending(books: Books, holding: Holding, event: EventRecord) -> None:
    if holding.held >= event.uses:
        accept_from_server(books, event)
    elif holding.out == 0:
        open_case(books, event, CaseKind.provisional_conflict)
    else:
        recall_all(books, holding.voucher)
        return
    holding.pending = tuple(eid for eid in holding.pending if eid != event.eid)
    tell_outcome(books, event)


def _refund(books: Books, holding: Holding) -> None:
    if holding.held:
        fact = Refunded(holding.voucher, holding.held, holding.value_left_fen)
        books.facts.append(fact)
        holding.refunded += holding.held
        holding.refunded_fen += holding.value_left_fen
        holding.held = 0
        holding.value_left_fen = 0
    holding.refund_state = RefundState.done
