"""A scan in doubt: the cashier is asked after a while, unless the answer comes first."""

from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.app.doubts import DoubtFollower
from pos_app.ui.doubt_prompt import DoubtPrompt
from pos_app.ui.texts import Language, Texts

pytestmark = pytest.mark.qt

EID = UUID(int=5)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def follower(window: QWidget, prompt_after_ms: int = 1) -> DoubtFollower:
    texts = Texts(Language.english, ZoneInfo("Asia/Shanghai"))
    return DoubtFollower(texts, window, prompt_after_ms)


def prompts(window: QWidget) -> list[DoubtPrompt]:
    return [prompt for prompt in window.findChildren(DoubtPrompt) if prompt.isVisible()]


@pytest.mark.parametrize(
    ("button", "handed_over"), [("handedOver", True), ("notHandedOver", False)]
)
def test_the_cashiers_answer_is_told(
    qtbot: QtBot, window: QWidget, button: str, handed_over: bool
) -> None:
    doubts = follower(window)
    doubts.follow(EID, "1234")
    qtbot.waitUntil(lambda: len(prompts(window)) == 1)
    choice = prompts(window)[0].findChild(QPushButton, button)
    assert choice is not None
    with qtbot.waitSignal(doubts.answered) as told:
        choice.click()
    assert told.args == [(EID, handed_over)]
    assert prompts(window) == []


def test_enter_and_escape_answer_nothing(qtbot: QtBot, window: QWidget) -> None:
    doubts = follower(window)
    doubts.follow(EID, "1234")
    qtbot.waitUntil(lambda: len(prompts(window)) == 1)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
        qtbot.keyClick(prompts(window)[0], key)  # type: ignore[no-untyped-call]
    assert len(prompts(window)) == 1


def test_an_answer_from_the_server_takes_the_question_away(qtbot: QtBot, window: QWidget) -> None:
    doubts = follower(window)
    doubts.follow(EID, "1234")
    qtbot.waitUntil(lambda: len(prompts(window)) == 1)
    doubts.resolve(EID)
    assert prompts(window) == []


def test_an_answer_in_time_asks_nobody(qtbot: QtBot, window: QWidget) -> None:
    doubts = follower(window, prompt_after_ms=30)
    doubts.follow(EID, "1234")
    doubts.follow(EID, "1234")
    doubts.resolve(EID)
    qtbot.wait(60)
    assert prompts(window) == []
