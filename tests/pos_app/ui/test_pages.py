"""The ready page, the history, the strips: what they show and what they tell."""

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from pos_app.core.device_states import CameraState, ScannerState, SoundState
from pos_app.core.history import HistoryState
from pos_app.core.line import Line
from pos_app.ui.camera_panel import CameraPanel
from pos_app.ui.code_field import CodeField
from pos_app.ui.history_model import COLUMNS, STATE_LOOKS
from pos_app.ui.history_page import HistoryPage
from pos_app.ui.offline_banner import OfflineBanner
from pos_app.ui.ready_page import ReadyPage
from pos_app.ui.status_bar import (
    CAMERA_CHIPS,
    LINE_CHIPS,
    SCANNER_CHIPS,
    SOUND_CHIPS,
    StatusBar,
)
from pos_app.ui.texts import Language, Texts
from pos_app.ui.theme import sizes_for
from pos_app.ui.view_state import OfflineView, ReadyView
from shared.voucher_code import code_from_body
from tests.pos_app.ui.samples import OFFLINE, ONLINE, READY, TROUBLED, history

pytestmark = pytest.mark.qt

WidgetT = TypeVar("WidgetT")
CODE = code_from_body(73_912_045_881)
WRONG_CODE = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)


def visible_words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def only(found: list[WidgetT]) -> WidgetT:
    (one,) = found
    return one


class TestReadyPage:
    @pytest.fixture
    def page(self, qtbot: QtBot, texts: Texts) -> ReadyPage:
        camera = CameraPanel(texts)
        page = ReadyPage(texts, READY, camera)
        camera.hide()
        qtbot.addWidget(page)
        page.set_sizes(sizes_for(768))
        page.resize(1366, 600)
        page.show()
        qtbot.waitExposed(page)
        return page

    def test_it_says_who_and_where_without_a_click(self, page: ReadyPage) -> None:
        words = visible_words(page)
        for word in ("南京东路旗舰店", "1 号收银台", "王小红", "09:00", "Scan or type a code"):
            assert word in words

    def test_it_says_so_when_nobody_is_at_work(self, page: ReadyPage) -> None:
        page.show_ready(ReadyView("Store", "Till", "", None))
        assert {"Nobody signed in", "No shift open"} <= set(visible_words(page))

    def test_a_right_code_is_told_and_the_field_emptied(
        self, qtbot: QtBot, page: ReadyPage
    ) -> None:
        field = only(page.findChildren(CodeField))
        QTest.keyClicks(field, CODE)
        with qtbot.waitSignal(page.code_entered) as told:
            QTest.keyClick(field, Qt.Key.Key_Return)
        assert told.args == [CODE]
        assert field.text() == ""

    def test_a_wrong_check_digit_is_named_before_anyone_is_asked(
        self, qtbot: QtBot, page: ReadyPage
    ) -> None:
        field = only(page.findChildren(CodeField))
        QTest.keyClicks(field, WRONG_CODE)
        with qtbot.assertNotEmitted(page.code_entered):
            QTest.keyClick(field, Qt.Key.Key_Return)
        assert "A digit is wrong. Compare them one by one." in visible_words(page)
        assert not only(page.findChildren(QPushButton)).isEnabled()

    def test_missing_digits_are_counted(self, page: ReadyPage) -> None:
        QTest.keyClicks(only(page.findChildren(CodeField)), CODE[:9])
        assert "Digits missing: 3" in visible_words(page)

    def test_the_button_enters_too(self, qtbot: QtBot, page: ReadyPage) -> None:
        QTest.keyClicks(only(page.findChildren(CodeField)), CODE)
        with qtbot.waitSignal(page.code_entered):
            only(page.findChildren(QPushButton)).click()

    def test_a_digit_pressed_anywhere_goes_into_the_field(self, page: ReadyPage) -> None:
        page.setFocus()
        QTest.keyClicks(page, "739")
        assert only(page.findChildren(CodeField)).text() == "739"

    def test_receiving_replaces_the_prompt(self, page: ReadyPage) -> None:
        page.show_receiving(receiving=True)
        assert "Reading…" in visible_words(page)
        page.show_receiving(receiving=False)
        assert "Reading…" not in visible_words(page)


class TestStatusBar:
    def test_it_knows_every_state(self) -> None:
        assert set(LINE_CHIPS) == set(Line)
        assert set(SCANNER_CHIPS) == set(ScannerState)
        assert set(CAMERA_CHIPS) == set(CameraState)
        assert set(SOUND_CHIPS) == set(SoundState)

    def test_a_good_day_and_a_bad_one(self, qtbot: QtBot, texts: Texts) -> None:
        bar = StatusBar(texts, ONLINE)
        qtbot.addWidget(bar)
        bar.show()
        assert visible_words(bar) == [
            "Online",
            "All uploaded",
            "Synced 35 s ago",
            "Scanner ready",
            "Camera off",
            "Sound on",
        ]
        bar.show_status(TROUBLED)
        assert visible_words(bar) == [
            "Offline",
            "To upload: 128",
            "Synced 1 h ago",
            "No scanner",
            "No picture",
            "No sound",
        ]
        texts.set_language(Language.chinese)
        assert visible_words(bar)[0] == "离线"


class TestOfflineBanner:
    def test_it_says_what_waits_and_what_is_left(self, qtbot: QtBot, texts: Texts) -> None:
        banner = OfflineBanner(texts)
        qtbot.addWidget(banner)
        texts.set_language(Language.chinese)
        banner.show_offline(OFFLINE)
        assert banner.accessibleName() == (
            "离线模式 待上传 12 笔  ·  最早 09:41  ·  还可离线 21 小时 / 488 笔 / ¥12,300.00"
        )

    def test_it_leaves_out_what_is_not_limited(self, qtbot: QtBot, texts: Texts) -> None:
        banner = OfflineBanner(texts)
        qtbot.addWidget(banner)
        banner.show_offline(OfflineView(0, None, None, None, None))
        assert banner.accessibleName() == "Offline To upload: 0"


class TestCameraPanel:
    def test_a_picture_is_shown_only_while_the_camera_runs(
        self, qtbot: QtBot, texts: Texts
    ) -> None:
        panel = CameraPanel(texts)
        qtbot.addWidget(panel)
        panel.resize(400, 400)
        panel.show()
        picture = QImage(640, 360, QImage.Format.Format_RGB32)
        picture.fill(QColor("#FF00FF"))
        panel.show_preview(picture)
        assert "#ff00ff" not in self.colours(panel)
        panel.show_state(CameraState.running)
        panel.show_preview(picture)
        assert "#ff00ff" in self.colours(panel)
        panel.show_state(CameraState.busy)
        assert "#ff00ff" not in self.colours(panel)
        assert "Another program is using the camera" in visible_words(panel)

    @staticmethod
    def colours(panel: CameraPanel) -> set[str]:
        image = panel.grab().toImage()
        column = image.width() // 3
        return {QColor(image.pixel(column, y)).name() for y in range(0, image.height(), 5)}


class TestHistoryPage:
    @pytest.fixture
    def page(self, qtbot: QtBot, texts: Texts) -> HistoryPage:
        page = HistoryPage(texts)
        qtbot.addWidget(page)
        page.set_sizes(sizes_for(768))
        page.resize(1366, 600)
        page.show()
        qtbot.waitExposed(page)
        page.show_rows(history(24))
        return page

    def cells(self, page: HistoryPage, row: int) -> list[str]:
        model = only(page.findChildren(QTableView)).model()
        return [str(model.index(row, column).data()) for column in range(len(COLUMNS))]

    def test_it_knows_every_state(self) -> None:
        assert set(STATE_LOOKS) == set(HistoryState)
        assert len({look.icon for look in STATE_LOOKS.values()}) == len(HistoryState)

    def test_a_row_says_time_result_end_of_code_product_value_and_upload(
        self, page: HistoryPage
    ) -> None:
        assert self.cells(page, 0) == [
            "10:41:37",
            "Redeemed",
            "8812",
            "双人下午茶套餐（周末通用）",
            "1",
            "¥128.00",
            "Done",
        ]

    def test_a_refused_scan_is_listed_with_its_reason(self, page: HistoryPage) -> None:
        assert self.cells(page, 3)[1:] == ["Incomplete code", "—", "—", "—", "—", "Waiting"]

    @pytest.mark.parametrize(
        ("searched", "found"),
        [("8812", 1), ("洗车", 6), ("already", 3), ("洗车 waiting", 3), ("nothing like it", 0)],
    )
    def test_it_is_searched_in_every_column(
        self, page: HistoryPage, searched: str, found: int
    ) -> None:
        only(page.findChildren(QLineEdit)).setText(searched)
        assert only(page.findChildren(QTableView)).model().rowCount() == found
        if found:
            assert f"Showing {found} of 24" in visible_words(page)
        else:
            assert "Nothing matches" in visible_words(page)

    def test_an_empty_day_says_so(self, page: HistoryPage) -> None:
        page.show_rows([])
        assert "Nothing yet today" in visible_words(page)

    def test_enter_opens_the_row_that_is_shown(self, qtbot: QtBot, page: HistoryPage) -> None:
        only(page.findChildren(QLineEdit)).setText("8433")
        table = only(page.findChildren(QTableView))
        table.selectRow(0)
        with qtbot.waitSignal(page.row_opened) as opened:
            QTest.keyClick(table, Qt.Key.Key_Return)
        assert opened.args == [history(24)[1]]

    def test_it_changes_its_language_at_once(self, page: HistoryPage, texts: Texts) -> None:
        texts.set_language(Language.chinese)
        assert self.cells(page, 0)[1] == "核销成功"
        assert "显示 24 条，共 24 条" in visible_words(page)
