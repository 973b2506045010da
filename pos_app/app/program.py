"""The program as a whole: which window is in front, and who hears of a scan or of news."""

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.app.background import Background
from pos_app.app.counter import Counter
from pos_app.app.devices import CounterDevices
from pos_app.app.enrolment import Enrolment
from pos_app.app.options import TillOptions
from pos_app.app.pictures import Pictures
from pos_app.app.stage_door import StageDoor
from pos_app.core.knowledge import Standing
from pos_app.core.presented import looks_like_voucher
from pos_app.core.scan import Scan
from pos_app.core.verdict import Verdict
from pos_app.core.wedge_burst import BurstRejected, BurstSettings
from pos_app.devices.wedge import WedgeFilter
from pos_app.ui.texts import Language, Texts

if TYPE_CHECKING:
    from pos_app.app.backstage import Opened

SWITCH_LANGUAGE_KEYS = "Ctrl+L"

_log = logging.getLogger(__name__)


class Program(QObject):
    """Everything the till shows, from the first window to the last.

    Args:
        options: how the till was started.
        texts: the words.
    """

    _changed = Signal()
    _resolved = Signal(object)
    _received = Signal(object)

    def __init__(self, options: TillOptions, texts: Texts) -> None:
        super().__init__()
        self._options = options
        self._texts = texts
        self._background = Background(self)
        self._door = StageDoor(self._background)
        self.devices = CounterDevices(options.camera, self)
        self.counter = Counter(texts, self._door, self.devices)
        self.enrolment = Enrolment(texts, self._door, options.server_url)
        self._pictures = Pictures(options.screenshot_folder, self.front, self)
        self._at_counter = options.database.exists()
        self.wedge = WedgeFilter(BurstSettings(), looks_like_voucher, self)
        self._connect()

    def begin(self, application: QApplication) -> None:
        """Paint a window, then open everything behind it."""
        self.wedge.install(application)
        self._bring_front()
        QTimer.singleShot(0, self._open)

    def front(self) -> QWidget:
        """The window that is in front."""
        return self.counter.window if self._at_counter else self.enrolment.window

    def come_to_front(self) -> None:
        """Somebody started the till a second time."""
        window = self.front()
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()

    def close(self) -> None:
        """Give the devices back, end the line, close the database."""
        self.counter.stop()
        self.devices.close()
        self._door.close()

    def _open(self) -> None:
        self.devices.open()
        callbacks = {
            "changed": self._changed.emit,
            "resolved": self._resolved.emit,
            "received": self._received.emit,
        }
        self._door.open(self._options, callbacks, self._opened, self._cannot_open)

    def _opened(self, opened: "Opened") -> None:
        _log.info("till open, paired: %s", opened.paired)
        if not opened.paired:
            self._turn_to(at_counter=False)
            self.enrolment.begin(opened)
            return
        self._turn_to(at_counter=True)
        self._begin_counter()

    def _begin_counter(self) -> None:
        self.counter.begin()
        if self._options.camera is not None:
            self.counter.window.set_camera(on=True)
        self._pictures.take("ready")

    def _cannot_open(self, cause: BaseException) -> None:
        self._turn_to(at_counter=False)
        self.enrolment.window.show_starting()
        self.enrolment.fail(cause)

    def _enrolled(self) -> None:
        self._turn_to(at_counter=True)
        self._begin_counter()

    def _ended(self, ending: tuple[Standing, int]) -> None:
        """Step aside; the counter goes on reading how much is still to be handed in."""
        self._turn_to(at_counter=False)
        self.enrolment.end(*ending)

    def _scanned(self, scan: Scan) -> None:
        if self._at_counter:
            self.counter.scan(scan)
        else:
            self.enrolment.take_scan(scan)

    def _rejected(self, rejected: BurstRejected) -> None:
        if self._at_counter:
            self.counter.reject(rejected)

    def _receiving(self) -> None:
        if self._at_counter:
            self.counter.window.show_receiving()

    def _take_news(self) -> None:
        if self._at_counter:
            self.counter.refresh()

    def _take_answer(self, verdict: Verdict) -> None:
        self.counter.resolve(verdict)

    def _turn_to(self, *, at_counter: bool) -> None:
        if at_counter is self._at_counter:
            return
        behind = self.front()
        self._at_counter = at_counter
        # First the new window, then the old one away: with no window left the program would end.
        self._bring_front()
        behind.hide()

    def _bring_front(self) -> None:
        window = self.front()
        if self._options.full_screen:
            window.showFullScreen()
        else:
            window.show()
        window.activateWindow()

    def _switch_language(self) -> None:
        other = {Language.chinese: Language.english, Language.english: Language.chinese}
        self._texts.set_language(other[self._texts.language])

    def _connect(self) -> None:
        self.wedge.scanned.connect(self._scanned)
        self.wedge.rejected.connect(self._rejected)
        self.wedge.receiving.connect(self._receiving)
        self.enrolment.ready.connect(self._enrolled)
        self.enrolment.life_ended.connect(self.counter.stop)
        self.enrolment.shown.connect(self._pictures.take)
        self.counter.shown.connect(self._pictures.take)
        self.counter.ended.connect(self._ended)
        self._changed.connect(self._take_news)
        self._resolved.connect(self._take_answer)
        self._received.connect(self.enrolment.count)
        for window in (self.counter.window, self.enrolment.window):
            shortcut = QShortcut(QKeySequence(SWITCH_LANGUAGE_KEYS), window)
            shortcut.activated.connect(self._switch_language)
