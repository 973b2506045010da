"""Plays the counter's sounds at once, and says when none can be heard."""

import importlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from pos_app.assets.cues import SOUNDS_FOLDER, Cue
from pos_app.core.device_states import SoundState

if TYPE_CHECKING:
    from pos_app.devices.sound_output import SoundStream

REOPEN_MS = 10_000
"""How often a missing sound device is looked for."""
HEARTBEAT_MS = 2_000
"""A device that asks for no samples for this long has gone away."""


class SoundPlayer(QObject):
    """Keeps the sound device open and every sound in memory, so that a sound starts at once.

    A new sound cuts off the one before it. Files that are missing are rendered instead.

    Signals:
        state_changed: a `SoundState`.
        began: a `Cue`, when its first sample has been handed to the device.

    Args:
        volume_percent: how loud, 0 to 100.
        folder: where the sounds are.
        backend_names: the sound systems to try, in order, such as `WASAPI`; None for those of this
            machine.
        parent: the owner, as in every Qt object.
    """

    state_changed = Signal(object)
    began = Signal(object)
    _opened = Signal(object, object)

    def __init__(
        self,
        volume_percent: int = 100,
        folder: Path = SOUNDS_FOLDER,
        backend_names: list[str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._volume_percent = volume_percent
        self._folder = folder
        self._backend_names = backend_names
        self._stream: SoundStream | None = None
        self._device: Any = None  # miniaudio ships no types
        self._state = SoundState.starting
        self._is_muted = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sound")
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._look)
        self._opened.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def state(self) -> SoundState:
        """Whether sounds can be heard, as last told by `state_changed`."""
        return SoundState.muted if self._is_muted else self._state

    def open(self) -> None:
        """Load the sounds and look for a device, in the background."""
        self._worker.submit(self._open)

    def play(self, cue: Cue) -> None:
        """Start a sound and return at once; silent while muted or without a device."""
        if self._stream is not None and not self._is_muted:
            self._stream.play(cue)

    def set_muted(self, muted: bool) -> None:  # noqa: FBT001 (a slot)
        """Keep silent, or not."""
        before = self.state
        self._is_muted = muted
        if self.state is not before:
            self.state_changed.emit(self.state)

    def close(self) -> None:
        """Give the device back before the program ends."""
        self._watch.stop()
        self._worker.shutdown(wait=True, cancel_futures=True)
        if self._device is not None:
            self._device.close()
            self._device = None

    def _open(self) -> None:
        output = importlib.import_module("pos_app.devices.sound_output")
        clips = output.load_clips(self._folder, self._volume_percent)
        stream = output.SoundStream(clips, self.began.emit)
        self._opened.emit(output.open_device(stream, self._backend_names), stream)

    def _take(self, device: object, stream: "SoundStream") -> None:
        self._device = device
        self._stream = None if device is None else stream
        self._set_state(SoundState.missing if device is None else SoundState.ready)
        self._watch.start(REOPEN_MS if device is None else HEARTBEAT_MS)

    def _look(self) -> None:
        """Look for a device that has come or gone."""
        if self._stream is not None and self._stream.was_fed():
            return
        self._watch.stop()
        if self._device is not None:
            gone, self._device, self._stream = self._device, None, None
            self._worker.submit(gone.close)
            self._set_state(SoundState.missing)
        self._worker.submit(self._open)

    def _set_state(self, state: SoundState) -> None:
        before = self.state
        self._state = state
        if self.state is not before:
            self.state_changed.emit(self.state)
