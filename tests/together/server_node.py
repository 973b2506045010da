"""The server of a simulation: its database, and a process that serves one message at a time.

It does what the till's desk behind the HTTP interface does, with the same services, in the same
transactions.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from server.holdings import service as holdings
from server.holdings.values import Ask, Hello, Upload, UploadResult
from server.kernel.database import BlockingDatabase
from server.kernel.unit_of_work import UnitOfWork
from server.redemption import service as redemption
from server.tills import service as tills
from server.tills.feed_reading import read_feed
from server.tills.rules import MIN_APP_PROTOCOL, TillIdentity, WrongNonceError
from shared import wire
from shared.ids import EventId, StoreId, TillId, VoucherRef
from tests.together.chain import MERCHANT, ROOT_KEY
from tests.together.dice import Dice
from tests.together.engines import share_compiled
from tests.together.machine import TrueTime
from tests.together.power import power_cut_after
from tests.together.till_node import TillPlace

Result = TypeVar("Result")

SERVER = "server"
"""The name of this machine where its power is cut."""


class RefusedUploadError(Exception):
    """The server took nothing of an upload; `args` says why."""


@dataclass(slots=True)
class ServerNode:
    """The server and its machine.

    Attributes:
        path: of its database.
        time: the true time, which is the server's.
        dice: of the present step; the scheduler sets it.
        cut_after: statements until the power is cut in the next transaction, or None.
    """

    path: Path
    time: TrueTime
    dice: Dice
    cut_after: int | None = None
    database: BlockingDatabase = field(init=False)
    reader: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self.start()
        self.reader = sqlite3.connect(self.path, isolation_level=None)

    def start(self) -> None:
        """Start a process; it finds whatever is on the disk."""
        self.database = BlockingDatabase(f"sqlite:///{self.path}")
        share_compiled(self.database._engine, "server")

    def stop(self) -> None:
        """Kill the process."""
        self.database.close()

    def close(self) -> None:
        """Leave nothing open at the end of a history."""
        self.database.close()
        self.reader.close()

    @contextmanager
    def _power(self) -> Iterator[None]:
        statements, self.cut_after = self.cut_after, None
        with power_cut_after(self.database._engine, statements, SERVER):
            yield

    def write(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run a service in one transaction."""
        with self._power():
            return self.database.write(lambda connection: work(self._begin(connection)))

    def read(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run a reading service."""
        return self.database.read(lambda connection: work(self._begin(connection)))

    def _begin(self, connection: Connection) -> UnitOfWork:
        return UnitOfWork(connection, MERCHANT, self.time.now, self.dice.new_id, self.dice.entropy)

    # --- what tills ask for ---

    def take_uploads(
        self, requests: Sequence[tuple[TillPlace, wire.SyncRequest]]
    ) -> list[wire.SyncReply]:
        """Decide uploads of different tills in one transaction, then read each till's feed.

        Raises:
            RefusedUploadError: one of them could not be taken.
        """
        uploads = [_upload(place, request) for place, request in requests]
        results = self.write(lambda uow: redemption.take_uploads(uow, uploads))
        for result in results:
            if result.refusal is not None:
                raise RefusedUploadError(result.refusal)
        return [
            self._reply(place, request, result)
            for (place, request), result in zip(requests, results, strict=True)
        ]

    def _reply(
        self, place: TillPlace, request: wire.SyncRequest, result: UploadResult
    ) -> wire.SyncReply:
        page = self.read(
            lambda uow: read_feed(uow, ROOT_KEY, self._identity(uow, place), request.cursor)
        )
        return wire.SyncReply(
            accepted_seq=result.accepted_seq,
            outcomes=list(result.outcomes),
            feed=page.entries,
            more=page.more,
            server_time=self.time.now,
            offline_until=result.offline_until,
            min_version=MIN_APP_PROTOCOL,
        )

    def answer_asks(
        self, requests: Sequence[tuple[TillPlace, wire.AskRequest]]
    ) -> list[wire.AskReply]:
        """Decide asks in one transaction."""
        asks = [_ask(place, request) for place, request in requests]
        answers = self.write(lambda uow: redemption.answer_asks(uow, asks))
        return [
            wire.AskReply(
                eid=answer.eid,
                status=answer.status,
                reason=answer.reason,
                facts=list(answer.facts),
                server_time=self.time.now,
            )
            for answer in answers
        ]

    def nonce(self, place: TillPlace) -> wire.NonceReply:
        """Draw a nonce for a hello."""
        nonce = self.write(lambda uow: tills.new_nonce(uow, self._identity(uow, place)))
        return wire.NonceReply(nonce=nonce, server_time=self.time.now)

    def hello(self, place: TillPlace, request: wire.HelloRequest) -> wire.HelloReply | None:
        """Compare what a till says of its journal and feed with what is known.

        Returns:
            None if the hello is not fresh.
        """
        message = Hello(
            till=TillId(place.till),
            store=StoreId(place.store),
            incarnation=request.incarnation,
            journal_head=request.journal_head,
            cursor=request.cursor,
            want_keep=request.want_keep,
        )

        def greet(uow: UnitOfWork) -> wire.HelloReply:
            identity = self._identity(uow, place)
            tills.use_nonce(uow, identity, request.nonce)
            tills.note_hello(uow, identity, request.app_version)
            result = holdings.say_hello(uow, message)
            return wire.HelloReply(
                status=result.status,
                accepted_seq=result.accepted_seq,
                server_time=uow.now,
                offline_until=result.offline_until,
                min_version=MIN_APP_PROTOCOL,
            )

        try:
            return self.write(greet)
        except WrongNonceError:
            return None

    def _identity(self, uow: UnitOfWork, place: TillPlace) -> TillIdentity:
        identity = tills.identity_of(uow.connection, TillId(place.till), 1)
        assert identity is not None
        return identity


def _upload(place: TillPlace, request: wire.SyncRequest) -> Upload:
    return Upload(
        till=TillId(place.till),
        store=StoreId(place.store),
        incarnation=request.incarnation,
        cursor=request.cursor,
        events=tuple(bytes(raw) for raw in request.events),
    )


def _ask(place: TillPlace, request: wire.AskRequest) -> Ask:
    return Ask(
        eid=EventId(request.eid),
        till=TillId(place.till),
        store=StoreId(place.store),
        voucher_ref=VoucherRef(request.voucher_ref),
        uses=request.uses,
        evidence=request.evidence,
        clerk=request.clerk,
    )
