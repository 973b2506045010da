"""What tills are told: their feeds, opened, written and read."""

from collections.abc import Mapping, Sequence

import msgspec

from server.holdings.rules.facts import Told
from server.holdings.store import feeds
from server.holdings.values import FeedPage
from server.kernel.database import Connection
from server.kernel.unit_of_work import UnitOfWork
from shared.feed import Entry
from shared.ids import MerchantId, TillId
from shared.wire import FEED_ENTRIES_MAX


def open_feed(uow: UnitOfWork, till: TillId, *, name: str = "") -> None:
    """Begin the feed of a newly paired till.

    Args:
        uow: the transaction in which the till is confirmed.
        till: which till.
        name: how people call it, for the facts on verdicts; may be told again to rename it.
    """
    feeds.open_feed(uow, till, name)


def tell(uow: UnitOfWork, told: Sequence[tuple[TillId, Entry]]) -> None:
    """Append entries to feeds; their numbers are given here, whatever they carry.

    Call it last in a transaction: the feeds stay locked until it commits.
    """
    entries: dict[TillId, list[Entry]] = {}
    for till, entry in told:
        entries.setdefault(till, []).append(entry)
    numbered = []
    for till, of_till in sorted(entries.items()):
        first = feeds.take_feed_numbers(uow, till, len(of_till))
        numbered += [
            Told(till, msgspec.structs.replace(entry, feed_no=number))
            for number, entry in enumerate(of_till, first)
        ]
    feeds.insert_feed(uow, numbered)


def feed_after(
    uow: UnitOfWork, till: TillId, cursor: int, limit: int = FEED_ENTRIES_MAX
) -> FeedPage:
    """The entries of a feed after a till's cursor, as stored.

    Args:
        uow: any transaction.
        till: whose feed.
        cursor: number of the last entry the till has applied, 0 for none.
        limit: at most so many.
    """
    entries = feeds.read_feed(uow.connection, uow.merchant, till, cursor, limit + 1)
    return FeedPage(tuple(entries[:limit]), more=len(entries) > limit)


def heads(connection: Connection) -> Mapping[tuple[MerchantId, TillId], int]:
    """The newest entry's number in every till's feed, of all merchants, in one SELECT."""
    return feeds.feed_heads(connection)
