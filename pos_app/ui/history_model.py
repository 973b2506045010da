"""Today's scans as a table that Qt can show, sort and search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QIcon

from pos_app.core.history import HistoryRow, HistoryState
from pos_app.ui import palette
from pos_app.ui.icon_drawings import Icon
from pos_app.ui.icons import button_icon
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts

NOTHING = "—"
ROW_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class StateLook:
    """How the state of a scan is shown in a row."""

    icon: Icon
    colour: str


STATE_LOOKS = {
    HistoryState.redeemed: StateLook(Icon.ok, palette.GOOD),
    HistoryState.provisional: StateLook(Icon.offline_ok, palette.OFFLINE),
    HistoryState.refused: StateLook(Icon.error, palette.BAD),
    HistoryState.asking: StateLook(Icon.question, palette.ACCENT),
    HistoryState.given_up: StateLook(Icon.close, palette.INK_SOFT),
    HistoryState.undone: StateLook(Icon.sync, palette.INK_SOFT),
    HistoryState.conflict: StateLook(Icon.warn, palette.CAUTION),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, what it says of a row, and whether it is a number."""

    title: Text
    words: Callable[[Texts, HistoryRow], str]
    is_number: bool = False


def result_words(texts: Texts, row: HistoryRow) -> str:
    """What became of a scan; a refused one says why."""
    if row.state is HistoryState.refused:
        return texts.reason(row.reason).headline
    return texts.history_state(row.state)


def _value_words(texts: Texts, row: HistoryRow) -> str:
    return NOTHING if row.value_fen is None else texts.money(row.value_fen)


def _upload_words(texts: Texts, row: HistoryRow) -> str:
    return texts(Text.upload_done if row.sent else Text.upload_waiting)


COLUMNS = (
    Column(Text.column_time, lambda texts, row: texts.clock_time(row.at)),
    Column(Text.column_result, result_words),
    Column(Text.column_last_four, lambda _, row: row.last_four or NOTHING),
    Column(Text.column_product, lambda _, row: row.product or NOTHING),
    Column(Text.column_uses, lambda _, row: str(row.uses) if row.uses else NOTHING, is_number=True),
    Column(Text.column_value, _value_words, is_number=True),
    Column(Text.column_upload, _upload_words),
)
PRODUCT_COLUMN = 3
RESULT_COLUMN = 1


class HistoryModel(QAbstractTableModel):
    """Rows as the history reads them, in the words of the moment's language.

    Args:
        texts: the words.
    """

    def __init__(self, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._rows: Sequence[HistoryRow] = ()
        self._icons: dict[HistoryState, QIcon] = {}
        texts.language_changed.connect(self._retranslate)

    def show_rows(self, rows: Sequence[HistoryRow]) -> None:
        """Show these rows, in their order, and no others."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many scans there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: ARG002 (Qt's signature)
        """How many columns there are."""
        return len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell says, or its row for `ROW_ROLE`."""
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return column.words(self._texts, row)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == RESULT_COLUMN:
            return self._icon(row.state)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return row if role == ROW_ROLE else None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """A column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(COLUMNS[section].title)
        return _alignment(COLUMNS[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _icon(self, state: HistoryState) -> QIcon:
        if state not in self._icons:
            look = STATE_LOOKS[state]
            self._icons[state] = button_icon(look.icon, look.colour)
        return self._icons[state]

    def _retranslate(self) -> None:
        self.beginResetModel()
        self.endResetModel()


class HistorySearch(QSortFilterProxyModel):
    """Lets through the rows in which every searched word occurs in some column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []

    def search(self, text: str) -> None:
        """Show rows with all of these words, whatever their case; all rows for none."""
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Whether a row has every word."""
        if not self._words:
            return True
        model = self.sourceModel()
        cells = (
            str(model.index(source_row, column, source_parent).data()).casefold()
            for column in range(len(COLUMNS))
        )
        said = "\n".join(cells)
        return all(word in said for word in self._words)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
