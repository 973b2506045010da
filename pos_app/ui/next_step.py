"""What the clerk does now: a small flag and a sentence."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from pos_app.ui.palette import LookColours
from pos_app.ui.theme import letters
from pos_app.ui.verdict_words import Words

FLAG_RADIUS = 6


class NextStep(QWidget):
    """One line under a verdict's facts; it wraps where there is little room."""

    def __init__(self) -> None:
        super().__init__()
        self._flag = _Flag()
        self._sentence = Words("nextStep")
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self._flag, 0, Qt.AlignmentFlag.AlignVCenter)
        self._layout.addWidget(self._sentence, 1)

    def say(self, sentence: str) -> None:
        """Show a sentence, or nothing."""
        self._sentence.setText(sentence)
        self.setVisible(bool(sentence))

    def say_flag(self, words: str) -> None:
        """Set the words of the flag."""
        self._flag.setText(words)

    def set_letter_heights(self, flag_pixels: int, sentence_pixels: int) -> None:
        """Set the sizes of flag and sentence, in pixels."""
        self._flag.setFont(letters(flag_pixels))
        self._flag.setContentsMargins(flag_pixels * 3 // 4, 4, flag_pixels * 3 // 4, 4)
        self._sentence.set_letter_height(sentence_pixels)
        self._layout.setSpacing(flag_pixels)

    def set_colours(self, colours: LookColours) -> None:
        """Colour the flag and the sentence."""
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours.background))
        palette.setColor(QPalette.ColorRole.Window, QColor(colours.ink))
        self._flag.setPalette(palette)
        self._sentence.set_colour(colours.body)


class _Flag(QLabel):
    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: object) -> None:  # noqa: ARG002 (Qt's signature)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().window())
        painter.drawRoundedRect(QRectF(self.rect()), FLAG_RADIUS, FLAG_RADIUS)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
