"""Times scans in the real window, decisions without their commit, and bare SQLite commits."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from pos_app.app.backstage import SOURCES
from pos_app.app.bench.full_till import FullTill
from pos_app.app.program import Program
from pos_app.services.redeem import Attempt, redeem_voucher
from pos_app.services.till import Till
from pos_app.storage.database import Connection, Database
from pos_app.ui.texts import Language, Texts
from shared.reasons import Reason

KEY_GAP_MS = 4
SECONDS_MAX = 30
ROW_BYTES = 500


class StalledError(Exception):
    """The till did not show a verdict in time, or not the one it had to show."""


class _Painted(QObject):
    """Sees when a window has been painted after something was shown in it."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: str | None = None
        self.painted_at: float | None = None

    def forget(self) -> None:
        """Nothing has been shown yet."""
        self.shown = self.painted_at = None

    def note(self, word: str) -> None:
        """Something new is on its way to the screen."""
        self.shown, self.painted_at = word, None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the first paint after it."""
        if event.type() == QEvent.Type.Paint and self.shown is not None:
            self.painted_at = perf_counter()
        return super().eventFilter(watched, event)


def scans_ms(till: FullTill, count: int, between: Callable[[], None]) -> list[float]:
    """Scan as a gun does, one voucher after another.

    Args:
        till: with at least that many vouchers.
        count: how many scans.
        between: called after each one, for a yardstick on the same disk at the same time.

    Returns:
        For each scan, milliseconds from its last key to the painted card; the event was on the disk
        before the card was painted.
    """
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with _running(application, till) as (program, painted):
        times = []
        for code in till.codes[:count]:
            times.append(_scan_ms(program, painted, code))
            between()
    return times


def decisions_ms(till: FullTill, count: int) -> list[float]:
    """Decide about vouchers and roll back, so that no commit is in the figure."""
    database = Database(till.options.database)
    handled = Till(database, till.keys, SOURCES)
    times: list[float] = []

    def decide(connection: Connection, code: str) -> None:
        work = handled.work(connection)
        began = perf_counter()
        redeem_voucher(work, Attempt(code, online=False, repeated=False))
        times.append((perf_counter() - began) * 1000)
        raise _RolledBackError

    for code in till.codes[-count:]:
        try:
            database.write(partial(decide, code=code))
        except _RolledBackError:
            continue
    database.close()
    return times


def commits_ms(folder: Path) -> tuple[Callable[[], None], list[float]]:
    """A yardstick: one row of an event's size, committed by bare SQLite with full safety.

    Returns:
        What makes one commit, and the list that its times in milliseconds go to.
    """
    connection = sqlite3.connect(folder / "yardstick.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
    times: list[float] = []

    def commit() -> None:
        began = perf_counter()
        connection.execute("INSERT INTO event (bytes) VALUES (?)", (bytes(ROW_BYTES),))
        times.append((perf_counter() - began) * 1000)

    return commit, times


class _RolledBackError(Exception):
    """Ends a transaction without keeping it."""


@contextmanager
def _running(application: QApplication, till: FullTill) -> Iterator[tuple[Program, _Painted]]:
    program = Program(till.options, Texts(Language.english, ZoneInfo("Asia/Shanghai")))
    painted = _Painted()
    program.counter.shown.connect(painted.note)
    application.installEventFilter(painted)
    try:
        program.begin(application)
        _until(lambda: program.counter.ready)
        yield program, painted
    finally:
        application.removeEventFilter(painted)
        program.close()
        program.front().close()


def _scan_ms(program: Program, painted: _Painted, code: str) -> float:
    painted.forget()
    window = program.front().windowHandle()
    at_ms = int(perf_counter() * 1000)
    for place, character in enumerate([*code, "\r"]):
        key = Qt.Key.Key_Return if character == "\r" else Qt.Key(ord(character))
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character)
        event.setTimestamp(at_ms + place * KEY_GAP_MS)
        began = perf_counter()
        QCoreApplication.sendEvent(window, event)
    _until(lambda: painted.painted_at is not None and painted.shown == Reason.accepted.value)
    assert painted.painted_at is not None
    return (painted.painted_at - began) * 1000


def _until(holds: Callable[[], bool]) -> None:
    """Let Qt work until something holds; a timer keeps it from sleeping on for ever."""
    alarm = QTimer()
    alarm.start(1)
    began = perf_counter()
    while not holds():
        if perf_counter() - began > SECONDS_MAX:
            raise StalledError
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
