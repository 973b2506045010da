"""The page on which the till waits: who and where, one prompt, and a field for a typed code."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pos_app.ui import palette
from pos_app.ui.camera_panel import CameraPanel
from pos_app.ui.code_field import CodeField
from pos_app.ui.icon_drawings import Icon
from pos_app.ui.icons import IconView
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import Sizes
from pos_app.ui.view_state import ReadyView
from shared.voucher_code import CODE_DIGITS, parse_code


class ReadyPage(QWidget):
    """Shows a `ReadyView` and takes typed codes.

    A digit pressed anywhere on the page goes into the field, so nobody has to click into it.

    Signals:
        code_entered: a `str` of 12 digits with a right check digit.

    Args:
        texts: the words.
        view: what to show first.
        camera_panel: stands beside the prompt while the camera is on.
    """

    code_entered = Signal(str)

    def __init__(self, texts: Texts, view: ReadyView, camera_panel: CameraPanel) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._texts = texts
        self._view = view
        self._is_receiving = False
        self._store = _label("title")
        self._store.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._till = LabelledValue()
        self._cashier = LabelledValue()
        self._shift = LabelledValue()
        self._icon = IconView(Icon.scan_frame, palette.ACCENT, palette.CARD)
        self._prompt = _label("prompt")
        self._hint = _label("hint")
        self._field = CodeField()
        self._submit = QPushButton()
        self._submit.setObjectName("primary")
        self._feedback = _label("hint")
        self._card = QFrame()
        self._card.setObjectName("card")
        self._lay_out(camera_panel)
        self._field.textChanged.connect(self._show_progress)
        self._field.returnPressed.connect(self._enter)
        self._submit.clicked.connect(self._enter)
        texts.language_changed.connect(self.retranslate)
        self.retranslate()

    def show_ready(self, view: ReadyView) -> None:
        """Show who and where."""
        self._view = view
        self.retranslate()

    def show_receiving(self, *, receiving: bool) -> None:
        """Say, or no longer say, that a scan is coming in."""
        self._is_receiving = receiving
        self._card.setProperty("receiving", receiving)
        self._card.style().polish(self._card)
        self._say_prompt()

    def begin_typing(self) -> None:
        """Put the cursor into the code field, ready for another code."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def wait_for_scan(self) -> None:
        """Empty the field and take the focus off it."""
        self._field.clear()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send a digit that no one asked for into the code field."""
        text = event.text()
        if not text.isdigit():
            super().keyPressEvent(event)
            return
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.setCursorPosition(len(self._field.text()))
        self._field.keyPressEvent(event)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take on the measures of another density."""
        margin = 2 * sizes.gap
        self._outer.setContentsMargins(margin, margin, margin, margin)
        self._outer.setSpacing(margin)
        self._header.setSpacing(3 * sizes.gap)
        self._column.setSpacing(sizes.gap)
        self._icon.setMinimumHeight(sizes.prompt // 2)
        self._icon.setMaximumHeight(3 * sizes.prompt)
        self._field.setFixedWidth(11 * sizes.code)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        view, texts = self._view, self._texts
        self._store.setText(view.store)
        self._till.say(texts(Text.ready_till), view.till)
        self._cashier.say(texts(Text.ready_cashier), view.cashier or texts(Text.ready_nobody))
        started_at = view.shift_started_at
        shift = texts(Text.ready_no_shift) if started_at is None else texts.clock_minute(started_at)
        self._shift.say(texts(Text.ready_shift), shift)
        self._hint.setText(texts(Text.ready_hint))
        self._field.setPlaceholderText(texts(Text.code_placeholder))
        self._field.setAccessibleName(texts(Text.code_field))
        self._submit.setText(texts(Text.code_submit))
        self._say_prompt()
        self._show_progress()

    def _say_prompt(self) -> None:
        prompt = Text.ready_receiving if self._is_receiving else Text.ready_prompt
        self._prompt.setText(self._texts(prompt))

    def _show_progress(self) -> None:
        """Say how many digits are missing, or that one is wrong, while the code is typed."""
        digits = self._field.digits()
        is_complete = parse_code(digits) is not None
        self._submit.setEnabled(is_complete)
        if not digits:
            self._say_feedback("", "hint")
        elif len(digits) < CODE_DIGITS:
            missing = CODE_DIGITS - len(digits)
            self._say_feedback(self._texts(Text.code_missing_digits, count=missing), "hint")
        elif is_complete:
            self._say_feedback(self._texts(Text.code_complete), "good")
        else:
            self._say_feedback(self._texts(Text.code_wrong), "problem")

    def _say_feedback(self, words: str, role: str) -> None:
        self._feedback.setText(words)
        if self._feedback.property("role") != role:
            self._feedback.setProperty("role", role)
            self._feedback.style().polish(self._feedback)

    def _enter(self) -> None:
        code = parse_code(self._field.digits())
        if code is None:
            return
        self.wait_for_scan()
        self.code_entered.emit(code)

    def _lay_out(self, camera_panel: CameraPanel) -> None:
        self._header = QHBoxLayout()
        self._header.addWidget(self._store, 1)
        for pair in (self._till, self._cashier, self._shift):
            self._header.addWidget(pair)
        entry = QHBoxLayout()
        entry.addStretch(1)
        entry.addWidget(self._field)
        entry.addWidget(self._submit)
        entry.addStretch(1)
        self._column = QVBoxLayout(self._card)
        self._column.addStretch(3)
        for label in (self._prompt, self._hint, self._feedback):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self._column.addWidget(self._icon, 12)
        self._column.addWidget(self._prompt)
        self._column.addWidget(self._hint)
        self._column.addStretch(1)
        self._column.addLayout(entry)
        self._column.addWidget(self._feedback)
        self._column.addStretch(3)
        body = QHBoxLayout()
        body.addWidget(self._card, 3)
        body.addWidget(camera_panel, 2)
        self._outer = QVBoxLayout(self)
        self._outer.addLayout(self._header)
        self._outer.addLayout(body, 1)


class LabelledValue(QWidget):
    """A value under its small label."""

    def __init__(self) -> None:
        super().__init__()
        self._label = _label("label")
        self._value = QLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._label)
        layout.addWidget(self._value)

    def say(self, label: str, value: str) -> None:
        """Show a label and a value."""
        self._label.setText(label)
        self._value.setText(value)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    return label
