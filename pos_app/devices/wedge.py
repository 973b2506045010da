"""Catches the keys of a barcode gun before any widget sees them.

The filter sits on the application and looks at each key once, on its way into a window. It keeps
keys back until `WedgeBurst` knows whether a gun or a person pressed them, then drops them or
replays them, so that a scan never presses a focused button and a person never loses a letter.

Single printable keys and Enter cannot be `QShortcut`s while the filter is installed; a widget
handles them in `keyPressEvent`.
"""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from pos_app.core.scan import Scan, ScanSource
from pos_app.core.wedge_burst import (
    BurstEvent,
    BurstScan,
    BurstSettings,
    KeyFate,
    KeyPress,
    Receiving,
    Typing,
    WedgeBurst,
)
from pos_app.devices.monotonic import counter_ms

IDLE_GRACE_MS = 5
"""How much later than the gap itself the end of a run is looked at."""
REPEAT_DELAY_MS_MIN = 150
"""No system repeats a held key this soon; what is marked so is a gun's double digit."""
GROUP_SEPARATOR = "\x1d"

_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_ScrollLock,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
    }
)
_TERMINATOR_KEYS = frozenset(
    # Some systems turn a gun's line feed into the down arrow.
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Down}
)
_TERMINATOR_TEXTS = frozenset({"\r", "\n", "\t", "\r\n"})
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_KEY_EVENTS = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride}
)


class WedgeFilter(QObject):
    """The shell around `WedgeBurst`; `install` it once on the application.

    Signals:
        scanned: a `Scan`, after its keys were dropped.
        receiving: enough fast keys came that a scan is under way.
        rejected: a `BurstRejected`: a gun's keys that are no scan.

    Every signal is posted, so a slot never runs inside the delivery of a key.

    Args:
        settings: how the guns of this till behave.
        looks_like_code: see `WedgeBurst`.
        parent: the owner, as in every Qt object.
    """

    scanned = Signal(object)
    receiving = Signal()
    rejected = Signal(object)
    _posted = Signal(object)

    def __init__(
        self,
        settings: BurstSettings,
        looks_like_code: Callable[[str], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._burst = WedgeBurst(settings, looks_like_code)
        self._held: list[tuple[QObject, QKeyEvent]] = []
        self._kept_keys: set[int] = set()
        self._pressed_at_ms: dict[int, int] = {}
        self._passes_next = False
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setTimerType(Qt.TimerType.PreciseTimer)
        self._idle.setInterval(settings.gap_ms + IDLE_GRACE_MS)
        self._idle.timeout.connect(self._look_once_more)
        self._posted.connect(self._announce, Qt.ConnectionType.QueuedConnection)

    def install(self, application: QApplication) -> None:
        """Begin to look at every key of the application."""
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Judge keys on their way into a window; everything else passes."""
        if event.type() not in _KEY_EVENTS or not watched.isWindowType():
            return False
        assert isinstance(event, QKeyEvent)
        if event.type() is QEvent.Type.ShortcutOverride:
            return self._overrides_shortcut(event)
        if self._passes_next:
            self._passes_next = False
            return False
        if event.type() is QEvent.Type.KeyRelease:
            return self._release(watched, event)
        return self._press(watched, event)

    def _overrides_shortcut(self, event: QKeyEvent) -> bool:
        """Keep a key that may belong to a scan from firing a shortcut instead."""
        if not (self._burst.is_holding or _is_text(event) or _is_terminator(event)):
            return False
        event.accept()
        return True

    def _press(self, window: QObject, event: QKeyEvent) -> bool:
        key = event.key()
        if key in _MODIFIER_KEYS:
            return self._hold_while_holding(window, event)
        at_ms = event.timestamp() or counter_ms()
        if event.isAutoRepeat() and self._is_held_down(key, at_ms):
            return self._burst.is_holding or key in self._kept_keys
        self._pressed_at_ms[key] = at_ms
        is_terminator = _is_terminator(event)
        if not (is_terminator or _is_text(event) or self._continues_scan(event)):
            self._carry_out(self._burst.idle())
            return False
        decision = self._burst.press(
            KeyPress(at_ms, event.text(), is_terminator),
            in_text_field=_takes_typing(QApplication.focusWidget()),
        )
        self._carry_out(decision.events)
        if decision.fate is KeyFate.deliver:
            self._kept_keys.discard(key)
            return False
        self._kept_keys.add(key)
        if decision.fate is KeyFate.hold:
            self._held.append((window, event.clone()))
            self._idle.start()
        return True

    def _is_held_down(self, key: int, at_ms: int) -> bool:
        """Whether a press marked as a repetition is one; fast double digits are marked too."""
        pressed_at_ms = self._pressed_at_ms.get(key)
        return pressed_at_ms is None or at_ms - pressed_at_ms >= REPEAT_DELAY_MS_MIN

    def _release(self, window: QObject, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            return self._burst.is_holding or event.key() in self._kept_keys
        was_kept = event.key() in self._kept_keys
        self._kept_keys.discard(event.key())
        return self._hold_while_holding(window, event) or was_kept

    def _hold_while_holding(self, window: QObject, event: QKeyEvent) -> bool:
        if self._burst.is_holding:
            self._held.append((window, event.clone()))
        return self._burst.is_holding

    def _continues_scan(self, event: QKeyEvent) -> bool:
        return self._burst.is_holding and event.text() == GROUP_SEPARATOR

    def _look_once_more(self) -> None:
        # After a stall the timer fires before keys that already wait; let those in first.
        QTimer.singleShot(0, self._end_run)

    def _end_run(self) -> None:
        if not self._idle.isActive():
            self._carry_out(self._burst.idle())

    def _carry_out(self, events: tuple[BurstEvent, ...]) -> None:
        for event in events:
            if isinstance(event, Receiving):
                self._posted.emit(event)
                continue
            held, self._held = self._held, []
            self._idle.stop()
            if isinstance(event, Typing):
                self._replay(held)
            elif isinstance(event, BurstScan):
                self._posted.emit(Scan(event.text, ScanSource.wedge, counter_ms()))
            else:
                self._posted.emit(event)

    def _replay(self, held: list[tuple[QObject, QKeyEvent]]) -> None:
        for window, event in held:
            if not shiboken6.isValid(window):
                continue
            if event.type() is QEvent.Type.KeyPress:
                self._kept_keys.discard(event.key())
            # Only this one event passes: a slot that it calls may open a dialog and wait there.
            self._passes_next = True
            QCoreApplication.sendEvent(window, event)

    def _announce(self, event: Scan | BurstEvent) -> None:
        if isinstance(event, Scan):
            self.scanned.emit(event)
        elif isinstance(event, Receiving):
            self.receiving.emit()
        else:
            self.rejected.emit(event)


def _is_terminator(event: QKeyEvent) -> bool:
    return event.key() in _TERMINATOR_KEYS or event.text() in _TERMINATOR_TEXTS


def _is_text(event: QKeyEvent) -> bool:
    """Whether the key types something; Ctrl and Alt together are a third keyboard level."""
    command = event.modifiers() & _COMMAND
    if event.modifiers() & Qt.KeyboardModifier.MetaModifier:
        return False
    if command not in (Qt.KeyboardModifier.NoModifier, _COMMAND):
        return False
    return bool(event.text()) and event.text().isprintable()


def _takes_typing(widget: QWidget | None) -> bool:
    """Whether a person could be typing text into the focused widget."""
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit | QAbstractSpinBox):
        return widget.isEnabled() and not widget.isReadOnly()
    return isinstance(widget, QComboBox) and widget.isEditable()
