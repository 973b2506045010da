"""Runs the rounds with the server on a thread of their own, and takes asks from other threads."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import TypeVar

from pos_app.core.line import Line, LineJudge
from pos_app.core.verdict import Verdict
from pos_app.network.client import ServerClient
from pos_app.services.doubts import AskDue
from pos_app.services.sync_rounds import SyncRounds

Result = TypeVar("Result")

STOP_SECONDS_MAX = 5.0

_log = logging.getLogger(__name__)


class SyncThread:
    """One till's line, from `start` to `stop`.

    Args:
        client: makes the client; called on the new thread.
        rounds: makes the rounds of a client; called on the new thread.
        judge: hears how every call went; `line` may be read from any thread.
    """

    def __init__(
        self,
        client: Callable[[], ServerClient],
        rounds: Callable[[ServerClient], SyncRounds],
        judge: LineJudge,
    ) -> None:
        self._make_client = client
        self._make_rounds = rounds
        self._judge = judge
        self._loop = asyncio.new_event_loop()
        self._rounds: SyncRounds | None = None
        self._main: asyncio.Task[None] | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    @property
    def line(self) -> Line:
        """Whether the server can be reached."""
        return self._judge.line

    @property
    def trouble(self) -> str:
        """The code of the last failure, or empty."""
        return self._rounds.trouble.code if self._rounds else ""

    def start(self) -> None:
        """Begin the rounds."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """End the rounds; what is not sent waits in the journal."""
        self._post(self._cancel)
        self._thread.join(STOP_SECONDS_MAX)

    def wake(self) -> None:
        """There are new events to send."""
        self._tell(SyncRounds.wake_upload)

    def retry_now(self) -> None:
        """Try again at once, for a person who does not want to wait."""
        self._tell(SyncRounds.retry_now)

    def ask(self, due: AskDue) -> Verdict:
        """Ask the server and wait for the answer, at most about two seconds; from another thread.

        Returns:
            See `SyncRounds.ask`.
        """
        assert threading.current_thread() is not self._thread
        assert self._rounds is not None
        return self._wait_for(self._rounds.ask(due))

    def _wait_for(self, work: Coroutine[object, object, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _tell(self, word: Callable[[SyncRounds], None]) -> None:
        rounds = self._rounds
        if rounds is not None:
            self._post(lambda: word(rounds))

    def _post(self, work: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work)

    def _cancel(self) -> None:
        if self._main is not None:
            self._main.cancel()

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._work())
        except asyncio.CancelledError:
            _log.debug("sync stopped")
        except Exception:  # noqa: BLE001 - the thread's outermost frame
            # Without its line the till works on with what it holds.
            _log.exception("sync ended by a fault of ours")
        finally:
            self._ready.set()

    async def _work(self) -> None:
        self._main = asyncio.current_task()
        client = self._make_client()
        self._rounds = self._make_rounds(client)
        self._ready.set()
        try:
            await self._rounds.run()
        finally:
            await client.close()
