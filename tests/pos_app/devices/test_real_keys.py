"""The till's window and the wedge filter under an X server, with keys that xdotool sends."""

import subprocess
from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from pos_app.core.wedge_burst import BurstSettings
from pos_app.devices.wedge import WedgeFilter
from pos_app.ui.code_field import CodeField
from pos_app.ui.main_window import MainWindow
from pos_app.ui.texts import Language, Texts
from pos_app.ui.window_options import Page
from shared.voucher_code import code_from_body, parse_code
from tests.pos_app.ui.samples import ONLINE, READY, ZONE, verdicts

pytestmark = pytest.mark.xvfb

CODE = code_from_body(73_912_045_881)
TOKEN = "7Q2K9M4X8R1T6W3Y5Z0A2C4E6G8J1M3P5S7V9X"
WAIT_MS = 15_000
PERSON_DELAY_MS = 300
"""What xdotool is told; it waits half of that between two keys."""


def _is_over(program: subprocess.Popen[bytes]) -> bool:
    return program.poll() is not None


class Counter:
    """A till at which scans and typed codes are written down."""

    def __init__(self, qtbot: QtBot, application: QApplication) -> None:
        self.qtbot = qtbot
        self.texts = Texts(Language.english, ZONE)
        self.window = MainWindow(self.texts, READY, ONLINE)
        qtbot.addWidget(self.window)
        self.wedge = WedgeFilter(BurstSettings(), lambda text: parse_code(text) is not None)
        self.wedge.install(application)
        self.scans: list[str] = []
        self.typed: list[str] = []
        self.syncs = 0
        self.wedge.scanned.connect(lambda scan: self.scans.append(scan.text))
        self.window.code_entered.connect(self.typed.append)
        self.window.sync_requested.connect(self._sync)
        self.window.show()
        self.window.activateWindow()
        with qtbot.waitActive(self.window):
            pass

    def _sync(self) -> None:
        self.syncs += 1

    def send(self, *commands: Sequence[str]) -> None:
        """Let xdotool press keys, and take part in events until it is done."""
        for command in commands:
            keys = subprocess.Popen(["xdotool", *command])
            self.qtbot.waitUntil(partial(_is_over, keys), timeout=WAIT_MS)
            assert keys.returncode == 0

    def scan(self, text: str, delay_ms: int) -> None:
        self.send(("type", "--delay", str(delay_ms), text), ("key", "Return"))

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.wedge._burst.is_holding, timeout=WAIT_MS)
        QApplication.processEvents()


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication) -> Iterator[Counter]:
    counter = Counter(qtbot, qapp)
    yield counter
    qapp.removeEventFilter(counter.wedge)


@pytest.mark.parametrize("delay_ms", [1, 5, 20])
@pytest.mark.parametrize("text", [CODE, TOKEN])
def test_a_scan_is_caught_while_a_button_has_the_focus(
    counter: Counter, text: str, delay_ms: int
) -> None:
    button = next(
        button for button in counter.window.findChildren(QPushButton) if "F5" in button.text()
    )
    button.setFocus()
    counter.scan(text, delay_ms)
    counter.qtbot.waitUntil(lambda: counter.scans == [text], timeout=WAIT_MS)
    counter.settle()
    assert counter.syncs == 0
    assert counter.scans == [text]


def test_a_line_feed_ends_a_scan_too(counter: Counter) -> None:
    counter.send(("type", "--delay", "2", f"{CODE}\n"))
    counter.qtbot.waitUntil(lambda: counter.scans == [CODE], timeout=WAIT_MS)


def test_a_scan_into_the_search_field_leaves_it_empty(counter: Counter) -> None:
    counter.send(("key", "F3"))
    counter.qtbot.waitUntil(lambda: counter.window.page is Page.history, timeout=WAIT_MS)
    counter.scan(CODE, 3)
    counter.qtbot.waitUntil(lambda: counter.scans == [CODE], timeout=WAIT_MS)
    field = counter.window.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == ""


def test_a_person_types_a_code(counter: Counter) -> None:
    counter.send(("key", "F2"))
    counter.scan(CODE, PERSON_DELAY_MS)
    counter.qtbot.waitUntil(lambda: counter.typed == [CODE], timeout=WAIT_MS)
    assert counter.scans == []


def test_a_person_begins_to_type_without_choosing_the_field(counter: Counter) -> None:
    counter.scan(CODE, PERSON_DELAY_MS)
    counter.qtbot.waitUntil(lambda: counter.typed == [CODE], timeout=WAIT_MS)
    assert counter.scans == []


def test_twenty_scans_come_out_in_order(counter: Counter) -> None:
    codes = [code_from_body(number * 7_919) for number in range(20)]
    for code in codes:
        counter.scan(code, 1)
    counter.qtbot.waitUntil(lambda: len(counter.scans) == len(codes), timeout=WAIT_MS)
    assert counter.scans == codes


def test_a_scan_on_a_verdict_is_the_next_customers(counter: Counter) -> None:
    counter.window.show_verdict(verdicts(counter.texts)["ok"])
    counter.scan(CODE, 2)
    counter.qtbot.waitUntil(lambda: counter.scans == [CODE], timeout=WAIT_MS)
    assert counter.window.page is Page.verdict
    field = counter.window.findChild(CodeField)
    assert isinstance(field, CodeField)
    assert field.text() == ""
