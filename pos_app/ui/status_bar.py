"""The strip along the top of every page: line, queue, devices."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from pos_app.core.device_states import CameraState, ScannerState, SoundState
from pos_app.core.line import Line
from pos_app.ui import palette
from pos_app.ui.icon_drawings import Icon
from pos_app.ui.icons import IconView
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import Sizes
from pos_app.ui.view_state import StatusView


class Tone(StrEnum):
    """How good the news of a chip is; the icon and the words say it too."""

    good = "good"
    """As it should be."""
    plain = "plain"
    """Neither good nor bad."""
    caution = "caution"
    """Something is not at hand."""
    bad = "bad"
    """Something a person should mend."""


_TONE_COLOURS = {
    Tone.good: palette.GOOD,
    Tone.plain: palette.INK_SOFT,
    Tone.caution: palette.CAUTION,
    Tone.bad: palette.BAD,
}


@dataclass(frozen=True, slots=True)
class ChipLook:
    """What a chip shows for one state of a device."""

    icon: Icon
    text: Text
    tone: Tone


LINE_CHIPS = {
    Line.unknown: ChipLook(Icon.online, Text.line_unknown, Tone.plain),
    Line.online: ChipLook(Icon.online, Text.line_online, Tone.good),
    Line.offline: ChipLook(Icon.offline, Text.line_offline, Tone.bad),
}
SCANNER_CHIPS = {
    ScannerState.untested: ChipLook(Icon.scanner, Text.scanner_untested, Tone.plain),
    ScannerState.ready: ChipLook(Icon.scanner, Text.scanner_ready, Tone.good),
    ScannerState.missing: ChipLook(Icon.scanner, Text.scanner_missing, Tone.bad),
}
CAMERA_CHIPS = {
    CameraState.off: ChipLook(Icon.camera, Text.camera_off, Tone.plain),
    CameraState.starting: ChipLook(Icon.camera, Text.camera_starting, Tone.plain),
    CameraState.running: ChipLook(Icon.camera, Text.camera_running, Tone.good),
    CameraState.missing: ChipLook(Icon.camera, Text.camera_missing, Tone.caution),
    CameraState.busy: ChipLook(Icon.camera, Text.camera_busy, Tone.caution),
    CameraState.failed: ChipLook(Icon.camera, Text.camera_failed, Tone.bad),
}
SOUND_CHIPS = {
    SoundState.starting: ChipLook(Icon.sound, Text.sound_starting, Tone.plain),
    SoundState.ready: ChipLook(Icon.sound, Text.sound_ready, Tone.good),
    SoundState.muted: ChipLook(Icon.silent, Text.sound_muted, Tone.caution),
    SoundState.missing: ChipLook(Icon.silent, Text.sound_missing, Tone.caution),
}


class Chip(QWidget):
    """A small icon and a few words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconView(Icon.online, palette.INK_SOFT, palette.CARD)
        self._label = QLabel()
        self._label.setProperty("role", "small")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon)
        layout.addWidget(self._label)

    def show_state(self, icon: Icon, words: str, tone: Tone) -> None:
        """Show a state in icon, words and colour."""
        self._icon.show_icon(icon, _TONE_COLOURS[tone], palette.CARD)
        self._label.setText(words)
        self.setAccessibleName(words)
        if self._label.property("tone") != tone:
            self._label.setProperty("tone", tone.value)
            self._label.style().polish(self._label)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take on the measures of another density."""
        side = sizes.small + 5
        self._icon.setFixedSize(side, side)


class StatusBar(QFrame):
    """Says on every page how the line, the queue and the devices are.

    Args:
        texts: the words.
        view: what to show first.
    """

    def __init__(self, texts: Texts, view: StatusView) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self._texts = texts
        self._view = view
        self._line = Chip()
        self._pending = Chip()
        self._synced = Chip()
        self._receiving = QLabel()
        self._receiving.setObjectName("receiving")
        self._receiving.hide()
        self._scanner = Chip()
        self._camera = Chip()
        self._sound = Chip()
        self._layout = QHBoxLayout(self)
        for chip in (self._line, self._pending, self._synced):
            self._layout.addWidget(chip)
        self._layout.addStretch(1)
        self._layout.addWidget(self._receiving)
        self._layout.addStretch(1)
        for chip in (self._scanner, self._camera, self._sound):
            self._layout.addWidget(chip)
        texts.language_changed.connect(self.retranslate)
        self.retranslate()

    def show_status(self, view: StatusView) -> None:
        """Show another state of things."""
        self._view = view
        self.retranslate()

    def show_receiving(self, *, receiving: bool) -> None:
        """Say, or no longer say, that a scan is coming in."""
        self._receiving.setVisible(receiving)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take on the measures of another density."""
        self._layout.setContentsMargins(2 * sizes.gap, sizes.gap, 2 * sizes.gap, sizes.gap)
        self._layout.setSpacing(2 * sizes.gap)
        # The strip keeps its height whether or not a scan is coming in.
        self.setFixedHeight(2 * sizes.small + 2 * sizes.gap)
        for chip in self._chips():
            chip.set_sizes(sizes)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        view = self._view
        self.setAccessibleName(self._texts(Text.status_bar))
        self._receiving.setText(self._texts(Text.ready_receiving))
        self._show(self._line, LINE_CHIPS[view.line])
        self._show(self._scanner, SCANNER_CHIPS[view.scanner])
        self._show(self._camera, CAMERA_CHIPS[view.camera])
        self._show(self._sound, SOUND_CHIPS[view.sound])
        waiting = view.pending_count > 0
        pending = Text.pending if waiting else Text.pending_none
        self._pending.show_state(
            Icon.upload,
            self._texts(pending, count=view.pending_count),
            Tone.caution if waiting else Tone.good,
        )
        self._synced.show_state(Icon.sync, self._synced_words(), Tone.plain)

    def _synced_words(self) -> str:
        if self._view.is_syncing:
            return self._texts(Text.syncing)
        if self._view.synced_seconds_ago is None:
            return self._texts(Text.synced_never)
        return self._texts(Text.synced, ago=self._texts.ago(self._view.synced_seconds_ago))

    def _show(self, chip: Chip, look: ChipLook) -> None:
        chip.show_state(look.icon, self._texts(look.text), look.tone)

    def _chips(self) -> tuple[Chip, ...]:
        return (
            self._line,
            self._pending,
            self._synced,
            self._scanner,
            self._camera,
            self._sound,
        )
