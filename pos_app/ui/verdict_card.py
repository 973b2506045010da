"""The answer to a scan, as large as the window, readable at two metres."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from pos_app.ui.attention_strip import AttentionStrip
from pos_app.ui.countdown import Countdown
from pos_app.ui.facts_grid import FactsGrid
from pos_app.ui.icon_drawings import Icon
from pos_app.ui.icons import IconView
from pos_app.ui.next_step import NextStep
from pos_app.ui.palette import LOOK_COLOURS, LookColours, calm_colours
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts
from pos_app.ui.verdict_ground import BAR_HEIGHT, paint_band, paint_ground, paint_time_left
from pos_app.ui.verdict_style import (
    FIT_PERCENTS,
    VerdictMeasures,
    button_style,
    measures_for,
)
from pos_app.ui.verdict_words import Headline, Words
from pos_app.ui.view_state import Look, VerdictView

LOOK_ICONS = {
    Look.ok: Icon.ok,
    Look.offline_ok: Icon.offline_ok,
    Look.warn: Icon.warn,
    Look.error: Icon.error,
    Look.checking: Icon.spinner,
    Look.unknown_outcome: Icon.question,
}
UNFINISHED_LOOKS = frozenset({Look.checking, Look.unknown_outcome})
"""Looks that stay until something else is shown."""
SPIN_INTERVAL_MS = 80
PREPARED_FACTS = 12


@dataclass(frozen=True, slots=True)
class VerdictTiming:
    """How long a verdict stays.

    Attributes:
        colour_ms: a success keeps its full colour.
        card_ms: any finished verdict stays, unless a person looks at it more closely.
        rest_ms: after the mouse last moved, the time runs on.
    """

    colour_ms: int = 5_000
    card_ms: int = 30_000
    rest_ms: int = 10_000


class VerdictCard(QWidget):
    """Shows a `VerdictView` and goes away by itself when it is finished business.

    Moving the mouse over it, touching it or scrolling holds the time.

    Signals:
        closed: the time is over, or a person closed it.

    Args:
        texts: the words of buttons; the verdict brings its own.
        timing: how long it stays.
        moves: false where a person wants no motion.
    """

    closed = Signal()

    def __init__(
        self, texts: Texts, timing: VerdictTiming | None = None, *, moves: bool = True
    ) -> None:
        super().__init__()
        self._texts = texts
        self._timing = timing or VerdictTiming()
        self._view = VerdictView(Look.checking, "", "")
        self._colours = LOOK_COLOURS[Look.checking]
        self._is_calm = False
        self._measures = measures_for(1, 1, 100)
        self._mouse_at = QPointF()
        self._icon = IconView(Icon.spinner, self._colours.ink, self._colours.background)
        self._headline = Headline()
        self._reason = Words("reason")
        self._facts = FactsGrid(self._colours)
        self._next_step = NextStep()
        self._left = Words("left")
        self._close = QPushButton()
        self._attention = AttentionStrip(moves=moves)
        self._countdown = Countdown(self)
        self._countdown.ticked.connect(self._tick)
        self._countdown.ended.connect(self._end)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._go_on)
        self._spin = QTimer(self)
        self._spin.setInterval(SPIN_INTERVAL_MS if moves else 10 * SPIN_INTERVAL_MS)
        self._spin.timeout.connect(self._icon.step)
        self._lay_out()
        self.setMouseTracking(True)
        texts.language_changed.connect(self.retranslate)
        self.retranslate()

    @property
    def is_unfinished(self) -> bool:
        """Whether what it shows still waits for an outcome."""
        return self._view.look in UNFINISHED_LOOKS

    def show_verdict(self, view: VerdictView) -> None:
        """Show a verdict and begin its time."""
        self._view = view
        self._headline.setText(view.headline)
        self._reason.setText(view.reason)
        self._facts.show_facts(view.facts)
        self._next_step.say(view.next_step)
        self._attention.show_words(view.attention)
        self.setAccessibleName(view.headline)
        self.setAccessibleDescription(f"{view.reason} {view.next_step}".strip())
        self._rest.stop()
        self._is_calm = False
        self._paint_in(LOOK_COLOURS[view.look])
        self._fit()
        self._close.setVisible(not self.is_unfinished)
        if self.is_unfinished:
            self._countdown.stop()
            self._spin.start()
        else:
            self._spin.stop()
            self._countdown.start(self._timing.card_ms)
        self._say_left()

    def prepare(self, size: QSize) -> None:
        """Lay out and paint once unseen, so that the first verdict is as quick as the rest."""
        self.resize(size)
        facts = tuple((str(number), str(number)) for number in range(PREPARED_FACTS))
        self.show_verdict(VerdictView(Look.ok, "0", "0", facts, "0"))
        self.grab()
        self.dismiss()

    def dismiss(self) -> None:
        """Stop all time, because something else is shown."""
        self._countdown.stop()
        self._rest.stop()
        self._spin.stop()
        self._attention.show_words("")

    def retranslate(self) -> None:
        """Say what is ours in the language of the moment; a verdict brings its own words."""
        self._close.setText(f"Esc  {self._texts(Text.key_close)}")
        self._next_step.say_flag(self._texts(Text.verdict_next_step))
        self._say_left()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure everything by the window's new height."""
        super().resizeEvent(event)
        self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hold the time while a person points at something; a card that opens under it does not."""
        if not self._mouse_at.isNull() and event.globalPosition() != self._mouse_at:
            self._hold()
        self._mouse_at = event.globalPosition()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 (Qt's signature)
        """Hold the time at a touch or click."""
        self._hold()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: ARG002 (Qt's signature)
        """Hold the time while a person scrolls."""
        self._hold()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: ARG002 (Qt's signature)
        """Let the time run on when the mouse has left."""
        self._mouse_at = QPointF()
        self._go_on()

    def paintEvent(self, event: object) -> None:  # noqa: ARG002 (Qt's signature)
        """Paint the ground and the bar of the time left."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        paint_ground(painter, area, self._colours)
        if self._is_calm:
            paint_band(painter, area, LOOK_COLOURS[self._view.look].background)
        if not self.is_unfinished:
            paint_time_left(painter, area, self._colours, self._countdown.left_share)
        painter.end()

    def _paint_in(self, colours: LookColours) -> None:
        self._colours = colours
        self._icon.show_icon(LOOK_ICONS[self._view.look], colours.ink, colours.background)
        self._headline.set_colour(colours.ink)
        self._reason.set_colour(colours.body)
        self._left.set_colour(colours.ink_soft)
        self._facts.set_colours(colours)
        self._next_step.set_colours(colours)
        self._close.setStyleSheet(button_style(colours, self._measures))
        self.update()

    def _fit(self) -> None:
        """Choose the largest letters with which everything has room."""
        for percent in FIT_PERCENTS:
            self._measure(measures_for(self.width(), self.window().height(), percent))
            self._outer.activate()
            if self._outer.heightForWidth(self.width()) <= self.height():
                return

    def _measure(self, sizes: VerdictMeasures) -> None:
        if sizes == self._measures:
            return
        self._measures = sizes
        self._icon.setFixedSize(sizes.icon, sizes.icon)
        self._attention.set_letter_height(sizes.reason)
        self._headline.set_letter_height(sizes.headline)
        self._reason.set_letter_height(sizes.reason)
        self._next_step.set_letter_heights(sizes.label, sizes.next_step)
        self._left.set_letter_height(sizes.label)
        self._close.setStyleSheet(button_style(self._colours, sizes))
        margin = sizes.margin
        self._body.setContentsMargins(2 * margin, margin, 2 * margin, margin)
        self._body.setSpacing(2 * margin)
        self._column.setSpacing(sizes.gap)
        self._footer.setContentsMargins(2 * margin, 0, 2 * margin, sizes.gap + BAR_HEIGHT)
        facts_width = self.width() - sizes.icon - 6 * margin
        self._facts.set_measures(facts_width, sizes.label, sizes.value)

    def _tick(self) -> None:
        fades = self._view.look is Look.ok and not self._is_calm
        if fades and self._countdown.run_ms >= self._timing.colour_ms:
            self._is_calm = True
            self._paint_in(calm_colours(Look.ok))
        self._say_left()
        self.update(0, self.height() - BAR_HEIGHT, self.width(), BAR_HEIGHT)

    def _say_left(self) -> None:
        if self.is_unfinished:
            self._left.setText("")
        elif self._countdown.is_held:
            self._left.setText(self._texts(Text.verdict_paused))
        else:
            seconds = -(-self._countdown.left_ms // 1000)
            self._left.setText(self._texts(Text.verdict_seconds_left, seconds=seconds))

    def _hold(self) -> None:
        self._countdown.hold()
        self._rest.start(self._timing.rest_ms)
        self._say_left()

    def _go_on(self) -> None:
        self._countdown.go_on()
        self._say_left()

    def _end(self) -> None:
        self.dismiss()
        self.closed.emit()

    def _lay_out(self) -> None:
        self._icon.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for part in (self._facts, self._next_step):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._column = QVBoxLayout()
        self._column.addStretch(1)
        self._column.addWidget(self._headline)
        self._column.addWidget(self._reason)
        self._column.addSpacing(8)
        self._column.addWidget(self._facts)
        self._column.addWidget(self._next_step)
        self._column.addStretch(1)
        self._body = QHBoxLayout()
        self._body.addWidget(self._icon)
        self._body.addLayout(self._column, 1)
        self._footer = QHBoxLayout()
        self._footer.addWidget(self._left, 1)
        self._footer.addWidget(self._close)
        self._close.clicked.connect(self._end)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addWidget(self._attention)
        self._outer.addLayout(self._body, 1)
        self._outer.addLayout(self._footer)
