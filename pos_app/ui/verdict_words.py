"""The labels of a verdict: coloured and sized without a style sheet, which would take too long.

The window's style sheet colours plain labels only (`.QLabel`), so these keep their own colour.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QPainter, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy

from pos_app.ui.theme import letters

HEAVIER_SHARE = 32
"""A headline's letter height divided by how much wider its strokes become."""
TAIL_SHARE = 8
"""Its letter height divided by the room below; some fonts' tails leave the line they claim."""


class Words(QLabel):
    """Words that wrap, take the width there is, and let the mouse through to the card.

    Args:
        name: what tests and assistive tools find it by.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_letter_height(self, pixels: int) -> None:
        """Set the size of the words, in pixels."""
        self.setFont(letters(pixels))

    def set_colour(self, colour: str) -> None:
        """Set the colour of the words."""
        colours = QPalette()
        colours.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.setPalette(colours)


class Headline(Words):
    """Words that are bold even in a font without a bold face.

    Qt makes such a font bold by itself, but not at the size of a headline; drawing the words a
    second time beside themselves does.
    """

    def __init__(self) -> None:
        super().__init__("headline")
        self._offset = 0

    def set_letter_height(self, pixels: int) -> None:
        """Set the size of the words, in pixels."""
        self.setFont(letters(pixels, is_bold=True))
        self.setContentsMargins(0, 0, 0, pixels // TAIL_SHARE)
        styles = QFontDatabase.styles(QFontInfo(self.font()).family())
        has_bold = any("bold" in style.lower() for style in styles)
        self._offset = 0 if has_bold else pixels // HEAVIER_SHARE

    def paintEvent(self, event: object) -> None:  # noqa: ARG002 (Qt's signature)
        """Draw the words, twice where that makes them heavier."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        flags = self.alignment() | Qt.TextFlag.TextWordWrap
        place = self.contentsRect()
        for offset in {0, self._offset}:
            painter.drawText(place.translated(offset, 0), flags, self.text())
        painter.end()
