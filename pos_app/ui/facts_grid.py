"""Labels and values of a verdict, in as many columns as are readable."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

COLUMNS_MAX = 3
COLUMN_LETTERS = 12
"""Width of a column, in letters as wide as the value's height."""


class FactsGrid(QFrame):
    """Shows facts row by row; keeps its labels and reuses them, because verdicts come fast."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("facts")
        self._cells: list[_Cell] = []
        self._count = 0
        self._columns = COLUMNS_MAX
        self._grid = QGridLayout(self)

    def show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        """Show these facts and no others."""
        while len(self._cells) < len(facts):
            self._cells.append(_Cell())
        for cell, (label, value) in zip(self._cells, facts, strict=False):
            cell.say(label, value)
        self._count = len(facts)
        self._arrange()
        self.setVisible(bool(facts))

    def set_measures(self, width: int, value_pixels: int) -> None:
        """Choose the number of columns for a width and a letter height, in pixels."""
        columns = max(1, min(COLUMNS_MAX, width // (COLUMN_LETTERS * value_pixels)))
        self._grid.setContentsMargins(
            value_pixels, value_pixels * 3 // 4, value_pixels, value_pixels * 3 // 4
        )
        self._grid.setHorizontalSpacing(value_pixels)
        self._grid.setVerticalSpacing(value_pixels // 2)
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def _arrange(self) -> None:
        while self._grid.count():
            self._grid.takeAt(0)
        for number, cell in enumerate(self._cells):
            cell.setVisible(number < self._count)
            if number < self._count:
                row, column = divmod(number, self._columns)
                self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)
        for column in range(COLUMNS_MAX):
            self._grid.setColumnStretch(column, int(column < self._columns))


class _Cell(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label = QLabel()
        self._label.setObjectName("factLabel")
        self._value = QLabel()
        self._value.setObjectName("factValue")
        self._value.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._label)
        layout.addWidget(self._value)

    def say(self, label: str, value: str) -> None:
        self._label.setText(label)
        self._value.setText(value)
