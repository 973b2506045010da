"""The window as a whole: pages, keys, and what it tells."""

from collections.abc import Callable
from functools import partial
from statistics import median

import pytest
from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.code_field import CodeField
from pos_app.ui.key_bar import ACTIONS
from pos_app.ui.main_window import MainWindow
from pos_app.ui.texts import Language, Texts
from pos_app.ui.verdict_card import VerdictCard, VerdictTiming
from pos_app.ui.window_options import Page, WindowOptions
from tests.pos_app.ui.samples import OFFLINE, TROUBLED, history, verdicts

pytestmark = pytest.mark.qt

OpenWindow = Callable[..., MainWindow]
WAIT_MS = 5_000


def press(window: MainWindow, key: Qt.Key) -> None:
    """Press a key as a keyboard does, shortcuts included."""
    QTest.keyClick(window.windowHandle(), key)
    QApplication.processEvents()


def visible_words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


class TestKeys:
    def test_f2_begins_a_typed_code_from_any_page(
        self, open_window: OpenWindow, texts: Texts
    ) -> None:
        window = open_window()
        shows: list[Callable[[], None]] = [
            window.show_ready,
            partial(window.show_verdict, verdicts(texts)["warn"]),
            partial(press, window, Qt.Key.Key_F3),
        ]
        for show in shows:
            show()
            press(window, Qt.Key.Key_F2)
            assert window.page is Page.ready
            assert isinstance(window.focusWidget(), CodeField)

    def test_f3_opens_and_closes_the_history(self, qtbot: QtBot, open_window: OpenWindow) -> None:
        window = open_window()
        with qtbot.waitSignal(window.history_wanted):
            press(window, Qt.Key.Key_F3)
        pages = [window.page]
        assert isinstance(window.focusWidget(), QLineEdit)
        press(window, Qt.Key.Key_F3)
        pages.append(window.page)
        assert pages == [Page.history, Page.ready]

    def test_f5_asks_for_a_sync(self, qtbot: QtBot, open_window: OpenWindow) -> None:
        window = open_window()
        with qtbot.waitSignal(window.sync_requested):
            press(window, Qt.Key.Key_F5)

    def test_f6_opens_and_closes_the_camera(self, open_window: OpenWindow) -> None:
        window = open_window()
        wanted: list[bool] = []
        window.camera_wanted.connect(wanted.append)
        press(window, Qt.Key.Key_F6)
        press(window, Qt.Key.Key_F6)
        assert wanted == [True, False]

    def test_f11_fills_the_screen_and_goes_back(
        self, qtbot: QtBot, open_window: OpenWindow
    ) -> None:
        window = open_window()
        press(window, Qt.Key.Key_F11)
        qtbot.waitUntil(window.isFullScreen, timeout=WAIT_MS)
        press(window, Qt.Key.Key_F11)
        qtbot.waitUntil(lambda: not window.isFullScreen(), timeout=WAIT_MS)

    def test_escape_goes_back_to_ready(self, open_window: OpenWindow, texts: Texts) -> None:
        window = open_window()
        press(window, Qt.Key.Key_F3)
        press(window, Qt.Key.Key_Escape)
        assert window.page is Page.ready
        window.show_verdict(verdicts(texts)["error"])
        press(window, Qt.Key.Key_Escape)
        assert window.page is Page.ready

    @pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F2, Qt.Key.Key_F3])
    @pytest.mark.parametrize("name", ["checking", "unknown-outcome"])
    def test_no_key_hides_what_is_not_decided(
        self, open_window: OpenWindow, texts: Texts, key: Qt.Key, name: str
    ) -> None:
        window = open_window()
        window.show_verdict(verdicts(texts)[name])
        press(window, key)
        assert window.page is Page.verdict

    def test_every_key_is_on_a_button_with_a_name(self, open_window: OpenWindow) -> None:
        window = open_window()
        buttons = [button for button in window.findChildren(QPushButton) if button.isVisible()]
        for action in ACTIONS:
            assert any(button.text().split()[:1] == [action.key] for button in buttons)
        assert all(button.accessibleName() or button.text() for button in buttons)

    def test_buttons_do_what_their_keys_do(self, open_window: OpenWindow) -> None:
        window = open_window()
        button = next(
            button for button in window.findChildren(QPushButton) if "F3" in button.text()
        )
        seen = []
        for _ in range(2):
            button.click()
            seen.append((window.page, button.isChecked()))
        assert seen == [(Page.history, True), (Page.ready, False)]

    def test_a_digit_on_a_verdict_begins_the_next_code(
        self, open_window: OpenWindow, texts: Texts
    ) -> None:
        window = open_window()
        window.show_verdict(verdicts(texts)["warn"])
        QTest.keyClicks(window.focusWidget(), "7")
        assert window.page is Page.ready
        field = window.findChild(CodeField)
        assert isinstance(field, CodeField)
        assert field.text() == "7"


class TestVerdicts:
    def test_the_next_verdict_replaces_the_last_at_once(
        self, open_window: OpenWindow, texts: Texts
    ) -> None:
        window = open_window()
        for view in verdicts(texts).values():
            window.show_verdict(view)
            assert window.page is Page.verdict
            assert view.headline in visible_words(window)

    def test_a_verdict_that_is_over_leads_back_to_ready(
        self, qtbot: QtBot, open_window: OpenWindow, texts: Texts
    ) -> None:
        window = open_window(options=WindowOptions(timing=VerdictTiming(100, 300, 100)))
        with qtbot.waitSignal(window.verdict_closed, timeout=WAIT_MS):
            window.show_verdict(verdicts(texts)["ok"])
        assert window.page is Page.ready

    def test_a_verdict_takes_the_focus_from_every_field(
        self, open_window: OpenWindow, texts: Texts
    ) -> None:
        window = open_window()
        press(window, Qt.Key.Key_F2)
        window.show_verdict(verdicts(texts)["ok"])
        assert isinstance(window.focusWidget(), VerdictCard)


class TestReceiving:
    def test_it_is_said_on_every_page_until_the_verdict(
        self, open_window: OpenWindow, texts: Texts
    ) -> None:
        window = open_window()
        shows: list[Callable[[], None]] = [
            window.show_ready,
            partial(press, window, Qt.Key.Key_F3),
        ]
        for show in shows:
            show()
            window.show_receiving()
            assert "Reading…" in visible_words(window)
        window.show_verdict(verdicts(texts)["ok"])
        assert "Reading…" not in visible_words(window)

    def test_a_half_read_code_is_forgotten_after_three_seconds(
        self, qtbot: QtBot, open_window: OpenWindow
    ) -> None:
        window = open_window()
        window.show_receiving()
        qtbot.waitUntil(lambda: "Reading…" not in visible_words(window), timeout=WAIT_MS)


class TestCamera:
    def test_it_is_not_wanted_while_nobody_can_see_it(
        self, qtbot: QtBot, open_window: OpenWindow
    ) -> None:
        window = open_window()
        wanted: list[bool] = []
        window.camera_wanted.connect(wanted.append)
        window.set_camera(on=True)
        window.showMinimized()
        qtbot.waitUntil(lambda: wanted == [True, False], timeout=WAIT_MS)
        window.showNormal()
        qtbot.waitUntil(lambda: wanted == [True, False, True], timeout=WAIT_MS)
        window.hide()
        qtbot.waitUntil(lambda: wanted == [True, False, True, False], timeout=WAIT_MS)

    def test_closing_the_window_releases_it(self, open_window: OpenWindow) -> None:
        window = open_window()
        wanted: list[bool] = []
        window.camera_wanted.connect(wanted.append)
        window.set_camera(on=True)
        window.close()
        assert wanted == [True, False]


def test_the_offline_banner_stays_as_long_as_the_line_is_down(
    open_window: OpenWindow, texts: Texts
) -> None:
    window = open_window()
    window.show_status(TROUBLED)
    window.show_offline(OFFLINE)
    shows: list[Callable[[], None]] = [
        window.show_ready,
        partial(window.show_verdict, verdicts(texts)["offline-ok"]),
        partial(press, window, Qt.Key.Key_Escape),
    ]
    for show in shows:
        show()
        assert any("Oldest 09:41" in words for words in visible_words(window))
    window.show_offline(None)
    assert not any("Oldest" in words for words in visible_words(window))


def test_the_language_changes_everywhere_at_once(open_window: OpenWindow, texts: Texts) -> None:
    window = open_window()
    window.show_history(history(5))
    texts.set_language(Language.chinese)
    words = visible_words(window)
    assert {"请扫码或输入券码", "在线", "终端"} <= set(words)
    assert window.windowTitle() == "核销台"
    texts.set_language(Language.english)
    assert "Scan or type a code" in visible_words(window)


def test_tab_reaches_every_control_and_shows_where_it_is(open_window: OpenWindow) -> None:
    window = open_window()
    reached = set()
    for _ in range(20):
        window.focusNextChild()
        focused = window.focusWidget()
        assert focused is not None
        reached.add(focused.accessibleName())
    assert {"12-digit code", "Enter code F2", "Today F3", "Close Esc"} <= reached
    assert "QPushButton:focus" in window.styleSheet()
    assert "QLineEdit:focus" in window.styleSheet()


def test_a_verdict_is_painted_within_the_time_a_person_feels_as_at_once(
    qtbot: QtBot, open_window: OpenWindow, texts: Texts
) -> None:
    window = open_window()
    card = window.findChild(VerdictCard)
    assert isinstance(card, VerdictCard)
    qtbot.waitUntil(lambda: card.accessibleName() != "", timeout=WAIT_MS)
    clock = QElapsedTimer()
    times_ms = []
    for view in [*verdicts(texts).values()] * 3:
        clock.start()
        window.show_verdict(view)
        card.repaint()
        times_ms.append(clock.elapsed())
    assert median(times_ms) <= 100
    assert max(times_ms) <= 300
