"""The till's window: one page at a time between the status strip and the keys.

It takes values and tells intents; it knows neither services nor devices.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QImage, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from pos_app.core.device_states import CameraState
from pos_app.core.history import HistoryRow
from pos_app.ui import key_bar
from pos_app.ui.app_icon import app_icon
from pos_app.ui.camera_panel import CameraPanel
from pos_app.ui.history_page import HistoryPage
from pos_app.ui.key_bar import KeyAction, KeyBar
from pos_app.ui.offline_banner import OfflineBanner
from pos_app.ui.ready_page import ReadyPage
from pos_app.ui.status_bar import StatusBar
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import Sizes, dress, sizes_for
from pos_app.ui.verdict_card import VerdictCard
from pos_app.ui.view_state import OfflineView, ReadyView, StatusView, VerdictView
from pos_app.ui.window_options import (
    HEIGHT_MIN,
    PREPARE_AFTER_MS,
    RECEIVING_MS_MAX,
    WIDTH_MIN,
    Page,
    WindowOptions,
)


class MainWindow(QMainWindow):
    """The whole counter app as people see it.

    Signals:
        code_entered: a `str` of 12 digits with a right check digit, typed by a person.
        sync_requested: a person wants a round now.
        camera_wanted: whether the camera is to run, as a `bool`; false while nobody could see it.
        history_wanted: the history is about to be shown and wants its rows.
        row_opened: the `HistoryRow` a person opened.
        verdict_closed: the verdict went away, by time or by a person.

    Args:
        texts: the words.
        ready: who and where.
        status: how things are.
        options: how a person wants the window.
    """

    code_entered = Signal(str)
    sync_requested = Signal()
    camera_wanted = Signal(bool)
    history_wanted = Signal()
    row_opened = Signal(object)
    verdict_closed = Signal()

    def __init__(
        self,
        texts: Texts,
        ready: ReadyView,
        status: StatusView,
        options: WindowOptions | None = None,
    ) -> None:
        super().__init__()
        self._texts = texts
        self._options = options or WindowOptions()
        self._sizes: Sizes | None = None
        self._camera_is_on = False
        self._camera_is_wanted = False
        self._status = StatusBar(texts, status)
        self._banner = OfflineBanner(texts)
        self._camera = CameraPanel(texts)
        self._ready = ReadyPage(texts, ready, self._camera)
        self._card = VerdictCard(texts, self._options.timing, moves=self._options.moves)
        self._history = HistoryPage(texts)
        self._keys = KeyBar(texts)
        self._receiving_ends = QTimer(self)
        self._lay_out()
        self._connect()
        self._retranslate()
        self._turn_to(Page.ready)

    @property
    def page(self) -> Page:
        """What fills the middle of the window."""
        return tuple(Page)[self._pages.currentIndex()]

    def show_ready(self, view: ReadyView | None = None) -> None:
        """Wait for a scan; `view` where who or where has changed."""
        if view is not None:
            self._ready.show_ready(view)
        self._turn_to(Page.ready)

    def show_verdict(self, view: VerdictView) -> None:
        """Show the answer to a scan at once, whatever is shown now."""
        self._end_receiving()
        self._card.show_verdict(view)
        self._turn_to(Page.verdict)

    def show_receiving(self) -> None:
        """Say that a scan is coming in, until a verdict is shown or 3 s have passed."""
        self._ready.show_receiving(receiving=True)
        self._status.show_receiving(receiving=True)
        self._receiving_ends.start(RECEIVING_MS_MAX)

    def show_status(self, view: StatusView) -> None:
        """Show how the line, the queue and the devices are."""
        self._status.show_status(view)
        self._camera.show_state(view.camera)

    def show_offline(self, view: OfflineView | None) -> None:
        """Show the offline banner, or take it away with None."""
        if view is not None:
            self._banner.show_offline(view)
        self._banner.setVisible(view is not None)

    def show_history(self, rows: Sequence[HistoryRow]) -> None:
        """Fill the history, newest first; the page is turned to by its key only."""
        self._history.show_rows(rows)

    def show_preview(self, image: QImage) -> None:
        """Show a picture from the camera."""
        self._camera.show_preview(image)

    def set_camera(self, *, on: bool) -> None:
        """Open or close the camera panel, as its key does."""
        self._camera_is_on = on
        self._camera.setVisible(on)
        if not on:
            self._camera.show_state(CameraState.off)
        self._keys.show_state(key_bar.CAMERA, is_on=on)
        self._tell_camera()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take on the measures that fit the new height."""
        super().resizeEvent(event)
        sizes = sizes_for(self.height(), self._options.font_percent)
        if sizes != self._sizes:
            self._sizes = sizes
            dress(self, sizes)
            for part in (self._status, self._banner, self._camera, self._ready):
                part.set_sizes(sizes)
            self._history.set_sizes(sizes)
            self._keys.set_sizes(sizes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit typed while a verdict is shown begins the next code."""
        begins_code = event.text().isdigit() and self.page is Page.verdict
        if not begins_code or self._card.is_unfinished:
            super().keyPressEvent(event)
            return
        self._leave_verdict()
        self._ready.keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The camera may run again."""
        super().showEvent(event)
        self._tell_camera()
        if not event.spontaneous():
            # After the first paint, before the first customer.
            QTimer.singleShot(PREPARE_AFTER_MS, self, self._prepare_card)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody can see the camera's picture."""
        super().hideEvent(event)
        self._tell_camera()

    def changeEvent(self, event: QEvent) -> None:
        """Notice being minimised, restored or made as large as the screen."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self._tell_camera()
            self._keys.show_state(key_bar.FULL_SCREEN, is_on=self.isFullScreen())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Release the camera before the window goes."""
        self.set_camera(on=False)
        super().closeEvent(event)

    def _press(self, action: KeyAction) -> None:
        doings: dict[KeyAction, Callable[[], None]] = {
            key_bar.MANUAL: self._type_code,
            key_bar.HISTORY: self._toggle_history,
            key_bar.SYNC: self.sync_requested.emit,
            key_bar.CAMERA: lambda: self.set_camera(on=not self._camera_is_on),
            key_bar.FULL_SCREEN: self._toggle_full_screen,
            key_bar.CLOSE: self._close_page,
        }
        doings[action]()
        # A click has toggled the button already; the state decides.
        self._show_keys()

    def _type_code(self) -> None:
        if self._leave_verdict():
            self._turn_to(Page.ready)
            self._ready.begin_typing()

    def _toggle_history(self) -> None:
        if self.page is Page.history:
            self._turn_to(Page.ready)
        elif self._leave_verdict():
            self.history_wanted.emit()
            self._turn_to(Page.history)
            self._history.begin_search()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _close_page(self) -> None:
        if self.page is Page.history:
            self._turn_to(Page.ready)
        elif self.page is Page.verdict:
            self._leave_verdict()
        else:
            self._ready.wait_for_scan()

    def _leave_verdict(self) -> bool:
        """Close a finished verdict; false where one waits for its outcome and stays."""
        if self.page is not Page.verdict:
            return True
        if self._card.is_unfinished:
            return False
        self._card.dismiss()
        self._end_verdict()
        return True

    def _end_verdict(self) -> None:
        self._turn_to(Page.ready)
        self.verdict_closed.emit()

    def _end_receiving(self) -> None:
        self._receiving_ends.stop()
        self._ready.show_receiving(receiving=False)
        self._status.show_receiving(receiving=False)

    def _turn_to(self, page: Page) -> None:
        self._pages.setCurrentIndex(tuple(Page).index(page))
        self._keys.setVisible(page is not Page.verdict)
        if page is Page.ready:
            self._ready.wait_for_scan()
        elif page is Page.verdict:
            self._card.setFocus()
        self._show_keys()

    def _show_keys(self) -> None:
        self._keys.show_state(key_bar.HISTORY, is_on=self.page is Page.history)
        self._keys.show_state(key_bar.CAMERA, is_on=self._camera_is_on)
        self._keys.show_state(key_bar.FULL_SCREEN, is_on=self.isFullScreen())

    def _tell_camera(self) -> None:
        wanted = self._camera_is_on and self.isVisible() and not self.isMinimized()
        if wanted is not self._camera_is_wanted:
            self._camera_is_wanted = wanted
            self.camera_wanted.emit(wanted)

    def _retranslate(self) -> None:
        self.setWindowTitle(self._texts(Text.application))

    def _prepare_card(self) -> None:
        if self.page is not Page.verdict:
            self._card.prepare(self._pages.size())

    def _lay_out(self) -> None:
        self.setWindowIcon(app_icon())
        self.setMinimumSize(WIDTH_MIN, HEIGHT_MIN)
        self._banner.hide()
        self._camera.hide()
        self._pages = QStackedWidget()
        for page in (self._ready, self._card, self._history):
            self._pages.addWidget(page)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._status)
        column.addWidget(self._banner)
        column.addWidget(self._pages, 1)
        column.addWidget(self._keys)
        self.setCentralWidget(middle)

    def _connect(self) -> None:
        self._ready.code_entered.connect(self.code_entered)
        self._history.row_opened.connect(self.row_opened)
        self._card.closed.connect(self._end_verdict)
        self._keys.pressed.connect(self._press)
        self._keys.add_shortcuts(self)
        self._receiving_ends.setSingleShot(True)
        self._receiving_ends.timeout.connect(self._end_receiving)
        self._texts.language_changed.connect(self._retranslate)
