"""The function keys along the bottom, as buttons that name them."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from pos_app.ui import palette
from pos_app.ui.icon_drawings import Icon
from pos_app.ui.icons import button_icon
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import Sizes


@dataclass(frozen=True, slots=True)
class KeyAction:
    """What a function key does.

    Attributes:
        key: as people read it on their keyboard.
        text: what it does.
        icon: a picture of it.
        stays_down: the button shows whether it is on.
    """

    key: str
    text: Text
    icon: Icon
    stays_down: bool = False


MANUAL = KeyAction("F2", Text.key_manual, Icon.keypad)
HISTORY = KeyAction("F3", Text.key_history, Icon.history, stays_down=True)
SYNC = KeyAction("F5", Text.key_sync, Icon.sync)
CAMERA = KeyAction("F6", Text.key_camera, Icon.camera, stays_down=True)
FULL_SCREEN = KeyAction("F11", Text.key_full_screen, Icon.full_screen, stays_down=True)
CLOSE = KeyAction("Esc", Text.key_close, Icon.close)
ACTIONS = (MANUAL, HISTORY, SYNC, CAMERA, FULL_SCREEN, CLOSE)


class KeyBar(QFrame):
    """A button for each `KeyAction`; the keys work even while the bar is hidden.

    Signals:
        pressed: the `KeyAction` whose key or button was pressed.

    Args:
        texts: the words.
    """

    pressed = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("keyBar")
        self._texts = texts
        self._buttons = {action: self._button(action) for action in ACTIONS}
        self._layout = QHBoxLayout(self)
        for action, button in self._buttons.items():
            if action is FULL_SCREEN:
                self._layout.addStretch(1)
            self._layout.addWidget(button)
        texts.language_changed.connect(self.retranslate)
        self.retranslate()

    def add_shortcuts(self, window: QWidget) -> None:
        """Let the keys work everywhere in a window."""
        for action in ACTIONS:
            shortcut = QShortcut(QKeySequence(action.key), window)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self._press, action))

    def show_state(self, action: KeyAction, *, is_on: bool) -> None:
        """Show whether something that stays down is on."""
        assert action.stays_down
        self._buttons[action].setChecked(is_on)

    def show_usable(self, action: KeyAction, *, is_usable: bool) -> None:
        """Show whether a key does anything now."""
        self._buttons[action].setEnabled(is_usable)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take on the measures of another density."""
        self._layout.setContentsMargins(2 * sizes.gap, sizes.gap, 2 * sizes.gap, sizes.gap)
        self._layout.setSpacing(sizes.gap)
        for button in self._buttons.values():
            button.setIconSize(QSize(sizes.dense + 4, sizes.dense + 4))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setAccessibleName(self._texts(Text.key_bar))
        for action, button in self._buttons.items():
            words = self._texts(action.text)
            button.setText(f" {action.key}  {words}")
            button.setAccessibleName(f"{words} {action.key}")

    def _button(self, action: KeyAction) -> QPushButton:
        button = QPushButton(button_icon(action.icon, palette.INK), "")
        button.setCheckable(action.stays_down)
        # A click leaves the focus where it is; Tab still reaches every button.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self._press, action))
        return button

    def _press(self, action: KeyAction, *_: bool) -> None:
        self.pressed.emit(action)
