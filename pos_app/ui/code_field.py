"""The field in which a person types a redemption code."""

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_app.ui.scan_line_edit import ScanLineEdit
from shared.voucher_code import CODE_DIGITS

GROUP_DIGITS = 4


def code_digits(text: str) -> str:
    """The digits of what was typed or pasted, full-width ones too; at most a code's length."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(char for char in plain if char.isascii() and char.isdigit())[:CODE_DIGITS]


def grouped_digits(digits: str) -> str:
    """Digits in groups of four, as they are printed: `1234 5678 9012`."""
    return " ".join(
        digits[start : start + GROUP_DIGITS] for start in range(0, len(digits), GROUP_DIGITS)
    )


class CodeField(ScanLineEdit):
    """Takes digits in any writing, spaces and hyphens, and shows them in groups of four."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textEdited.connect(self._group)

    def digits(self) -> str:
        """What has been entered so far, 0 to 12 digits."""
        return code_digits(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Backspace and Delete take a digit, not the space between two groups."""
        text, cursor = self.text(), self.cursorPosition()
        if event.key() == Qt.Key.Key_Backspace and text[cursor - 1 : cursor] == " ":
            self.setCursorPosition(cursor - 1)
        elif event.key() == Qt.Key.Key_Delete and text[cursor : cursor + 1] == " ":
            self.setCursorPosition(cursor + 1)
        super().keyPressEvent(event)

    def _group(self, text: str) -> None:
        before_cursor = code_digits(text[: self.cursorPosition()])
        grouped = grouped_digits(code_digits(text))
        if grouped == text:
            return
        self.setText(grouped)
        self.setCursorPosition(len(grouped_digits(before_cursor)))
