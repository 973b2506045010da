"""Tills by the dozen with vouchers to redeem, and everything they will say written beforehand."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
from uuid_utils.compat import uuid7

from server.bench import sample_chain
from server.bench.load import http_request
from server.bench.sample_chain import SampleChain
from server.bench.scripted_till import Reply, ScriptedTill
from server.holdings import service as holdings
from server.kernel.database import BlockingDatabase
from server.kernel.keys import RootKey
from server.kernel.settings import root_key
from server.kernel.unit_of_work import UnitOfWork
from server.tills import confirmation, pairing_codes
from shared import wire
from shared.feed import GrantEntry, decode_entry
from shared.ids import MerchantId, StoreId, VoucherRef

Result = TypeVar("Result")

SOLD_IN_ONE_TRANSACTION = 500
REQUEST_SECONDS_MAX = 60


def now() -> datetime:
    """This machine's time in aware UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


@dataclass(slots=True)
class Fleet:
    """A chain with one till in every store.

    Attributes:
        database: of the server.
        key_file: the installation's root key.
        store_count: stores, and tills.
    """

    database: BlockingDatabase
    key_file: Path
    store_count: int
    merchant: MerchantId = field(default_factory=lambda: MerchantId(uuid7()))
    chain: SampleChain = field(init=False)
    tills: list[ScriptedTill] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chain = self._do(lambda uow: sample_chain.make_chain(uow, self.store_count))

    def pair(self, host: str, port: int) -> None:
        """Pair one till for each store; each becomes its store's keeper."""
        with httpx.Client(base_url=f"http://{host}:{port}", timeout=REQUEST_SECONDS_MAX) as client:

            def post(path: str, headers: dict[str, str], body: bytes) -> Reply:
                answer = client.post(path, headers=headers, content=body)
                return Reply(answer.status_code, answer.content)

            for store in self.chain.stores:
                self.tills.append(self._pair_one(post, store))

    def stock(self, vouchers_each: int) -> None:
        """Sell vouchers and grant them to every store's keeper."""
        keys = self._root().of(self.merchant)
        for store in self.chain.stores:
            for first in range(0, vouchers_each, SOLD_IN_ONE_TRANSACTION):
                count = min(SOLD_IN_ONE_TRANSACTION, vouchers_each - first)

                def sell(uow: UnitOfWork, count: int = count, store: StoreId = store) -> None:
                    sold = sample_chain.sell(uow, keys, self.chain, count, store)
                    refs = [VoucherRef(made.voucher_ref) for made in sold]
                    holdings.grant_to_store(uow, refs, store)

                self._do(sell)

    def redemptions(self, each_request: int) -> list[list[bytes]]:
        """Write every till's requests: each redeems that many of the vouchers it holds.

        Returns:
            One list of whole HTTP requests for each till.
        """
        return [self._requests_of(till, each_request) for till in self.tills]

    def _requests_of(self, till: ScriptedTill, each_request: int) -> list[bytes]:
        grants = self._grants_of(till)
        requests = []
        for first in range(0, len(grants), each_request):
            events = [
                till.redeem(
                    uuid7(),
                    grant.voucher_ref,
                    wire.GrantKey(grant.tenure, grant.feed_no),
                )
                for grant in grants[first : first + each_request]
            ]
            body = msgspec.json.encode(till.sync_message(events))
            headers = till.signed(wire.PATH_SYNC, body)
            requests.append(http_request(wire.PATH_SYNC, headers, body))
        return requests

    def _grants_of(self, till: ScriptedTill) -> list[GrantEntry]:
        grants = []
        while True:
            page = self._do(
                lambda uow: holdings.feed_after(uow, till.till, till.cursor, wire.FEED_ENTRIES_MAX)
            )
            entries = [decode_entry(raw) for raw in page.entries]
            grants += [entry for entry in entries if isinstance(entry, GrantEntry)]
            till.cursor = entries[-1].feed_no if entries else till.cursor
            if not page.more:
                return grants

    def _pair_one(
        self, post: Callable[[str, dict[str, str], bytes], Reply], store: StoreId
    ) -> ScriptedTill:
        till = ScriptedTill(post=post, clock=now, entropy=os.urandom)
        root = self._root()
        code = self._do(
            lambda uow: pairing_codes.issue_pairing_code(uow, root, store, "Till", None)
        )
        claimed = till.pair(code.text).read(wire.PairReply)
        self._do(lambda uow: confirmation.confirm(uow, claimed.pairing, None))
        till.become(till.pair_status(claimed.pairing).read(wire.PairStatusReply))
        return till

    def _do(self, work: Callable[[UnitOfWork], Result]) -> Result:
        return self.database.write(
            lambda connection: work(UnitOfWork(connection, self.merchant, now(), uuid7, os.urandom))
        )

    def _root(self) -> RootKey:
        return root_key(self.key_file, os.urandom)
