"""The rounds between a till and its server: greet, upload, poll, and find out what is in doubt.

All of it runs on one event loop. At most one upload and one poll are under way, so news of a recall
never waits for an upload, nor an upload for a poll. No transaction is open while a request is.

Source: the till–server protocol, section 2 (sync, hello) and rule S13 (nothing leaves between hello
and its answer).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import msgspec

from pos_app.core.backoff import Backoff
from pos_app.core.knowledge import Standing
from pos_app.core.line import ANSWERS_TO_ONLINE
from pos_app.core.verdict import Verdict
from pos_app.network.client import ASK_SECONDS, ServerClient
from pos_app.network.errors import CallError, LineDownError, RequestRefusedError
from pos_app.services.doubts import AskDue
from pos_app.services.till import Till
from shared.errors import KnownError
from shared.ids import EntropySource
from shared.reasons import Reason
from shared.wire import WAIT_SECONDS_MAX, AskReply

DOUBT_ANSWER_SECONDS = 10.0
"""How long one more try to find out what is in doubt may take."""

OLD_INCARNATION = "old_incarnation"
_STANDINGS = {
    "forked": Standing.forked,
    "till_revoked": Standing.revoked,
    OLD_INCARNATION: Standing.revoked,
}

_log = logging.getLogger(__name__)


class StalledError(CallError):
    """The server answers an upload without taking anything of it."""

    code = "server_stalled"


@dataclass(frozen=True, slots=True)
class News:
    """Whom to tell; called on the loop's thread, so each only hands on.

    Attributes:
        changed: something the status bar shows may have changed.
        resolved: a request in doubt has its answer, already recorded.
        received: how many feed entries a page brought, for the first sync's progress.
    """

    changed: Callable[[], None]
    resolved: Callable[[Verdict], None]
    received: Callable[[int], None]


@dataclass(slots=True)
class Trouble:
    """The last failure, for the status bar.

    Attributes:
        code: stable, or empty while all is well.
    """

    code: str = ""


class SyncRounds:
    """The rounds of one till with one server.

    Args:
        till: whose rounds.
        client: its line.
        news: whom to tell.
        entropy: spreads the delays.
        app_version: told to the server in a hello.
    """

    def __init__(
        self,
        till: Till,
        client: ServerClient,
        news: News,
        entropy: EntropySource,
        app_version: str,
    ) -> None:
        self._till = till
        self._client = client
        self._news = news
        self._entropy = entropy
        self._app_version = app_version
        self._greeted = asyncio.Event()
        self._upload_due = asyncio.Event()
        self._doubts_due = asyncio.Event()
        self._retry_now = asyncio.Event()
        self._asked: set[UUID] = set()
        self.trouble = Trouble()

    # --- asked by others, on the loop's thread ---

    def wake_upload(self) -> None:
        """There may be new events."""
        self._upload_due.set()

    def wake_doubts(self) -> None:
        """There may be requests in doubt."""
        self._doubts_due.set()

    def retry_now(self) -> None:
        """End every delay at once."""
        self._retry_now.set()

    async def ask(self, due: AskDue) -> Verdict:
        """Ask once, for a customer who waits.

        Returns:
            The server's answer, recorded; "needs network" where the request cannot have left; or
            "outcome unknown", and the rounds go on asking.
        """
        if due.request.eid in self._asked:
            return due.waiting  # its answer is shown when it comes, and only once
        try:
            verdict = await self._ask(due)
        finally:
            self.wake_upload()
            self._news.changed()
        return verdict or due.waiting

    async def _ask(self, due: AskDue) -> Verdict | None:
        if not self._greeted.is_set():
            return self._till.call_off(due.request.eid, Reason.offline_forbidden)
        try:
            reply = await self._send_ask(due, ASK_SECONDS)
        except LineDownError as down:
            if down.began:
                return self._leave_in_doubt(due)
            return self._till.call_off(due.request.eid, Reason.offline_forbidden)
        except RequestRefusedError as refused:
            return self._refused_ask(due, refused)
        except CallError:
            return self._leave_in_doubt(due)
        return self._till.take_answer(due.request.eid, reply)

    async def _send_ask(self, due: AskDue, answer_seconds: float) -> AskReply:
        """Send an ask while no other request for the same event is under way."""
        self._asked.add(due.request.eid)
        try:
            return await self._client.ask(due.request, answer_seconds)
        finally:
            self._asked.discard(due.request.eid)

    def _leave_in_doubt(self, due: AskDue) -> Verdict:
        self.wake_doubts()
        return due.waiting

    def _refused_ask(self, due: AskDue, refused: RequestRefusedError) -> Verdict | None:
        """The server would not even decide; the intention ends here."""
        _log.info("ask refused: %s", refused.code)
        self._note_standing(refused)
        barred = {Standing.forked: Reason.quarantined, Standing.revoked: Reason.device_revoked}
        standing = _STANDINGS.get(refused.code, Standing.welcome)
        reason = barred.get(standing, Reason.internal)
        return self._till.call_off(due.request.eid, reason)

    # --- the rounds ---

    async def run(self) -> None:
        """Greet, then upload, poll and resolve until cancelled."""
        self.wake_upload()
        self.wake_doubts()
        await self._until_done(self._greet)
        async with asyncio.TaskGroup() as rounds:
            rounds.create_task(self._until_done(self._upload_for_ever))
            rounds.create_task(self._until_done(self._poll_for_ever))
            rounds.create_task(self._until_done(self._resolve_for_ever))

    async def _greet(self, backoff: Backoff) -> None:
        try:
            await self._say_hello()
        except RequestRefusedError as refused:
            if refused.code != OLD_INCARNATION:
                raise
            # A life that is over is greeted no more, but its journal is still taken.
            self._note_standing(refused)
        self._well(backoff, entries=0)

    async def _say_hello(self) -> None:
        nonce = await self._client.nonce()
        request = self._till.hello_request(nonce.nonce, self._app_version)
        standing = self._till.apply_hello_reply(await self._client.hello(request))
        _log.info("hello: %s", standing)
        self._greeted.set()

    async def _upload_for_ever(self, backoff: Backoff) -> None:
        sent: msgspec.Raw | None = None
        while True:
            self._upload_due.clear()
            request = self._till.sync_request()
            if not request.events:
                sent = None
                await self._upload_due.wait()
                continue
            if request.events[0] == sent:
                raise StalledError("the server acknowledged nothing of an upload")
            reply = await self._client.sync(request)
            applied = self._till.apply_sync_reply(reply)
            sent = request.events[0]
            self._well(backoff, applied.entries)

    async def _poll_for_ever(self, backoff: Backoff) -> None:
        answers = wait_seconds = 0
        while self._till.standing() is Standing.welcome:
            reply = await self._client.sync(self._till.poll_request(wait_seconds))
            applied = self._till.apply_sync_reply(reply)
            answers += 1
            # A long poll before the line counts as up would keep it down for as long.
            may_wait = answers >= ANSWERS_TO_ONLINE and not applied.more
            wait_seconds = WAIT_SECONDS_MAX if may_wait else 0
            if applied.entries:
                self.wake_upload()  # an entry may have been answered in the journal
            self._well(backoff, applied.entries)

    async def _resolve_for_ever(self, backoff: Backoff) -> None:
        while True:
            self._doubts_due.clear()
            for _, due in self._till.open_doubts():
                if due.request.eid in self._asked:
                    continue  # a customer waits for it; without an answer it comes here again
                reply = await self._send_ask(due, DOUBT_ANSWER_SECONDS)
                verdict = self._till.take_answer(due.request.eid, reply)
                self._well(backoff, entries=0)
                if verdict is not None:
                    self._news.resolved(verdict)
                    self.wake_upload()
            await self._doubts_due.wait()

    def _well(self, backoff: Backoff, entries: int) -> None:
        backoff.succeeded()
        if self.trouble.code:
            self.trouble.code = ""
            self.retry_now()  # the line is back for the other rounds too
        self._news.received(entries)
        self._news.changed()

    async def _until_done(self, round_: Callable[[Backoff], Awaitable[None]]) -> None:
        """Run a round until it returns; after a failure wait, longer each time, and try again."""
        backoff = Backoff()
        while True:
            try:
                return await round_(backoff)
            except KnownError as cause:
                self._note_trouble(cause)
            self._retry_now.clear()
            delay_seconds = backoff.next_seconds(self._entropy(1)[0] / 255)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._retry_now.wait(), delay_seconds)

    def _note_trouble(self, cause: KnownError) -> None:
        code = getattr(cause, "code", type(cause).__name__)
        if code != self.trouble.code:
            _log.info("trouble with the server: %s", cause)
        self.trouble.code = code
        if isinstance(cause, RequestRefusedError):
            self._note_standing(cause)
        self._news.changed()

    def _note_standing(self, refused: RequestRefusedError) -> None:
        standing = _STANDINGS.get(refused.code)
        if standing is not None:
            self._till.note_barred(standing)
