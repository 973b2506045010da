"""The words that must be read at two metres, heavy in every font."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontDatabase, QFontInfo, QPainter
from PySide6.QtWidgets import QLabel

HEAVIER_SHARE = 32
"""The letter height divided by how much wider its strokes become."""


class Headline(QLabel):
    """A label that is bold even in a font without a bold face.

    Qt makes such a font bold by itself, but not at the size of a headline; drawing the words a
    second time beside themselves does.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("headline")
        self._offset = 0
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def changeEvent(self, event: QEvent) -> None:
        """See whether a new font has a bold face."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            info = QFontInfo(self.font())
            has_bold = any("bold" in style.lower() for style in QFontDatabase.styles(info.family()))
            self._offset = 0 if has_bold else info.pixelSize() // HEAVIER_SHARE

    def paintEvent(self, event: object) -> None:  # noqa: ARG002 (Qt's signature)
        """Draw the words, twice where that makes them heavier."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        flags = self.alignment() | Qt.TextFlag.TextWordWrap
        place = self.contentsRect()
        for offset in {0, self._offset}:
            painter.drawText(place.translated(offset, 0), flags, self.text())
        painter.end()
