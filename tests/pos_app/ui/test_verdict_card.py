"""The verdict: large enough, told apart without colour, and gone in its own time."""

from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontInfo, QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.icons import icon_pixmap
from pos_app.ui.palette import LOOK_COLOURS
from pos_app.ui.texts import Language, Texts
from pos_app.ui.verdict_card import LOOK_ICONS, UNFINISHED_LOOKS, VerdictCard, VerdictTiming
from pos_app.ui.verdict_words import Headline
from pos_app.ui.view_state import Look, VerdictView
from tests.pos_app.ui.samples import verdicts

pytestmark = pytest.mark.qt

WAIT_MS = 5_000
QUICK = VerdictTiming(colour_ms=200, card_ms=900, rest_ms=200)


def shown(qtbot: QtBot, texts: Texts, height: int = 768, width: int = 1366) -> VerdictCard:
    card = VerdictCard(texts, QUICK)
    qtbot.addWidget(card)
    card.resize(width, height)
    card.show()
    qtbot.waitExposed(card)
    return card


def label(card: QWidget, name: str) -> QLabel:
    found = card.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found


def letter_height(widget: QWidget) -> int:
    return QFontInfo(widget.font()).pixelSize()


def pixel(card: VerdictCard, x: int, y: int) -> str:
    return QColor(card.grab().toImage().pixel(x, y)).name().upper()


class TestSizes:
    @pytest.mark.parametrize(("width", "height"), [(960, 540), (1366, 768), (1920, 1080)])
    def test_a_headline_is_a_fourteenth_of_the_window(
        self, qtbot: QtBot, texts: Texts, width: int, height: int
    ) -> None:
        card = shown(qtbot, texts, height, width)
        card.show_verdict(verdicts(texts)["ok"])
        headline = card.findChild(Headline)
        assert headline is not None
        assert letter_height(headline) >= height / 14

    def test_sentences_are_large_at_1080_lines(self, qtbot: QtBot, texts: Texts) -> None:
        card = shown(qtbot, texts, 1080, 1920)
        card.show_verdict(verdicts(texts)["error"])
        assert letter_height(label(card, "reason")) >= 28
        assert letter_height(label(card, "nextStep")) >= 28
        assert letter_height(label(card, "factValue")) >= 18
        assert letter_height(label(card, "factLabel")) >= 18
        button = card.findChild(QPushButton)
        assert isinstance(button, QPushButton)
        assert button.height() >= 48


class TestLooks:
    def test_every_look_has_its_own_icon(self) -> None:
        assert set(LOOK_ICONS) == set(Look)
        assert len(set(LOOK_ICONS.values())) == len(Look)

    @pytest.mark.parametrize("name", ["ok", "warn", "error", "checking", "offline-ok"])
    def test_the_ground_has_the_looks_colour(self, qtbot: QtBot, texts: Texts, name: str) -> None:
        card = shown(qtbot, texts)
        view = verdicts(texts)[name]
        card.show_verdict(view)
        colours = LOOK_COLOURS[view.look]
        assert pixel(card, 4, 300) in {colours.background, colours.stripe}

    def test_only_a_pending_success_is_striped(self, qtbot: QtBot, texts: Texts) -> None:
        card = shown(qtbot, texts)
        striped = set()
        for name, view in verdicts(texts).items():
            card.show_verdict(view)
            image = card.grab().toImage()
            if len({image.pixel(x, 30) for x in range(0, 1366, 7)}) > 1:
                striped.add(name)
        assert striped == {"offline-ok"}

    @pytest.mark.usefixtures("qapp")
    def test_icons_differ_in_shape_where_colours_are_not_seen(self) -> None:
        side = 48
        shapes = []
        for icon in LOOK_ICONS.values():
            image = icon_pixmap(icon, side, "#000000").toImage()
            grey = QImage(image.size(), QImage.Format.Format_RGB32)
            grey.fill(QColor("#808080"))
            painter = QPainter(grey)
            painter.drawImage(0, 0, image)
            painter.end()
            dots = [(x, y) for x in range(side) for y in range(side)]
            shapes.append([QColor(grey.pixel(x, y)).lightness() // 64 for x, y in dots])
        for one, other in combinations(shapes, 2):
            different = sum(a != b for a, b in zip(one, other, strict=True))
            assert different / side**2 > 0.1

    def test_it_says_everything_it_was_given(self, qtbot: QtBot, texts: Texts) -> None:
        card = shown(qtbot, texts)
        view = verdicts(texts)["ok"]
        card.show_verdict(view)
        said = {found.text() for found in card.findChildren(QLabel) if found.isVisible()}
        assert {view.headline, view.reason, view.next_step} <= said
        assert {word for fact in view.facts for word in fact} <= said
        assert card.accessibleName() == view.headline

    def test_a_verdict_leaves_nothing_of_the_one_before(self, qtbot: QtBot, texts: Texts) -> None:
        card = shown(qtbot, texts)
        for name in ("ok", "warn", "checking"):
            card.show_verdict(verdicts(texts)[name])
        visible = {found.text() for found in card.findChildren(QLabel) if found.isVisible()}
        assert visible == {"Checking online", "Waiting for the server's answer. One moment.", ""}

    def test_attention_is_a_strip_of_its_own(self, qtbot: QtBot, texts: Texts) -> None:
        card = shown(qtbot, texts)
        card.show_verdict(VerdictView(Look.ok, "Redeemed", "Recorded.", attention="Check the ID"))
        assert any(found.text() == "Check the ID" for found in card.findChildren(QLabel))
        assert pixel(card, 4, 4) == "#111111"


class TestTime:
    def test_a_success_gives_up_its_colour_and_then_its_place(
        self, qtbot: QtBot, texts: Texts
    ) -> None:
        card = shown(qtbot, texts)
        with qtbot.waitSignal(card.closed, timeout=WAIT_MS):
            card.show_verdict(verdicts(texts)["ok"])
            assert pixel(card, 700, 300) != "#FFFFFF"
            qtbot.waitUntil(lambda: pixel(card, 1300, 30) == "#FFFFFF", timeout=WAIT_MS)

    @pytest.mark.parametrize("name", ["warn", "error", "offline-ok"])
    def test_anything_else_keeps_its_colour_to_the_end(
        self, qtbot: QtBot, texts: Texts, name: str
    ) -> None:
        card = shown(qtbot, texts)
        view = verdicts(texts)[name]
        card.show_verdict(view)
        colours = LOOK_COLOURS[view.look]
        with qtbot.waitSignal(card.closed, timeout=WAIT_MS):
            qtbot.waitUntil(lambda: card._countdown.run_ms > 600, timeout=WAIT_MS)
            assert pixel(card, 4, 300) in {colours.background, colours.stripe}

    @pytest.mark.parametrize("name", ["checking", "unknown-outcome"])
    def test_what_is_not_decided_never_goes_by_itself(
        self, qtbot: QtBot, texts: Texts, name: str
    ) -> None:
        card = shown(qtbot, texts)
        view = verdicts(texts)[name]
        assert view.look in UNFINISHED_LOOKS
        with qtbot.assertNotEmitted(card.closed, wait=1_300):
            card.show_verdict(view)
        assert not any(button.isVisible() for button in card.findChildren(QPushButton))

    def test_a_moving_mouse_holds_the_time_and_a_resting_one_does_not(
        self, qtbot: QtBot, texts: Texts
    ) -> None:
        card = shown(qtbot, texts)
        card.show_verdict(verdicts(texts)["error"])
        held = []
        for place in (QPoint(300, 300), QPoint(320, 310)):
            self.move(card, place)
            held.append(card._countdown.is_held)
        assert held == [False, True]
        assert label(card, "left").text() == "Stays open"
        qtbot.waitUntil(lambda: not card._countdown.is_held, timeout=WAIT_MS)

    def test_a_leaving_mouse_lets_the_time_run_on(self, qtbot: QtBot, texts: Texts) -> None:
        card = shown(qtbot, texts)
        card.show_verdict(verdicts(texts)["error"])
        QTest.mousePress(card, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
        assert card._countdown.is_held
        with qtbot.waitSignal(card.closed, timeout=WAIT_MS):
            QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))

    def test_a_new_verdict_begins_its_own_time(self, qtbot: QtBot, texts: Texts) -> None:
        card = shown(qtbot, texts)
        card.show_verdict(verdicts(texts)["ok"])
        qtbot.waitUntil(lambda: card._countdown.run_ms > 500, timeout=WAIT_MS)
        card.show_verdict(verdicts(texts)["warn"])
        assert card._countdown.run_ms < 200

    def test_the_button_closes_it(self, qtbot: QtBot, texts: Texts) -> None:
        card = shown(qtbot, texts)
        card.show_verdict(verdicts(texts)["warn"])
        button = card.findChild(QPushButton)
        assert isinstance(button, QPushButton)
        with qtbot.waitSignal(card.closed, timeout=WAIT_MS):
            button.click()

    @staticmethod
    def move(card: VerdictCard, to: QPoint) -> None:
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(to),
            QPointF(card.mapToGlobal(to)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(card, event)


def test_its_buttons_change_their_language_at_once(qtbot: QtBot, texts: Texts) -> None:
    card = shown(qtbot, texts)
    card.show_verdict(verdicts(texts)["warn"])
    texts.set_language(Language.chinese)
    button = card.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    assert button.text() == "Esc  关闭"
    assert label(card, "left").text().endswith("秒后返回")
