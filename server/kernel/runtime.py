"""What every edge is handed at start: the database, the keys, the time and who wakes whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from server.kernel.database import Database
from server.kernel.keys import MerchantKeys, RootKey
from server.kernel.settings import Settings
from server.kernel.unit_of_work import UnitOfWork
from server.kernel.watcher import Watcher
from shared.ids import EntropySource, IdSource, MerchantId

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Runtime:
    """One process of the server, bound together in `server.app`.

    Attributes:
        settings: as this process was started with.
        database: runs plain functions in transactions.
        root_key: every secret is derived from it.
        watcher: wakes those who wait for news.
        clock: tells the time in aware UTC.
        new_id: makes UUIDv7s.
        entropy: returns unpredictable bytes.
    """

    settings: Settings
    database: Database
    root_key: RootKey = field(repr=False)
    watcher: Watcher
    clock: Callable[[], datetime]
    new_id: IdSource
    entropy: EntropySource

    def begin(self, connection: Connection, merchant: MerchantId) -> UnitOfWork:
        """Bind a connection and a merchant to this process's time and ids."""
        return UnitOfWork(connection, merchant, self.clock(), self.new_id, self.entropy)

    def keys(self, merchant: MerchantId) -> MerchantKeys:
        """The keys of one merchant."""
        return self.root_key.of(merchant)

    async def write(self, merchant: MerchantId, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` in one transaction, commit it and let the watcher look.

        `work` may run more than once and must leave no trace outside its connection.
        """

        def in_transaction(connection: Connection) -> Result:
            return work(self.begin(connection, merchant))

        result = await self.database.write(in_transaction)
        self.watcher.nudge()
        return result

    async def read(self, merchant: MerchantId, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` on a snapshot; what it changes is not kept."""

        def in_transaction(connection: Connection) -> Result:
            return work(self.begin(connection, merchant))

        return await self.database.read(in_transaction)
