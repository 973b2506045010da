"""Many at once: one winner for the last use, and feeds without gaps."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from random import Random
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, text

from server.holdings import service as holdings
from server.holdings.values import Ask, FeedPage
from server.kernel.database import BlockingDatabase, Database, open_database
from server.kernel.unit_of_work import UnitOfWork
from server.redemption import service as redemption
from shared import journal
from shared.feed import entry_number
from shared.ids import EventId, StoreId, TillId, VoucherRef
from shared.wire import EventStatus
from tests.server.database_under_test import Transactions
from tests.server.holdings.chain import (
    NORTH,
    NORTH_OTHER_TILL,
    NORTH_TILL,
    SOUTH,
    SOUTH_TILL,
    TillAtWork,
    found_chain,
    granted,
    new_eid,
    north_keeper,
    pools,
    sell,
)

RACERS = 12
TIMEOUT_SECONDS = 20
UNDER_WAY_SECONDS = 0.5
"""Enough for another transaction to come as far as it can before this one commits."""
Result = TypeVar("Result")


def race(url: str, run: Callable[[Database], Awaitable[Result]]) -> Result:
    async def start() -> Result:
        database = open_database(url)
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await run(database)
        finally:
            await database.close()

    return asyncio.run(start())


def test_the_last_use_is_asked_for_by_many_and_given_to_one(
    database_url: str, begin: Transactions
) -> None:
    with begin() as uow:
        found_chain(uow)
        voucher = sell(uow)
        eids = [new_eid(uow) for _ in range(RACERS)]

    def asking(eid: EventId) -> Callable[[Connection], EventStatus]:
        ask = Ask(eid, SOUTH_TILL, SOUTH, voucher, 1, b"", None)
        return lambda connection: redemption.answer_asks(begin.bind(connection), [ask])[0].status

    async def run(database: Database) -> list[EventStatus]:
        return await asyncio.gather(*(database.write(asking(eid)) for eid in eids))

    statuses = race(database_url, run)
    assert sorted(statuses) == [EventStatus.accepted] + [EventStatus.refused] * (RACERS - 1)
    with begin() as uow:
        assert pools(uow, voucher) == (0, 0, 1, 0)


def test_refund_grant_and_ask_race_for_one_use(database_url: str, begin: Transactions) -> None:
    with begin() as uow:
        found_chain(uow)
        north_keeper(uow)
        vouchers = [sell(uow) for _ in range(4)]
        asks = [Ask(new_eid(uow), SOUTH_TILL, SOUTH, ref, 1, b"", None) for ref in vouchers]

    def works(number: int) -> list[Callable[[UnitOfWork], object]]:
        return [
            lambda uow: redemption.answer_asks(uow, [asks[number]]),
            lambda uow: holdings.grant_to_store(uow, [vouchers[number]], NORTH),
            lambda uow: holdings.request_refund(uow, vouchers[number]),
        ]

    def bound(work: Callable[[UnitOfWork], object]) -> Callable[[Connection], object]:
        return lambda connection: work(begin.bind(connection))

    async def run(database: Database) -> None:
        todo = [work for number in range(4) for work in works(number)]
        Random(5).shuffle(todo)
        await asyncio.gather(*(database.write(bound(work)) for work in todo))

    race(database_url, run)
    with begin() as uow:
        assert all(sum(pools(uow, ref)) == 1 for ref in vouchers)


def test_the_same_upload_twice_at_once_counts_once(database_url: str, begin: Transactions) -> None:
    with begin() as uow:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow, 3)
        keeper.redeem(new_eid(uow), voucher, granted(uow, voucher))
        upload = keeper.upload()

    def take(connection: Connection) -> int:
        return redemption.take_uploads(begin.bind(connection), [upload])[0].accepted_seq

    async def run(database: Database) -> list[int]:
        return await asyncio.gather(*(database.write(take) for _ in range(RACERS)))

    assert race(database_url, run) == [1] * RACERS
    with begin() as uow:
        assert pools(uow, voucher) == (0, 2, 1, 0)


def test_a_keeper_change_races_with_grants_and_no_grant_comes_after_its_end(
    database_url: str, begin: Transactions
) -> None:
    with begin() as uow:
        found_chain(uow)
        keeper = north_keeper(uow)
        vouchers = [sell(uow) for _ in range(RACERS)]

    def grant(ref: VoucherRef) -> Callable[[Connection], object]:
        return lambda connection: holdings.grant_to_store(begin.bind(connection), [ref], NORTH)

    def change(connection: Connection) -> object:
        return holdings.appoint_keeper(begin.bind(connection), NORTH, NORTH_OTHER_TILL)

    async def run(database: Database) -> None:
        works = [grant(ref) for ref in vouchers]
        works.insert(RACERS // 2, change)
        await asyncio.gather(*(database.write(work) for work in works))

    race(database_url, run)
    with begin() as uow:
        kinds = [type(entry).__name__ for entry in keeper.news(uow)]
        assert "GrantEntry" not in kinds[kinds.index("End") :]
        other = TillAtWork(NORTH_OTHER_TILL, NORTH).news(uow)
        assert kinds.count("GrantEntry") + len(other) - 1 == RACERS


FEEDS = 4
WRITERS = 16
GRANTS_EACH = 3


def test_feeds_have_no_gaps_for_readers_while_many_write(
    database_url: str, begin: Transactions
) -> None:
    with begin() as uow:
        found_chain(uow)
        keepers = open_stores(uow)
        work = [(sell(uow), keepers[n % FEEDS][0]) for n in range(WRITERS * GRANTS_EACH)]
    last_numbers = 1 + WRITERS * GRANTS_EACH // FEEDS

    async def run(database: Database) -> list[list[int]]:
        writers = [
            write_grants(database, begin, work[n::WRITERS], Random(n)) for n in range(WRITERS)
        ]
        readers = [read_until(database, begin, till, last_numbers) for _, till in keepers]
        seen = await asyncio.gather(*readers, *writers)
        return [numbers for numbers in seen if numbers is not None]

    for numbers in race(database_url, run):
        assert numbers == list(range(1, last_numbers + 1))


def open_stores(uow: UnitOfWork) -> list[tuple[StoreId, TillId]]:
    """A keeper for each feed; grants need no more of a store than its keeper."""
    stores = [StoreId(UUID(int=1_000 + number)) for number in range(FEEDS)]
    keepers = [(store, TillId(uow.new_id())) for store in stores]
    for store, till in keepers:
        holdings.appoint_keeper(uow, store, till)
    return keepers


async def write_grants(
    database: Database,
    begin: Transactions,
    work: Sequence[tuple[VoucherRef, StoreId]],
    draw: Random,
) -> None:
    """Grant one after another, each time waiting a little before the commit."""
    for ref, store in work:
        pause_ms = draw.randrange(8)

        def grant(
            connection: Connection,
            ref: VoucherRef = ref,
            store: StoreId = store,
            pause_ms: int = pause_ms,
        ) -> None:
            assert holdings.grant_to_store(begin.bind(connection), [ref], store)
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_sleep(:pause)"), {"pause": pause_ms / 1000})

        await database.write(grant)


async def read_until(
    database: Database, begin: Transactions, till: TillId, last_number: int
) -> list[int]:
    """Poll a feed from the cursor on, as a till does, until its last entry is there."""
    seen: list[int] = []
    while not seen or seen[-1] < last_number:
        cursor = seen[-1] if seen else 0
        page = await database.read(partial(read_page, begin, till, cursor))
        seen += [entry_number(raw) for raw in page.entries]
    return seen


def read_page(begin: Transactions, till: TillId, cursor: int, connection: Connection) -> FeedPage:
    return holdings.feed_after(begin.bind(connection), till, cursor)


def test_a_feed_is_read_in_pages(uow: UnitOfWork) -> None:
    found_chain(uow)
    keeper = north_keeper(uow)
    for _ in range(4):
        granted(uow, sell(uow))
    first = holdings.feed_after(uow, NORTH_TILL, 0, limit=3)
    rest = holdings.feed_after(uow, NORTH_TILL, 3, limit=3)
    assert (len(first.entries), first.more) == (3, True)
    assert (len(rest.entries), rest.more) == (2, False)
    assert len(keeper.news(uow)) == 5


def test_a_keeper_that_leaves_gives_back_what_is_being_granted_to_it(
    begin: Transactions, database_url: str
) -> None:
    with begin() as uow:
        found_chain(uow)
        keeper, voucher = north_keeper(uow), sell(uow)
    keeper.write(journal.ReleaseAll, tenure=1, cursor=1, count=0, uses_sum=0, opened_by_token=[])

    def leave() -> None:
        database = BlockingDatabase(database_url)
        begin.run(database, keeper.sync)
        database.close()

    with ThreadPoolExecutor(1) as pool:
        with begin() as uow:
            granted(uow, voucher)
            leaving = pool.submit(leave)
            wait([leaving], timeout=UNDER_WAY_SECONDS)
        leaving.result()
    with begin() as uow:
        assert pools(uow, voucher) == (1, 0, 0, 0)
