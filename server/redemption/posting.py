"""Books what redemptions and their reversals mean in money."""

from collections.abc import Sequence
from uuid import UUID

from server.holdings.books import Terms
from server.holdings.rules.facts import Fact, Redeemed, TakenBack
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import Entry, EntryKind, Line, mirrored
from server.redemption.rules import redemption_lines


def post_redemptions(uow: UnitOfWork, facts: Sequence[Fact], terms: Terms) -> None:
    """Share the value of what was redeemed, and mirror the sharing of what was taken back.

    Args:
        uow: the transaction in which it is recorded.
        facts: what happened, in order.
        terms: of every voucher named in a fact.
    """
    shared: dict[UUID, tuple[Line, ...]] = {}
    entries = []
    taken_back = {fact.eid for fact in facts if isinstance(fact, TakenBack)}
    booked = ledger.lines_of(uow, EntryKind.redeemed, taken_back) if taken_back else {}
    for fact in facts:
        match fact:
            case Redeemed():
                lines = redemption_lines(fact.value_fen, fact.store, terms[fact.voucher].split)
                shared[fact.eid] = lines
                entries.append(
                    Entry(uow.new_id(), EntryKind.redeemed, fact.eid, fact.happened_at, lines)
                )
            case TakenBack():
                lines = mirrored(shared.get(fact.eid) or booked.get(fact.eid, ()))
                entries.append(Entry(uow.new_id(), EntryKind.reversed, fact.eid, uow.now, lines))
            case _:
                pass
    ledger.post(uow, entries)
