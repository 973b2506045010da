"""The counter's devices together: camera and sounds, and how they are."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from pos_app.app.status_views import DeviceStates
from pos_app.assets.cues import Cue
from pos_app.core.device_states import CameraState, ScannerState, SoundState
from pos_app.core.scan import ScanSource, Symbology
from pos_app.devices.camera import Camera, camera_source
from pos_app.devices.frame_source import CameraChoice
from pos_app.devices.sounds import SoundPlayer

CAMERA_SYMBOLOGIES = frozenset({Symbology.qr, Symbology.code128})


def camera_choice(named: str | None) -> CameraChoice:
    """The camera a person named: a file plays like a live camera, anything else is a device."""
    if named is not None and Path(named).is_file():
        return CameraChoice(device="", video=Path(named), loops=True)
    return CameraChoice(device=named or "0")


class CounterDevices(QObject):
    """Camera and sounds of one counter.

    Signals:
        changed: a device is otherwise than before.
        camera_scanned: a `Scan`.
        preview: a `QImage`.

    Args:
        camera: as a person named it, or None for the first one.
        parent: the owner, as in every Qt object.
    """

    changed = Signal()
    camera_scanned = Signal(object)
    preview = Signal(QImage)

    def __init__(self, camera: str | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.states = DeviceStates()
        choice = camera_choice(camera)
        self._camera = Camera(lambda: camera_source(choice), CAMERA_SYMBOLOGIES, self)
        self._sounds = SoundPlayer(parent=self)
        self._camera.scanned.connect(self.camera_scanned)
        self._camera.preview.connect(self.preview)
        self._camera.state_changed.connect(self._take_camera)
        self._sounds.state_changed.connect(self._take_sound)

    def open(self) -> None:
        """Look for a sound device; the camera waits until it is wanted."""
        self._sounds.open()

    def close(self) -> None:
        """Give every device back."""
        self._camera.close()
        self._sounds.close()

    def set_camera_wanted(self, wanted: bool) -> None:  # noqa: FBT001 (a slot)
        """Open or release the camera."""
        self._camera.set_wanted(wanted)

    def note_scan(self, source: ScanSource) -> None:
        """A scan has come; a gun is known to work from its first one on."""
        if source is ScanSource.wedge and self.states.scanner is not ScannerState.ready:
            self.states = replace(self.states, scanner=ScannerState.ready)
            self.changed.emit()

    def receive(self) -> None:
        """Tick: a scan is complete."""
        self._sounds.play(Cue.receive)

    def warn(self) -> None:
        """Two short beeps: what a person asked for could not be done."""
        self._sounds.play(Cue.warn)

    def play(self, cue: Cue | None) -> None:
        """Play a verdict's sound."""
        if cue is not None:
            self._sounds.play(cue)

    def _take_camera(self, state: CameraState) -> None:
        self.states = replace(self.states, camera=state)
        self.changed.emit()

    def _take_sound(self, state: SoundState) -> None:
        self.states = replace(self.states, sound=state)
        self.changed.emit()
