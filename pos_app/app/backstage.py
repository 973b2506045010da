"""Everything behind the window: database, keys, till and line. Lives on the worker thread.

Imported there too, after the first paint, because it brings SQLAlchemy, httpx and cryptography.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

from pos_app.app.options import APP_VERSION, TillOptions
from pos_app.core.history import HistoryRow
from pos_app.core.knowledge import Doubt, Standing
from pos_app.core.line import Line, LineJudge
from pos_app.core.till_status import TillStatus, Waiting
from pos_app.core.verdict import Verdict
from pos_app.network.client import ServerClient, Signer, check_address
from pos_app.services.doubts import AskDue
from pos_app.services.machine import machine_name, machine_time, wall_clock
from pos_app.services.pairing import Device, Pairing
from pos_app.services.redeem import Attempt
from pos_app.services.sync_rounds import News, SyncRounds
from pos_app.services.sync_thread import SyncThread
from pos_app.services.till import Sources, Till, is_paired
from pos_app.storage.database import CorruptDatabaseError, Database
from pos_app.storage.file_secrets import FileSecrets, machine_secret
from pos_app.storage.keyring_secrets import KeyringSecrets, protecting_backend
from pos_app.storage.rescue import Rescued, rescue, set_aside
from pos_app.storage.secrets import SecretStore, SecretsTroubleError, account_of, load_keys
from shared.ids import TillId
from shared.wire import PairStatus

Result = TypeVar("Result")

HISTORY_ROWS_MAX = 2_000
SOURCES = Sources(machine_time, uuid7, os.urandom)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """How things stand after the start.

    Attributes:
        paired: this till belongs to a store.
        waiting: a pairing that waits for headquarters, or None.
        rescued: what was saved of a damaged database, or None where it was sound.
    """

    paired: bool
    waiting: Waiting | None
    rescued: Rescued | None


class Backstage:
    """One till's inside, from `open` to `close`; every method runs on the worker thread.

    Args:
        options: how the till was started.
        news: whom the line tells; called on its own thread.
    """

    def __init__(self, options: TillOptions, news: News) -> None:
        self._options = options
        self._news = news
        self._judge = LineJudge()
        self._sync: SyncThread | None = None
        self._till: Till | None = None
        options.data_folder.mkdir(parents=True, exist_ok=True)
        self._secrets = secret_store(options)
        self._rescued: Rescued | None = None
        self._database = self._open_database(options.database)

    def open(self) -> Opened:
        """Begin where the till was; starts the line where it is paired.

        Raises:
            SecretsTroubleError: the keys cannot be read.
        """
        paired = is_paired(self._database)
        if paired:
            self._begin()
        waiting = None if paired else self._pairing().waiting()
        return Opened(paired, waiting, self._rescued)

    def close(self) -> None:
        """End the line, then the database."""
        if self._sync is not None:
            self._sync.stop()
        self._database.close()

    # --- pairing ---

    def claim(self, url: str, code: str) -> Waiting:
        """Show a one-time code to a server."""
        address = check_address(url)
        pairing = self._pairing()
        return self._call(address, lambda client: pairing.claim(client, address, code))

    def look(self) -> PairStatus:
        """Ask whether headquarters has confirmed; the till begins to work when it has."""
        pairing = self._pairing()
        waiting = pairing.waiting()
        if waiting is None:
            return PairStatus.refused
        status = self._call(waiting.server_url, pairing.look)
        if status is PairStatus.confirmed:
            self._begin()
        return status

    def give_up_pairing(self) -> None:
        """Forget an open pairing."""
        self._pairing().give_up()

    def pair_again(self) -> None:
        """Keep this life's database aside and become a till that is not paired."""
        if self._sync is not None:
            self._sync.stop()
            self._sync = None
        self._till = None
        self._database.close()
        set_aside(self._options.database, wall_clock(), "ended")
        self._secrets.erase()
        self._database = Database(self._options.database)

    # --- the counter ---

    def scan(self, text: str, *, repeated: bool) -> Verdict:
        """Decide about a scan, asking the server where only it can tell."""
        till = self._paired_till()
        online = self._judge.line is Line.online
        answer = till.redeem(Attempt(text, online=online, repeated=repeated))
        if isinstance(answer, AskDue) and self._sync is not None:
            return self._sync.ask(answer)
        if self._sync is not None:
            self._sync.wake()
        return answer.waiting if isinstance(answer, AskDue) else answer

    def doubts(self) -> list[Doubt]:
        """Requests without an answer, about which a person may be asked."""
        return [doubt for doubt, _ in self._paired_till().open_doubts()]

    def call_off(self, eid: UUID) -> None:
        """A person says the goods were not handed over."""
        self._paired_till().call_off(eid)
        self._wake()

    def note_handed_over(self, eid: UUID) -> None:
        """A person says the goods were handed over."""
        self._paired_till().note_handed_over(eid)
        self._wake()

    def history(self) -> list[HistoryRow]:
        """Today's scans, the newest first."""
        return self._paired_till().history_of_today(HISTORY_ROWS_MAX)

    def status(self) -> tuple[TillStatus, Line]:
        """What the status bar shows."""
        return self._paired_till().status(), self._judge.line

    def sync_now(self) -> None:
        """A person does not want to wait for the next try."""
        if self._sync is not None:
            self._sync.retry_now()
        self._wake()

    def standing(self) -> Standing:
        """Whether this till may decide."""
        return self._paired_till().standing()

    def _wake(self) -> None:
        if self._sync is not None:
            self._sync.wake()

    def _paired_till(self) -> Till:
        assert self._till is not None
        return self._till

    def _pairing(self) -> Pairing:
        device = Device(machine_name(), APP_VERSION)
        return Pairing(self._database, self._secrets, device, os.urandom)

    def _begin(self) -> None:
        keys = load_keys(self._secrets)
        if keys is None:
            raise SecretsTroubleError("keys_missing", "the keys of this till are gone")
        till = Till(self._database, keys, SOURCES)
        identity = till.identity()
        signer = Signer(TillId(identity.till), identity.incarnation, keys.signing)

        def client() -> ServerClient:
            return ServerClient(identity.server_url, signer, wall_clock, os.urandom, self._judge)

        def rounds(client: ServerClient) -> SyncRounds:
            return SyncRounds(till, client, self._news, os.urandom, APP_VERSION)

        self._till = till
        self._sync = SyncThread(client, rounds, self._judge)
        self._sync.start()

    def _call(self, url: str, work: Callable[[ServerClient], Awaitable[Result]]) -> Result:
        async def run() -> Result:
            client = ServerClient(url, None, wall_clock, os.urandom, self._judge)
            try:
                return await work(client)
            finally:
                await client.close()

        return asyncio.run(run())

    def _open_database(self, path: Path) -> Database:
        try:
            return Database(path)
        except CorruptDatabaseError as cause:
            _log.error("the database is damaged and is kept aside: %s", cause)
            self._rescued = rescue(path, wall_clock())
            self._secrets.erase()
            return Database(path)


def secret_store(options: TillOptions) -> SecretStore:
    """The store that keeps this till's keys.

    Raises:
        SecretsTroubleError: the machine has no key store that protects, and no file was named.
    """
    if options.secrets_file is not None:
        passphrase = options.passphrase.encode() or machine_secret()
        return FileSecrets(options.secrets_file, passphrase, os.urandom)
    backend = protecting_backend()
    if backend is None:
        raise SecretsTroubleError("no_key_store", "no key store on this machine protects secrets")
    return KeyringSecrets(backend, account_of(options.data_folder))
