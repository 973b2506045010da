"""Backstages of tills in the test's own process, joined to a running server."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from pos_app.app.backstage import Backstage
from pos_app.app.options import TillOptions
from pos_app.core.line import Line
from pos_app.core.verdict import Verdict
from pos_app.services.sync_rounds import News
from server.tills import confirmation
from shared.wire import PairStatus
from tests.server.api.running_server import World

SECONDS_MAX = 20.0
DIGITS = 6


@dataclass
class Ears:
    """Hears a till's news and lets a test wait for what it hopes for."""

    resolved: list[Verdict] = field(default_factory=list)
    heard: threading.Condition = field(default_factory=threading.Condition)

    def news(self) -> News:
        return News(self._wake, self._take_answer, lambda _count: self._wake())

    def until(self, hope: Callable[[], bool]) -> None:
        """Wait for news until `hope` holds; looks again every second even without any."""
        for _ in range(int(SECONDS_MAX)):
            if hope():
                return
            with self.heard:
                self.heard.wait(1.0)
        raise AssertionError("it did not come in time")

    def _take_answer(self, verdict: Verdict) -> None:
        self.resolved.append(verdict)
        self._wake()

    def _wake(self) -> None:
        with self.heard:
            self.heard.notify_all()


def options(folder: Path, **changes: object) -> TillOptions:
    given = {"data_folder": folder, "secrets_file": folder / "keys", **changes}
    return TillOptions(**given)  # type: ignore[arg-type]


@contextmanager
def open_backstage(folder: Path) -> Iterator[tuple[Backstage, Ears]]:
    ears = Ears()
    stage = Backstage(options(folder), ears.news())
    try:
        stage.open()
        yield stage, ears
    finally:
        stage.close()


def confirm(world: World, folder: Path) -> None:
    """Headquarters compares the digits and says yes to the pairing that waits."""
    with sqlite3.connect(folder / "till.sqlite") as database:
        [row] = database.execute("SELECT pairing FROM pairing")
    pairing = UUID(bytes=row[0])
    world.do(lambda uow: confirmation.confirm(uow, pairing, None))


def pair(stage: Backstage, world: World, folder: Path, shop: int) -> None:
    """Pair as a cashier and headquarters do it together."""
    waiting = stage.claim(world.base_url, world.code(shop))
    assert len(waiting.digits) == DIGITS
    assert stage.look() is PairStatus.waiting
    confirm(world, folder)
    assert stage.look() is PairStatus.confirmed


def synced(stage: Backstage) -> bool:
    status, line = stage.status()
    return status.first_sync_done and status.pending == 0 and line is Line.online
