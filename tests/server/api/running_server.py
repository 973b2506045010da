"""The real server in processes of its own, on loopback, and a chain in its database."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
from uuid_utils.compat import uuid7

from server.bench import sample_chain
from server.bench.sample_chain import SampleChain
from server.bench.scripted_till import Reply, ScriptedTill
from server.bench.server_process import running_server
from server.holdings import service as holdings
from server.kernel.database import BlockingDatabase
from server.kernel.keys import RootKey
from server.kernel.settings import root_key
from server.kernel.unit_of_work import UnitOfWork
from server.tills import confirmation, pairing_codes
from server.vouchers.rules import IssuedVoucher
from shared import wire
from shared.ids import MerchantId, StoreId

Result = TypeVar("Result")

START_SECONDS_MAX = 90
STORES = 24
STOP_SECONDS_MAX = 30
REQUEST_SECONDS_MAX = 60
LOG_SECONDS_MAX = 20


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


@dataclass(slots=True)
class World:
    """A chain in a database, and the server that serves it."""

    database_url: str
    key_file: Path
    merchant: MerchantId
    chain: SampleChain
    database: BlockingDatabase
    base_url: str = ""
    client: httpx.Client | None = None
    lines: list[str] = field(default_factory=list)
    grown: threading.Condition = field(default_factory=threading.Condition)
    stores_used: int = 1

    @property
    def root(self) -> RootKey:
        return root_key(self.key_file, os.urandom)

    def do(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run work in a transaction, as another process of the server would."""
        return self.database.write(
            lambda connection: work(UnitOfWork(connection, self.merchant, now(), uuid7, os.urandom))
        )

    def code(self, store: int = 0) -> str:
        """A pairing code for a new till."""
        shop = self.chain.stores[store]
        return self.do(
            lambda uow: pairing_codes.issue_pairing_code(uow, self.root, shop, "Till", None)
        ).text

    def line(self) -> ScriptedTill:
        """A till that is not paired."""
        return ScriptedTill(post=self.post, clock=now, entropy=os.urandom)

    def till(self, store: int = 0) -> ScriptedTill:
        """A till that is paired and confirmed."""
        till = self.line()
        claimed = till.pair(self.code(store)).read(wire.PairReply)
        self.do(lambda uow: confirmation.confirm(uow, claimed.pairing, None))
        till.become(till.pair_status(claimed.pairing).read(wire.PairStatusReply))
        return till

    def sell(self, count: int, store: int | None = None) -> list[IssuedVoucher]:
        """Sell vouchers; granted at once where the store has a keeper."""
        shop = None if store is None else self.chain.stores[store]
        keys = self.root.of(self.merchant)

        def work(uow: UnitOfWork) -> list[IssuedVoucher]:
            sold = sample_chain.sell(uow, keys, self.chain, count, shop)
            if shop is not None:
                holdings.grant_to_store(uow, [made.voucher_ref for made in sold], shop)
            return sold

        return self.do(work)

    def next_store(self) -> int:
        """The index of a store that no test has used yet; number 0 is for anybody."""
        self.stores_used += 1
        return self.stores_used - 1

    def logged(self, text: str) -> bool:
        """Whether the server wrote a text into its log, or does so soon."""
        with self.grown:
            return self.grown.wait_for(lambda: text in "".join(self.lines), LOG_SECONDS_MAX)

    def hear(self, line: str) -> None:
        """Keep a line of the server's log."""
        with self.grown:
            self.lines.append(line)
            self.grown.notify_all()

    def failed(self) -> bool:
        """Whether a fault of ours stands in the server's log."""
        with self.grown:
            return any("request_failed" in line for line in self.lines)

    def store(self, number: int = 0) -> StoreId:
        return self.chain.stores[number]

    def post(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        assert self.client is not None
        answer = self.client.post(path, headers=headers, content=body)
        return Reply(answer.status_code, answer.content)


@contextmanager
def world_in(database_url: str, folder: Path) -> Iterator[World]:
    """Make a chain of `STORES` stores in an empty database."""
    database = BlockingDatabase(database_url)
    merchant = MerchantId(uuid7())
    chain = database.write(
        lambda connection: sample_chain.make_chain(
            UnitOfWork(connection, merchant, now(), uuid7, os.urandom), STORES
        )
    )
    try:
        yield World(database_url, folder / "hexiao.key", merchant, chain, database)
    finally:
        database.close()


@contextmanager
def serving(world: World, workers: int) -> Iterator[World]:
    """Run the server on the world's database until the block ends."""
    where = (world.database_url, world.key_file)
    # The server ends before the client closes, so that whoever waits for a reply gets it.
    with (
        httpx.Client(timeout=REQUEST_SECONDS_MAX) as client,
        running_server(*where, workers, world.hear) as (host, port),
    ):
        client.base_url = httpx.URL(f"http://{host}:{port}")
        world.base_url, world.client = str(client.base_url), client
        yield world
