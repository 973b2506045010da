"""Asks the cashier what only the cashier knows: whether the goods of a doubtful scan are gone."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_app.ui.setup_texts import SetupText, setup_text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import dress, sizes_for

BUTTON_HEIGHT = 64
WIDTH_MIN = 620


class DoubtPrompt(QDialog):
    """Stays until it is answered or the server's answer comes; scanning goes on meanwhile.

    Signals:
        answered: true where the goods were handed over, as a `bool`.

    Args:
        texts: tells the language of the moment.
        eid: the event in doubt.
        last_four: end of the voucher's code.
        parent: the window.
    """

    answered = Signal(bool)

    def __init__(self, texts: Texts, eid: UUID, last_four: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.eid = eid
        self.setModal(False)
        self.setMinimumWidth(WIDTH_MIN)
        dress(self, sizes_for(parent.window().height()))
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, on=False)
        language = texts.language
        self.setWindowTitle(setup_text(language, SetupText.window_title))
        headline = QLabel(setup_text(language, SetupText.doubt_headline, last_four=last_four))
        headline.setProperty("role", "title")
        headline.setWordWrap(True)
        explained = QLabel(setup_text(language, SetupText.doubt_explained))
        explained.setWordWrap(True)
        yes = _button(setup_text(language, SetupText.doubt_yes), "handedOver")
        no = _button(setup_text(language, SetupText.doubt_no), "notHandedOver")
        yes.clicked.connect(lambda: self._answer(handed_over=True))
        no.clicked.connect(lambda: self._answer(handed_over=False))
        row = QHBoxLayout()
        row.addWidget(yes)
        row.addWidget(no)
        column = QVBoxLayout(self)
        column.addWidget(headline)
        column.addWidget(explained)
        column.addLayout(row)

    def reject(self) -> None:
        """Escape answers nothing: the question stays."""

    def _answer(self, *, handed_over: bool) -> None:
        self.answered.emit(handed_over)
        self.accept()


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setMinimumHeight(BUTTON_HEIGHT)
    # A scanner's Enter or a stray key must not answer for the cashier.
    button.setAutoDefault(False)
    return button
