"""The wedge filter in front of real widgets, fed with key events that carry their own times."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.core.scan import Scan, ScanSource
from pos_app.core.wedge_burst import BurstFault, BurstRejected, BurstSettings
from pos_app.devices.wedge import WedgeFilter
from pos_app.ui.scan_line_edit import ScanLineEdit

pytestmark = pytest.mark.qt

CODE = "739120458812"
KEYS = {"\r": Qt.Key.Key_Return, "\n": Qt.Key.Key_unknown, "\t": Qt.Key.Key_Tab}
WAIT_MS = 2000


class Counter(QWidget):
    """A window with a button and two fields, and the filter's signals written down."""

    def __init__(self, wedge: WedgeFilter) -> None:
        super().__init__()
        self.wedge = wedge
        self.button = QPushButton("Redeem", self)
        self.button.setAutoDefault(True)
        self.field = ScanLineEdit(self)
        self.notes = QLineEdit(self)
        layout = QVBoxLayout(self)
        for widget in (self.button, self.field, self.notes):
            layout.addWidget(widget)
        self.pressed = 0
        self.entered = 0
        self.button.clicked.connect(self._press)
        self.field.returnPressed.connect(self._enter)
        self.scans: list[Scan] = []
        self.rejected: list[BurstRejected] = []
        self.receiving = 0
        wedge.scanned.connect(self.scans.append)
        wedge.rejected.connect(self.rejected.append)
        wedge.receiving.connect(self._receive)
        self.at_ms = 1_000_000

    def _press(self) -> None:
        self.pressed += 1

    def _enter(self) -> None:
        self.entered += 1

    def _receive(self) -> None:
        self.receiving += 1

    def send(self, event: QKeyEvent) -> None:
        event.setTimestamp(self.at_ms)
        QCoreApplication.sendEvent(self.windowHandle(), event)

    def key(self, text: str, gap_ms: int, *, repeat: bool = False) -> None:
        self.at_ms += gap_ms
        key = KEYS.get(text, Qt.Key(ord(text.upper())))
        upper = text.isupper()
        modifiers = Qt.KeyboardModifier.ShiftModifier if upper else Qt.KeyboardModifier.NoModifier
        shift = Qt.KeyboardModifier.NoModifier
        if upper:
            self.send(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, shift))
        self.send(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, repeat))
        self.send(QKeyEvent(QEvent.Type.KeyRelease, key, modifiers, text, repeat))
        if upper:
            self.send(QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Shift, shift))

    def type(self, text: str, gap_ms: int) -> None:
        for char in text:
            self.key(char, gap_ms)


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication) -> Iterator[Counter]:
    wedge = WedgeFilter(BurstSettings(), lambda text: text.isdigit() and len(text) == 12)
    wedge.install(qapp)
    window = Counter(wedge)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    window.button.setFocus()
    yield window
    qapp.removeEventFilter(wedge)


def settle(qtbot: QtBot, counter: Counter) -> None:
    """Wait until the filter has judged every key and told what it posted."""
    qtbot.waitUntil(lambda: not counter.wedge._burst.is_holding, timeout=WAIT_MS)
    QApplication.processEvents()


def texts(counter: Counter) -> list[str]:
    return [scan.text for scan in counter.scans]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", ""])
@pytest.mark.parametrize("gap_ms", [1, 20, 50])
def test_a_scan_redeems_once_and_presses_no_button(
    qtbot: QtBot, counter: Counter, end: str, gap_ms: int
) -> None:
    counter.type(CODE + end, gap_ms)
    qtbot.waitUntil(lambda: texts(counter) == [CODE], timeout=WAIT_MS)
    settle(qtbot, counter)
    assert texts(counter) == [CODE]
    assert counter.scans[0].source is ScanSource.wedge
    assert counter.pressed == 0
    assert counter.focusWidget() is counter.button


def test_a_scan_into_a_field_leaves_nothing_in_it(qtbot: QtBot, counter: Counter) -> None:
    counter.field.setFocus()
    counter.type(CODE + "\r", 5)
    settle(qtbot, counter)
    assert texts(counter) == [CODE]
    assert counter.field.text() == ""
    assert counter.entered == 0


def test_a_person_types_into_a_field_letter_by_letter(qtbot: QtBot, counter: Counter) -> None:
    counter.notes.setFocus()
    counter.type("Ring Mr Li", 130)
    settle(qtbot, counter)
    assert counter.notes.text() == "Ring Mr Li"
    assert counter.scans == []


def test_a_person_types_a_code_and_presses_enter(qtbot: QtBot, counter: Counter) -> None:
    counter.field.setFocus()
    counter.type(CODE + "\r", 130)
    settle(qtbot, counter)
    assert counter.field.text() == CODE
    assert counter.entered == 1
    assert counter.scans == []


def test_upper_case_letters_come_with_shift_keys_in_between(qtbot: QtBot, counter: Counter) -> None:
    counter.type("7Q2K9M4X8R1T6W3Y5Z0A\r", 3)
    settle(qtbot, counter)
    assert texts(counter) == ["7Q2K9M4X8R1T6W3Y5Z0A"]


def test_receiving_is_told_before_the_scan_is_complete(qtbot: QtBot, counter: Counter) -> None:
    counter.type(CODE[:6], 10)
    qtbot.waitUntil(lambda: counter.receiving == 1, timeout=WAIT_MS)
    assert counter.scans == []


def test_a_partial_scan_is_reported(qtbot: QtBot, counter: Counter) -> None:
    counter.type("7391\r", 10)
    settle(qtbot, counter)
    assert counter.rejected == [BurstRejected("7391", BurstFault.too_short)]
    assert counter.pressed == 0


def test_space_and_enter_still_press_the_focused_button(qtbot: QtBot, counter: Counter) -> None:
    counter.key(" ", 1000)
    qtbot.waitUntil(lambda: counter.pressed == 1, timeout=WAIT_MS)
    assert counter.scans == []
    assert counter.rejected == []


def test_fast_double_digits_that_x11_calls_repetitions_are_digits(
    qtbot: QtBot, counter: Counter
) -> None:
    counter.key("5", 10)
    for _ in range(3):
        counter.key("5", 0, repeat=True)
    counter.type("12345678\r", 1)
    settle(qtbot, counter)
    assert texts(counter) == ["555512345678"]


def test_a_key_held_down_over_a_button_is_no_scan(qtbot: QtBot, counter: Counter) -> None:
    counter.key("7", 1000)
    settle(qtbot, counter)
    counter.key("7", 400, repeat=True)
    for _ in range(20):
        counter.key("7", 30, repeat=True)
    settle(qtbot, counter)
    assert counter.scans == []
    assert counter.rejected == []


def test_a_key_held_down_repeats_in_a_field(qtbot: QtBot, counter: Counter) -> None:
    counter.notes.setFocus()
    counter.key("a", 1000)
    settle(qtbot, counter)
    counter.key("a", 400, repeat=True)
    for _ in range(2):
        counter.key("a", 30, repeat=True)
    assert counter.notes.text() == "aaaa"


def test_function_keys_pass_in_the_middle_of_everything(qtbot: QtBot, counter: Counter) -> None:
    seen: list[int] = []

    class Listener(QWidget):
        def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
            seen.append(event.key())

    listener = Listener(counter)
    listener.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    listener.show()
    listener.setFocus()
    counter.type("12", 40)
    counter.send(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier))
    assert seen == [Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_F3]


def test_two_scans_without_a_pause_are_told_in_order(qtbot: QtBot, counter: Counter) -> None:
    codes = [f"{number:012d}" for number in range(20)]
    for code in codes:
        counter.type(code + "\r\n", 2)
    settle(qtbot, counter)
    assert texts(counter) == codes


def test_a_scan_is_caught_while_a_dialog_opened_by_a_replayed_key_waits(
    qtbot: QtBot, counter: Counter
) -> None:
    dialog = QDialog(counter)
    accept = QPushButton("OK", dialog)
    accept.setDefault(True)
    counter.button.clicked.connect(dialog.exec)
    counter.key(" ", 1000)

    def scan_into_dialog() -> None:
        for char in CODE + "\r":
            counter.at_ms += 2
            event = QKeyEvent(
                QEvent.Type.KeyPress,
                KEYS.get(char, Qt.Key(ord(char))),
                Qt.KeyboardModifier.NoModifier,
                char,
            )
            event.setTimestamp(counter.at_ms)
            QCoreApplication.sendEvent(dialog.windowHandle(), event)
        still_open.append(dialog.isVisible())
        counter.wedge.scanned.connect(lambda _scan: dialog.reject())

    still_open: list[bool] = []
    # The dialog's own loop runs inside the replayed key, so only a timer can act in it.
    QTimer.singleShot(300, scan_into_dialog)
    qtbot.waitUntil(lambda: texts(counter) == [CODE], timeout=WAIT_MS)
    assert still_open == [True]


def test_the_scan_field_wants_no_input_method(qtbot: QtBot, counter: Counter) -> None:
    assert counter.field.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False
    assert counter.notes.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is True
