"""What the clerk has to check before handing over, in a strip that cannot be overlooked."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from pos_app.ui import palette
from pos_app.ui.icon_drawings import Icon
from pos_app.ui.icons import IconView

BLINK_INTERVAL_MS = 400
"""Half a cycle: 1.25 flashes a second, under the three at which flashing can harm."""
BLINKS_MAX = 10

_STYLE = """
QFrame {{ background: {ground}; }}
QLabel {{ color: {ink}; background: transparent; font-size: {size}px; font-weight: 700; }}
"""


class AttentionStrip(QFrame):
    """Blinks a few times and then stands still.

    Args:
        moves: false where a person wants no motion; it then stands still from the beginning.
    """

    def __init__(self, *, moves: bool) -> None:
        super().__init__()
        self._moves = moves
        self._blinks_left = 0
        self._size = 20
        self._icon = IconView(Icon.warn, palette.STRIP_INK, palette.STRIP)
        self._label = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 10, 24, 10)
        layout.addStretch(1)
        layout.addWidget(self._icon)
        layout.addWidget(self._label)
        layout.addStretch(1)
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_INTERVAL_MS)
        self._blink.timeout.connect(self._turn)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_words(self, words: str) -> None:
        """Show the strip with these words, or hide it for none."""
        self._label.setText(words)
        self.setVisible(bool(words))
        self._blink.stop()
        if not words:
            return
        self._paint(palette.STRIP, palette.STRIP_INK)
        if self._moves:
            self._blinks_left = 2 * BLINKS_MAX
            self._blink.start()

    def set_letter_height(self, pixels: int) -> None:
        """Set the size of the words, in pixels."""
        self._size = pixels
        self._icon.setFixedSize(pixels * 3 // 2, pixels * 3 // 2)
        self._paint(palette.STRIP, palette.STRIP_INK)

    def _turn(self) -> None:
        self._blinks_left -= 1
        if self._blinks_left <= 0:
            self._blink.stop()
        colours = (palette.STRIP, palette.STRIP_INK)
        ground, ink = colours if self._blinks_left % 2 == 0 else colours[::-1]
        self._paint(ground, ink)

    def _paint(self, ground: str, ink: str) -> None:
        self._icon.show_icon(Icon.warn, ink, ground)
        self.setStyleSheet(_STYLE.format(ground=ground, ink=ink, size=self._size))
