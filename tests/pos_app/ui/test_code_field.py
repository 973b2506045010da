"""The field for a typed code: any way of writing twelve digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.ui.code_field import CodeField, code_digits, grouped_digits

pytestmark = pytest.mark.qt


@pytest.fixture
def field(qtbot: QtBot) -> CodeField:
    field = CodeField()
    qtbot.addWidget(field)
    field.show()
    return field


@pytest.mark.parametrize(
    "written",
    [
        "739120458812",
        "7391 2045 8812",
        "7391-2045-8812",
        "７３９１ ２０４５－８８１２",
        "7391２０４５8812",
    ],
)
def test_a_pasted_code_is_grouped(field: CodeField, written: str) -> None:
    QApplication.clipboard().setText(written)
    field.paste()
    assert field.text() == "7391 2045 8812"
    assert field.digits() == "739120458812"


def test_digits_are_grouped_while_they_are_typed(qtbot: QtBot, field: CodeField) -> None:
    seen = []
    for digit in "7391204588123":
        QTest.keyClicks(field, digit)
        seen.append(field.text())
    assert seen[3:6] == ["7391", "7391 2", "7391 20"]
    assert seen[-1] == "7391 2045 8812"


def test_letters_never_appear(qtbot: QtBot, field: CodeField) -> None:
    QTest.keyClicks(field, "7a3b9c")
    assert field.text() == "739"


def test_an_input_methods_full_width_digits_are_taken(field: CodeField) -> None:
    event = QInputMethodEvent("", [])
    event.setCommitString("７３９１２")
    QCoreApplication.sendEvent(field, event)
    assert field.text() == "7391 2"


def test_backspace_takes_a_digit_across_the_space(qtbot: QtBot, field: CodeField) -> None:
    QTest.keyClicks(field, "73912045")
    field.setCursorPosition(5)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "7392 045"
    assert field.cursorPosition() == 3


def test_delete_takes_a_digit_across_the_space(qtbot: QtBot, field: CodeField) -> None:
    QTest.keyClicks(field, "73912045")
    field.setCursorPosition(4)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    assert field.text() == "7391 045"


def test_a_digit_in_the_middle_keeps_the_cursor_beside_it(qtbot: QtBot, field: CodeField) -> None:
    QTest.keyClicks(field, "7391204")
    field.setCursorPosition(2)
    QTest.keyClicks(field, "55")
    assert field.text() == "7355 9120 4"
    assert field.cursorPosition() == 4


@given(st.text(max_size=60))
def test_any_text_yields_at_most_twelve_digits(text: str) -> None:
    digits = code_digits(text)
    assert len(digits) <= 12
    assert code_digits(grouped_digits(digits)) == digits
