"""Labels and values of a verdict, in as many columns as are readable."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_app.ui.palette import LookColours
from pos_app.ui.verdict_words import Words

COLUMNS_MAX = 3
COLUMN_LETTERS = 10
"""Width of a column, in letters as wide as the value's height."""
CORNER_RADIUS = 12


class FactsGrid(QWidget):
    """Shows facts row by row; keeps its labels and reuses them, because verdicts come fast.

    Args:
        colours: to begin with.
    """

    def __init__(self, colours: LookColours) -> None:
        super().__init__()
        self._cells: list[_Cell] = []
        self._count = 0
        self._columns = COLUMNS_MAX
        self._letter_heights = (14, 14)
        self._colours = colours
        self._grid = QGridLayout(self)

    def show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        """Show these facts and no others."""
        while len(self._cells) < len(facts):
            self._add_cell()
        for cell, (label, value) in zip(self._cells, facts, strict=False):
            cell.say(label, value)
        if len(facts) != self._count:
            self._count = len(facts)
            self._arrange()
        self.setVisible(bool(facts))

    def set_measures(self, width: int, label_pixels: int, value_pixels: int) -> None:
        """Choose letter heights, and the number of columns for a width, all in pixels."""
        gap = value_pixels * 3 // 4
        self._grid.setContentsMargins(value_pixels, gap, value_pixels, gap)
        self._grid.setHorizontalSpacing(value_pixels)
        self._grid.setVerticalSpacing(value_pixels // 2)
        self._letter_heights = (label_pixels, value_pixels)
        for cell in self._cells:
            cell.set_letter_heights(*self._letter_heights)
        columns = max(1, min(COLUMNS_MAX, width // (COLUMN_LETTERS * value_pixels)))
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def set_colours(self, colours: LookColours) -> None:
        """Colour the panel, the labels and the values."""
        self._colours = colours
        for cell in self._cells:
            cell.set_colours(colours)
        self.update()

    def paintEvent(self, event: object) -> None:  # noqa: ARG002 (Qt's signature)
        """Paint the panel."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colours.panel))
        painter.drawRoundedRect(QRectF(self.rect()), CORNER_RADIUS, CORNER_RADIUS)
        painter.end()

    def _add_cell(self) -> None:
        cell = _Cell(self)
        cell.set_letter_heights(*self._letter_heights)
        cell.set_colours(self._colours)
        self._cells.append(cell)

    def _arrange(self) -> None:
        while self._grid.count():
            self._grid.takeAt(0)
        for number, cell in enumerate(self._cells):
            if number < self._count:
                row, column = divmod(number, self._columns)
                self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)
            cell.setVisible(number < self._count)
        for column in range(COLUMNS_MAX):
            self._grid.setColumnStretch(column, int(column < self._columns))


class _Cell(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label = Words("factLabel")
        self._value = Words("factValue")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._label)
        layout.addWidget(self._value)

    def say(self, label: str, value: str) -> None:
        self._label.setText(label)
        self._value.setText(value)

    def set_letter_heights(self, label_pixels: int, value_pixels: int) -> None:
        self._label.set_letter_height(label_pixels)
        self._value.set_letter_height(value_pixels)

    def set_colours(self, colours: LookColours) -> None:
        self._label.set_colour(colours.ink_soft)
        self._value.set_colour(colours.body)
