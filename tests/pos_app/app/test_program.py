"""The wired till: real keys in, real server behind, what people see out."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from pos_app.app.program import Program
from pos_app.devices.monotonic import counter_ms
from pos_app.ui.offline_guide import OfflineGuide
from pos_app.ui.setup_window import SetupPage
from pos_app.ui.texts import Language, Texts
from pos_app.ui.window_options import Page
from server.tills import service as tills
from shared.ids import TillId
from tests.pos_app.app.tills_at_work import confirm, open_backstage, options, pair, synced
from tests.server.api.running_server import World

pytestmark = pytest.mark.qt

WAIT_MS = 20_000
Start = Callable[..., Program]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "till"


def started(qtbot: QtBot, folder: Path, **changes: object) -> Program:
    folder.mkdir(exist_ok=True)
    texts = Texts(Language.english, ZoneInfo("Asia/Shanghai"))
    program = Program(options(folder, language="en", **changes), texts)
    qtbot.addWidget(program.counter.window)
    qtbot.addWidget(program.enrolment.window)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    program.begin(application)
    return program


@pytest.fixture
def start(qtbot: QtBot, folder: Path) -> Iterator[Start]:
    programs: list[Program] = []

    def begin(**changes: object) -> Program:
        programs.append(started(qtbot, folder, **changes))
        return programs[-1]

    yield begin
    application = QApplication.instance()
    assert application is not None
    for program in programs:
        application.removeEventFilter(program.wedge)
        program.close()


def gun(program: Program, text: str) -> None:
    """A barcode gun: a key every 5 ms by the system's own stamps, then Enter."""
    handle = program.front().windowHandle()
    now_ms = counter_ms()
    keys = [(0, character) for character in text] + [(Qt.Key.Key_Return, "\r")]
    for number, (key, character) in enumerate(keys):
        event = QKeyEvent(
            QEvent.Type.KeyPress, key or ord(character), Qt.KeyboardModifier.NoModifier, character
        )
        event.setTimestamp(now_ms + 5 * number)
        QApplication.sendEvent(handle, event)


def headline(program: Program) -> str:
    card = program.counter.window.findChild(QLabel, "headline")
    assert card is not None
    return card.text()


def rows(folder: Path, table: str) -> int:
    with sqlite3.connect(folder / "till.sqlite") as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_from_a_fresh_machine_to_the_first_redemption(
    qtbot: QtBot, folder: Path, world: World, shop: int, start: Start
) -> None:
    program = start(server_url=world.base_url)
    window = program.enrolment.window
    qtbot.waitUntil(lambda: window.page is SetupPage.pairing, timeout=WAIT_MS)
    field = window.findChild(QLineEdit, "pairingCode")
    assert field is not None
    gun(program, world.code(shop))
    qtbot.waitUntil(lambda: len(field.text()) == 8, timeout=WAIT_MS)
    button = window.findChild(QPushButton, "primary")
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: window.page is SetupPage.comparing, timeout=WAIT_MS)
    confirm(world, folder)
    [voucher] = world.sell(1, store=shop)
    qtbot.waitUntil(lambda: program.front() is program.counter.window, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: rows(folder, "feed_grant") == 1, timeout=WAIT_MS)
    gun(program, voucher.code)
    counter = program.counter.window
    qtbot.waitUntil(lambda: counter.page is Page.verdict, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "Redeemed" in headline(program), timeout=WAIT_MS)


def test_started_without_a_network_it_redeems_what_it_holds(
    qtbot: QtBot, folder: Path, world: World, shop: int, start: Start
) -> None:
    with open_backstage(folder) as (stage, ears):
        pair(stage, world, folder, shop)
        [voucher] = world.sell(1, store=shop)
        ears.until(lambda: stage.status()[0].vouchers == 1 and synced(stage))
    with sqlite3.connect(folder / "till.sqlite") as database:
        database.execute("UPDATE state SET server_url = 'http://127.0.0.1:9'")
    program = start()
    counter = program.counter.window
    assert program.front() is counter
    gun(program, voucher.code)  # while the database is still being opened
    qtbot.waitUntil(lambda: "Redeemed" in headline(program), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(counter.findChildren(OfflineGuide)) == 1, timeout=WAIT_MS)
    [guide] = counter.findChildren(OfflineGuide)
    assert guide.isVisible()
    gun(program, "hello world")
    qtbot.waitUntil(lambda: "Incomplete" in headline(program), timeout=WAIT_MS)
    assert not guide.isVisible()  # the next scan goes before any advice
    with sqlite3.connect(folder / "till.sqlite") as database:
        kinds = [row[0] for row in database.execute("SELECT kind FROM journal ORDER BY seq")]
    assert kinds == ["redeem", "refused"]


@pytest.mark.expects_log("database is damaged")
def test_a_damaged_database_is_kept_aside_and_the_till_asks_to_be_paired(
    qtbot: QtBot, folder: Path, start: Start
) -> None:
    folder.mkdir()
    (folder / "till.sqlite").write_bytes(b"tea " * 4096)
    program = start()
    window = program.enrolment.window
    qtbot.waitUntil(lambda: window.page is SetupPage.pairing, timeout=WAIT_MS)
    said = " ".join(label.text() for label in window.findChildren(QLabel))
    assert "damaged" in said
    assert list(folder.glob("till.sqlite.damaged-*"))


def test_switched_off_by_headquarters_it_says_so_and_can_be_paired_again(
    qtbot: QtBot, folder: Path, world: World, shop: int, start: Start
) -> None:
    with open_backstage(folder) as (stage, ears):
        pair(stage, world, folder, shop)
        ears.until(lambda: synced(stage))
        identity = stage._paired_till().identity()
    program = start()
    window = program.enrolment.window
    qtbot.waitUntil(lambda: program.counter._status is not None, timeout=WAIT_MS)
    world.do(lambda uow: tills.revoke(uow, TillId(identity.till), None))
    qtbot.waitUntil(lambda: program.front() is window, timeout=WAIT_MS)
    button = window.findChild(QPushButton, "primary")
    assert button is not None
    qtbot.waitUntil(lambda: window.page is SetupPage.ended and button.isEnabled(), timeout=WAIT_MS)
    button.click()
    qtbot.waitUntil(lambda: window.page is SetupPage.pairing, timeout=WAIT_MS)
    assert list(folder.glob("till.sqlite.ended-*"))
