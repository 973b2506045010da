"""The strip that says, for as long as it is so, that the server cannot be reached."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from pos_app.ui import palette
from pos_app.ui.icon_drawings import Icon
from pos_app.ui.icons import IconView
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import Sizes
from pos_app.ui.view_state import OfflineView

SEPARATOR = "  ·  "


class OfflineBanner(QFrame):
    """Cannot be dismissed; the window hides it when the line is back.

    Args:
        texts: the words.
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("offlineBanner")
        self._texts = texts
        self._view = OfflineView(0, None, None, None, None)
        self._icon = IconView(Icon.offline, palette.WHITE, palette.OFFLINE)
        self._title = QLabel()
        self._title.setObjectName("offlineTitle")
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self._advice = QLabel()
        self._advice.setWordWrap(True)
        self._advice.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self._icon)
        self._layout.addWidget(self._title)
        self._layout.addWidget(self._facts, 3)
        self._layout.addWidget(self._advice, 2)
        texts.language_changed.connect(self.retranslate)
        self.retranslate()

    def show_offline(self, view: OfflineView) -> None:
        """Say how much waits and how much may still be accepted."""
        self._view = view
        self.retranslate()

    def set_sizes(self, sizes: Sizes) -> None:
        """Take on the measures of another density."""
        self._layout.setContentsMargins(2 * sizes.gap, sizes.gap, 2 * sizes.gap, sizes.gap)
        self._layout.setSpacing(sizes.gap)
        self._icon.setFixedSize(sizes.body + 8, sizes.body + 8)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._title.setText(self._texts(Text.offline_title))
        self._facts.setText(SEPARATOR.join(self._facts_said()))
        self._advice.setText(self._texts(Text.offline_advice))
        self.setAccessibleName(f"{self._title.text()} {self._facts.text()}")

    def _facts_said(self) -> list[str]:
        view, texts = self._view, self._texts
        facts = [texts(Text.offline_pending, count=view.pending_count)]
        if view.oldest_at is not None:
            facts.append(texts(Text.offline_oldest, time=texts.clock_minute(view.oldest_at)))
        limits = []
        if view.hours_left is not None:
            limits.append(texts(Text.offline_hours_left, hours=view.hours_left))
        if view.uses_left is not None:
            limits.append(texts(Text.offline_uses_left, count=view.uses_left))
        if view.value_left_fen is not None:
            value = texts.money(view.value_left_fen)
            limits.append(texts(Text.offline_value_left, value=value))
        if limits:
            facts.append(" / ".join(limits))
        return facts
