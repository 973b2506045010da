"""The window before the till belongs to a store, and when it does not any more."""

from collections.abc import Callable
from enum import StrEnum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pos_app.core.presented import pairing_code
from pos_app.ui.app_icon import app_icon
from pos_app.ui.scan_line_edit import ScanLineEdit
from pos_app.ui.setup_texts import SetupText, setup_text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import dress, letters, sizes_for

WIDTH = 960
HEIGHT = 720
CARD_WIDTH = 760
CARD_MARGIN = 48
PAGE_MARGIN = 24
ADDRESS_BEGINNINGS = ("https://", "http://")
GAP = 20
MOST_OF_IT = 100
"""Stretch of the card beside 1 for either side: as wide as it may be."""
DIGITS_PIXELS = 96
DIGITS_SPACING_PERCENT = 110


class SetupPage(StrEnum):
    """What the window asks or says."""

    starting = auto()
    """The database is being opened."""
    pairing = auto()
    """Server address and one-time code are wanted."""
    comparing = auto()
    """Headquarters compares six digits."""
    first_sync = auto()
    """The first news of the server are coming."""
    ended = auto()
    """This till may not decide any more."""


class SetupWindow(QWidget):
    """Leads from a fresh machine to a till of a store.

    Signals:
        pair_wanted: server address and pairing code, as a tuple of two `str`.
        gave_up: a person gives up the open pairing.
        pair_again_wanted: a person wants to begin a new life.

    Args:
        texts: tells the language of the moment.
        server_url: filled into the form.
    """

    pair_wanted = Signal(object)
    gave_up = Signal()
    pair_again_wanted = Signal()

    def __init__(self, texts: Texts, server_url: str) -> None:
        super().__init__()
        self._texts = texts
        self.page = SetupPage.starting
        self._said_last: Callable[[], None] = self.show_starting
        self._headline = _label("prompt")
        self._explained = _label("body")
        self._digits = _label("digits")
        self._notice = _label("problem")
        self._address = ScanLineEdit()
        self._address.setObjectName("serverAddress")
        self._address.setText(server_url)
        self._code = ScanLineEdit()
        self._code.setObjectName("pairingCode")
        self._address_label = QLabel()
        self._code_label = QLabel()
        self._form = QWidget()
        self._button = QPushButton()
        self._button.setObjectName("primary")
        # To give up is never the thing to do, so it does not look like it.
        self._give_up = QPushButton()
        self._lay_out()
        self._button.clicked.connect(self._act)
        self._give_up.clicked.connect(self.gave_up)
        self._code.returnPressed.connect(self._act)
        self._address.returnPressed.connect(self._code.setFocus)
        texts.language_changed.connect(self._say_again)
        self.show_starting()

    def show_starting(self) -> None:
        """Say that the till is starting."""
        self._said_last = self.show_starting
        self._say(SetupPage.starting, SetupText.starting, "")

    def show_pairing(self) -> None:
        """Ask for the server's address and the code."""
        self._said_last = self.show_pairing
        self._say(SetupPage.pairing, SetupText.pair_headline, self._t(SetupText.pair_explained))
        self._button.setText(self._t(SetupText.pair_button))
        self._button.setEnabled(True)
        field = self._code if self._address.text() else self._address
        field.setFocus()

    def show_under_way(self) -> None:
        """Say that the server is being asked."""
        self._button.setEnabled(False)
        self.show_notice(self._t(SetupText.pairing_under_way))

    def show_comparing(self, digits: str, store_name: str) -> None:
        """Show the six digits until headquarters has decided."""
        self._said_last = lambda: self.show_comparing(digits, store_name)
        explained = self._t(SetupText.compare_explained, store=store_name)
        self._say(SetupPage.comparing, SetupText.compare_headline, explained)
        self._digits.setText(f"{digits[:3]} {digits[3:]}")
        self._give_up.setText(self._t(SetupText.give_up_button))

    def show_first_sync(self, count: int) -> None:
        """Say how many entries have come."""
        self._said_last = lambda: self.show_first_sync(count)
        explained = self._t(SetupText.first_sync_counted, count=count)
        self._say(SetupPage.first_sync, SetupText.first_sync_headline, explained)

    def show_ended(self, explained: SetupText, pending: int) -> None:
        """Say why this till may not decide any more; it can be paired again once all is sent."""
        self._said_last = lambda: self.show_ended(explained, pending)
        self._say(SetupPage.ended, SetupText.ended_headline, self._t(explained))
        self._button.setText(self._t(SetupText.pair_again_button))
        self._button.setEnabled(pending == 0 or explained is SetupText.forked_explained)
        if not self._button.isEnabled():
            self.show_notice(self._t(SetupText.pending_left, count=pending))

    def show_notice(self, text: str) -> None:
        """Say one more thing below; empty for nothing."""
        self._notice.setText(text)
        self._notice.setVisible(bool(text))

    def take_scan(self, text: str) -> None:
        """Fill a scanned pairing code or server address into the form."""
        if self.page is not SetupPage.pairing:
            return
        code = pairing_code(text)
        if code is not None:
            self._code.setText(code)
        elif text.lower().startswith(ADDRESS_BEGINNINGS):
            self._address.setText(text.lower())
            self._code.setFocus()

    def _say_again(self) -> None:
        """Say the same in the language of the moment."""
        self._said_last()

    def _act(self) -> None:
        if self.page is SetupPage.ended:
            self.pair_again_wanted.emit()
        elif self.page is SetupPage.pairing and self._button.isEnabled():
            self._ask_to_pair()

    def _ask_to_pair(self) -> None:
        code = pairing_code(self._code.text())
        if code is None:
            self.show_notice(self._t(SetupText.code_incomplete))
            return
        self.pair_wanted.emit((self._address.text().strip(), code))

    def _say(self, page: SetupPage, headline: SetupText, explained: str) -> None:
        self.page = page
        self._headline.setText(self._t(headline))
        self._explained.setText(explained)
        self._explained.setVisible(bool(explained))
        self._digits.setVisible(page is SetupPage.comparing)
        self._form.setVisible(page is SetupPage.pairing)
        self._button.setVisible(page in {SetupPage.pairing, SetupPage.ended})
        self._give_up.setVisible(page is SetupPage.comparing)
        self._address_label.setText(self._t(SetupText.server_address))
        self._code_label.setText(self._t(SetupText.pairing_code))
        self.setWindowTitle(self._t(SetupText.window_title))
        self.show_notice("")

    def _t(self, key: SetupText, **values: object) -> str:
        return setup_text(self._texts.language, key, **values)

    def _lay_out(self) -> None:
        self.setWindowIcon(app_icon())
        dress(self, sizes_for(HEIGHT))
        self.resize(WIDTH, HEIGHT)
        self.setObjectName("page")
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._card(), MOST_OF_IT)
        across.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(*(PAGE_MARGIN,) * 4)
        page.addStretch(1)
        page.addLayout(across)
        page.addStretch(1)

    def _card(self) -> QFrame:
        form = QFormLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(GAP)
        form.setHorizontalSpacing(GAP)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        form.addRow(self._address_label, self._address)
        form.addRow(self._code_label, self._code)
        digits = letters(DIGITS_PIXELS, is_bold=True)
        digits.setLetterSpacing(QFont.SpacingType.PercentageSpacing, DIGITS_SPACING_PERCENT)
        self._digits.setFont(digits)
        card = QFrame()
        card.setObjectName("card")
        card.setMaximumWidth(CARD_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(*(CARD_MARGIN,) * 4)
        column.setSpacing(GAP)
        for part in (self._headline, self._explained, self._digits, self._form, self._notice):
            column.addWidget(part)
        for button in (self._button, self._give_up):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return card


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setIndent(0)
    return label
