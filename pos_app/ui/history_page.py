"""Today's scans, refused ones too, in a table that can be searched."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from pos_app.core.history import HistoryRow
from pos_app.ui.history_model import (
    COLUMNS,
    PRODUCT_COLUMN,
    ROW_ROLE,
    HistoryModel,
    HistorySearch,
)
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import Sizes

SEARCH_WIDTH_LETTERS = 22


class HistoryPage(QWidget):
    """Shows `HistoryRow`s, newest first as they are given.

    Signals:
        row_opened: the `HistoryRow` on which a person pressed Enter or clicked twice.

    Args:
        texts: the words.
    """

    row_opened = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("page")
        self._texts = texts
        self._model = HistoryModel(texts, self)
        self._found = HistorySearch(self)
        self._found.setSourceModel(self._model)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._shown = QLabel()
        self._shown.setProperty("role", "hint")
        self._search = QLineEdit()
        self._search.setClearButtonEnabled(True)
        self._table = _table(self._found)
        self._nothing = QLabel()
        self._nothing.setProperty("role", "hint")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._search.textChanged.connect(self._find)
        self._table.activated.connect(self._open)
        texts.language_changed.connect(self.retranslate)
        self.retranslate()

    def show_rows(self, rows: Sequence[HistoryRow]) -> None:
        """Show these scans and no others."""
        self._model.show_rows(rows)
        self._say_count()

    def begin_search(self) -> None:
        """Show everything, with the cursor in the search field."""
        self._search.clear()
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take on the measures of another density."""
        margin = 2 * sizes.gap
        self._outer.setContentsMargins(margin, margin, margin, margin)
        self._outer.setSpacing(sizes.gap)
        self._header.setSpacing(2 * sizes.gap)
        self._search.setMinimumWidth(SEARCH_WIDTH_LETTERS * sizes.body)
        self._table.verticalHeader().setDefaultSectionSize(sizes.control)
        widths = {0: 6, 1: 12, 2: 5, 4: 4, 5: 6, 6: 5}
        for column, letters in widths.items():
            self._table.setColumnWidth(column, letters * sizes.dense + 2 * sizes.gap)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._title.setText(self._texts(Text.history_title))
        self._search.setPlaceholderText(self._texts(Text.history_search))
        self._search.setAccessibleName(self._texts(Text.history_search))
        self._table.setAccessibleName(self._texts(Text.history_title))
        self._say_count()

    def _find(self, text: str) -> None:
        self._found.search(text)
        self._say_count()

    def _say_count(self) -> None:
        shown, total = self._found.rowCount(), self._model.rowCount()
        words = self._texts(Text.history_shown, shown=shown, total=total)
        self._shown.setText(words if total else "")
        nothing = Text.history_no_match if total else Text.history_empty
        self._nothing.setText(self._texts(nothing))
        self._body.setCurrentIndex(0 if shown else 1)

    def _open(self, index: QModelIndex) -> None:
        self.row_opened.emit(index.data(ROW_ROLE))

    def _lay_out(self) -> None:
        self._header = QHBoxLayout()
        self._header.addWidget(self._title)
        self._header.addWidget(self._shown, 1)
        self._header.addWidget(self._search)
        self._body = QStackedLayout()
        self._body.addWidget(self._table)
        self._body.addWidget(self._nothing)
        self._outer = QVBoxLayout(self)
        self._outer.addLayout(self._header)
        self._outer.addLayout(self._body, 1)


def _table(model: HistorySearch) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(PRODUCT_COLUMN, QHeaderView.ResizeMode.Stretch)
    assert model.columnCount() == len(COLUMNS)
    return table
