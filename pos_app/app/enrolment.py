"""From a fresh machine to a till of a store: pairing, comparing digits, first sync."""

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from pos_app.app.stage_door import StageDoor
from pos_app.core.knowledge import Standing
from pos_app.core.line import Line
from pos_app.core.scan import Scan
from pos_app.core.scan_text import clean_scan
from pos_app.core.till_status import TillStatus, Waiting
from pos_app.ui.setup_texts import SetupText, setup_text
from pos_app.ui.setup_window import SetupPage, SetupWindow
from pos_app.ui.texts import Texts
from pos_app.ui.trouble_texts import trouble_text
from shared.wire import PairStatus

if TYPE_CHECKING:
    from pos_app.app.backstage import Opened

LOOK_EVERY_MS = 1_000
"""How often headquarters' answer is asked for."""
FIRST_SYNC_MS_MAX = 20_000
"""After this long the counter opens, with what has come; the rest follows by itself."""

_ENDINGS = {
    Standing.forked: SetupText.forked_explained,
    Standing.revoked: SetupText.revoked_explained,
}
_log = logging.getLogger(__name__)


class Enrolment(QObject):
    """Drives the window before, and after, this machine is a till of a store.

    Signals:
        ready: the counter may open.
        life_ended: a person begins a new life; the old one is kept aside.
        shown: a word for what is shown now, for pictures.

    Args:
        texts: the words.
        door: to the worker.
        server_url: filled into the form.
    """

    ready = Signal()
    life_ended = Signal()
    shown = Signal(str)

    def __init__(self, texts: Texts, door: StageDoor, server_url: str) -> None:
        super().__init__()
        self._texts = texts
        self._door = door
        self.window = SetupWindow(texts, server_url)
        self._look = _timer(self, LOOK_EVERY_MS, self._ask_status)
        self._follow = _timer(self, LOOK_EVERY_MS, self._ask_progress)
        self._patience = _timer(self, FIRST_SYNC_MS_MAX, self._open_counter)
        self._received = 0
        self.window.pair_wanted.connect(self._claim)
        self.window.gave_up.connect(self._give_up)
        self.window.pair_again_wanted.connect(self._pair_again)

    def begin(self, opened: "Opened") -> None:
        """Go on where the till was; it is not paired yet."""
        if opened.waiting is not None:
            self._compare(opened.waiting)
            return
        self._ask_for_code()
        if opened.rescued is not None:
            found = opened.rescued
            key = SetupText.rescued if found.events else SetupText.rescued_nothing
            said = setup_text(self._texts.language, key, kept=found.kept.name, count=found.events)
            self.window.show_notice(said)

    def begin_first_sync(self) -> None:
        """Follow the first news of the server until they are complete."""
        self._look.stop()
        self._received = 0
        self.window.show_first_sync(0)
        self.shown.emit("first_sync")
        self._follow.start()
        self._patience.start()

    def end(self, standing: Standing, pending: int) -> None:
        """Say that this till may not decide any more, and how much it still has to hand in."""
        is_news = self.window.page is not SetupPage.ended
        self.window.show_ended(_ENDINGS[standing], pending)
        if is_news:
            self.shown.emit(standing.value)

    def take_scan(self, scan: Scan) -> None:
        """A scanned pairing code goes into the form."""
        self.window.take_scan(clean_scan(scan.text).text)

    def count(self, entries: int) -> None:
        """The first sync has brought so many entries more."""
        self._received += entries
        if self._follow.isActive():
            self.window.show_first_sync(self._received)

    def fail(self, cause: BaseException) -> None:
        """Say what happened and what to do; the log has the rest."""
        code = trouble_code(cause)
        _log.info("set-up stopped: %s", code, exc_info=cause)
        self.window.show_notice(trouble_text(self._texts.language, code))
        self.shown.emit(code)

    def _ask_for_code(self) -> None:
        self._look.stop()
        self.window.show_pairing()
        self.shown.emit("pairing")

    def _claim(self, wanted: tuple[str, str]) -> None:
        url, code = wanted
        self.window.show_under_way()
        self._door.ask(lambda stage: stage.claim(url, code), self._compare, self._not_claimed)

    def _not_claimed(self, cause: BaseException) -> None:
        self.window.show_pairing()
        self.fail(cause)

    def _compare(self, waiting: Waiting) -> None:
        self.window.show_comparing(waiting.digits, waiting.store_name)
        self.shown.emit("comparing")
        self._look.start()

    def _ask_status(self) -> None:
        self._look.stop()  # until the answer has come
        self._door.ask(lambda stage: stage.look(), self._take_status, self._not_answered)

    def _not_answered(self, cause: BaseException) -> None:
        self.fail(cause)
        self._look.start()

    def _take_status(self, status: PairStatus) -> None:
        if status is PairStatus.confirmed:
            self.begin_first_sync()
        elif status is PairStatus.refused:
            self._ask_for_code()
            self.window.show_notice(setup_text(self._texts.language, SetupText.refused))
        else:
            self.window.show_notice("")
            self._look.start()

    def _give_up(self) -> None:
        self._look.stop()
        self._door.ask(
            lambda stage: stage.give_up_pairing(), lambda _: self._ask_for_code(), self.fail
        )

    def _pair_again(self) -> None:
        self.life_ended.emit()
        self._door.ask(lambda stage: stage.pair_again(), lambda _: self._ask_for_code(), self.fail)

    def _ask_progress(self) -> None:
        self._door.ask(lambda stage: stage.status(), self._take_progress, self.fail)

    def _take_progress(self, read: tuple[TillStatus, Line]) -> None:
        status, line = read
        barred = status.standing is not Standing.welcome
        if barred or status.first_sync_done or line is Line.offline:
            self._open_counter()

    def _open_counter(self) -> None:
        if self._follow.isActive():
            self._stop_following()
            self.ready.emit()

    def _stop_following(self) -> None:
        self._follow.stop()
        self._patience.stop()


def trouble_code(cause: BaseException) -> str:
    """The stable code of an error, or its name where it has none."""
    return str(getattr(cause, "code", "") or type(cause).__name__)


def _timer(parent: QObject, interval_ms: int, slot: object) -> QTimer:
    timer = QTimer(parent)
    timer.setInterval(interval_ms)
    timer.timeout.connect(slot)
    return timer
