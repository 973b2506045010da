"""Says, the first time the line goes down, what goes on, what rests and what not to do."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pos_app.ui.setup_texts import SetupText, setup_text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import dress, letters, sizes_for

WIDTH_MIN = 620
MARGIN = 32
GAP = 16


class OfflineGuide(QDialog):
    """Stands beside the work: it takes no key, and the next scan closes it.

    Args:
        texts: tells the language of the moment.
        parent: the window.
    """

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setMinimumWidth(WIDTH_MIN)
        self.setObjectName("page")
        sizes = sizes_for(parent.window().height())
        dress(self, sizes)
        self._letters = letters(sizes.body)
        self.setWindowTitle(self._said(SetupText.offline_headline))
        self._checks = self._label(SetupText.offline_checks)
        self._checks.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        headline = self._label(SetupText.offline_headline)
        headline.setProperty("role", "title")
        card = QFrame()
        card.setObjectName("card")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        column = QVBoxLayout(card)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        column.addWidget(headline)
        for text in (SetupText.offline_works, SetupText.offline_rests, SetupText.offline_never):
            column.addWidget(self._label(text))
        column.addWidget(self._checks)
        row = QHBoxLayout()
        row.addWidget(self._button(SetupText.offline_understood, "primary", self.accept))
        row.addWidget(self._button(SetupText.offline_troubleshoot, "", self._show_checks))
        row.addStretch(1)
        column.addLayout(row)

    def _show_checks(self) -> None:
        self._checks.show()
        self.adjustSize()

    def _label(self, text: SetupText) -> QLabel:
        label = QLabel(self._said(text))
        label.setFont(self._letters)
        label.setWordWrap(True)
        return label

    def _button(self, text: SetupText, name: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(self._said(text))
        button.setObjectName(name)
        button.setFont(self._letters)
        # A scanner's Enter must not answer for the cashier.
        button.setAutoDefault(False)
        button.clicked.connect(do)
        return button

    def _said(self, text: SetupText) -> str:
        return setup_text(self._texts.language, text)
