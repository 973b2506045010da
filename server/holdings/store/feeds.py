"""Reads and writes of the feeds: what each till is told, numbered in commit order."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, select, update

from server.holdings.rules.facts import Told
from server.holdings.tables import FEED_OUT, TILL_FEED
from server.kernel.bulk import insert_rows
from server.kernel.insertion import insert_if_absent
from server.kernel.unit_of_work import UnitOfWork
from shared.feed import encode_entry
from shared.ids import MerchantId, TillId


def open_feed(uow: UnitOfWork, till: TillId, name: str) -> None:
    """Begin the feed of a till, or record the till's new name."""
    row = {"merchant": uow.merchant, "till": till, "next_no": 1, "name": name}
    if insert_if_absent(uow.connection, TILL_FEED, row) or not name:
        return
    table = TILL_FEED.c
    uow.connection.execute(
        update(TILL_FEED)
        .where(table.merchant == uow.merchant, table.till == till)
        .values(name=name)
    )


def take_feed_numbers(uow: UnitOfWork, till: TillId, count: int) -> int:
    """Take the next numbers of a till's feed, holding its row until the transaction ends.

    Whoever commits first has the lower numbers, so no reader can see a number without those below.

    Returns:
        The first of `count` numbers in a row.
    """
    table = TILL_FEED.c
    statement = (
        update(TILL_FEED)
        .where(table.merchant == uow.merchant, table.till == till)
        .values(next_no=table.next_no + count)
        .returning(table.next_no)
    )
    next_no = uow.connection.execute(statement).scalar()
    if next_no is None:
        open_feed(uow, till, "")
        next_no = uow.connection.execute(statement).scalar_one()
    return int(next_no) - count


def insert_feed(uow: UnitOfWork, numbered: Sequence[Told]) -> None:
    """Write entries that have their numbers."""
    rows = [
        {
            "merchant": uow.merchant,
            "till": told.till,
            "feed_no": told.entry.feed_no,
            "bytes": encode_entry(told.entry),
        }
        for told in numbered
    ]
    insert_rows(uow.connection, FEED_OUT, rows)


def read_feed(
    connection: Connection, merchant: MerchantId, till: TillId, after: int, limit: int
) -> list[bytes]:
    """Entries of a feed after a number, in order."""
    table = FEED_OUT.c
    query = (
        select(table["bytes"])
        .where(table.merchant == merchant, table.till == till, table.feed_no > after)
        .order_by(table.feed_no)
        .limit(limit)
    )
    return list(connection.scalars(query))


def feed_heads(connection: Connection) -> dict[tuple[MerchantId, TillId], int]:
    """The newest entry's number in the feed of every till of the installation."""
    query = select(TILL_FEED.c.merchant, TILL_FEED.c.till, TILL_FEED.c.next_no)
    return {
        (MerchantId(row.merchant), TillId(row.till)): row.next_no - 1
        for row in connection.execute(query)
    }


def till_names(
    connection: Connection, merchant: MerchantId, tills: Collection[TillId]
) -> dict[TillId, str]:
    """The names of tills, as far as known."""
    table = TILL_FEED.c
    query = select(table.till, table.name).where(
        table.merchant == merchant, table.till.in_(tills), table.name != ""
    )
    return {TillId(row.till): row.name for row in connection.execute(query)}
