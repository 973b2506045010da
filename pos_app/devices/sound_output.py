"""What the sound device plays: sounds in memory, mixed with silence, on its own thread.

Imported by the sound player's worker only, because it brings miniaudio with it.
"""

import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import miniaudio

from pos_app.assets.cues import Cue, sound_path
from pos_app.assets.generate import SAMPLE_BYTES, SAMPLE_RATE_HZ, render

BUFFER_MS = 30
"""How far ahead the sound device is fed; a sound starts at most so much late."""
VOLUME_PERCENT_MAX = 100
_LINUX_CARDS = Path("/proc/asound/cards")
_SKIPPED_BACKENDS = frozenset({"NULL", "CUSTOM", "JACK", "ALSA"})


class SoundStream:
    """Silence, and the latest sound from its beginning on.

    Args:
        clips: samples of each cue; 16 bits, one channel.
        began: told of a cue when its first sample is handed to the device, on the device's thread.
    """

    def __init__(self, clips: Mapping[Cue, bytes], began: Callable[[Cue], None]) -> None:
        self._clips = clips
        self._began = began
        self._wanted: Cue | None = None
        self._is_fed = True

    def play(self, cue: Cue) -> None:
        """Play a cue from its beginning, instead of what plays now."""
        self._wanted = cue

    def was_fed(self) -> bool:
        """Whether the device has asked for samples since the last time this was asked."""
        was_fed, self._is_fed = self._is_fed, False
        return was_fed

    def samples(self) -> Generator[bytes, int, None]:
        """Yield as many frames as the device asks for, for ever."""
        clip = b""
        frames = yield b""
        while True:
            self._is_fed = True
            wanted, self._wanted = self._wanted, None
            if wanted is not None:
                clip = self._clips[wanted]
                self._began(wanted)
            size = frames * SAMPLE_BYTES
            now, clip = clip[:size], clip[size:]
            frames = yield now.ljust(size, b"\x00")


def load_clips(folder: Path, volume_percent: int) -> dict[Cue, bytes]:
    """Read the sounds, rendering those whose file is missing or broken.

    Args:
        folder: where the files are, in any format that miniaudio reads.
        volume_percent: 0 to 100.
    """
    return {cue: _scaled(_clip(cue, folder), volume_percent) for cue in Cue}


def open_device(stream: SoundStream, backend_names: list[str] | None) -> Any:  # noqa: ANN401 - untyped library
    """Open and start the first sound system that works.

    Args:
        stream: what it plays.
        backend_names: sound systems to try, in order; None for those of this machine.

    Returns:
        The device, to be closed by the caller; None where none works.
    """
    for name in _machine_backends() if backend_names is None else backend_names:
        samples = stream.samples()
        next(samples)
        try:
            device = miniaudio.PlaybackDevice(
                nchannels=1,
                sample_rate=SAMPLE_RATE_HZ,
                buffersize_msec=BUFFER_MS,
                backends=[miniaudio.Backend[name]],
                app_name="Hexiao",
            )
            device.start(samples)
        except miniaudio.MiniaudioError:
            continue
        return device
    return None


def _machine_backends() -> list[str]:
    """The sound systems worth trying; ALSA only with a card, or it complains on the terminal."""
    enabled = {backend.name for backend in miniaudio.get_enabled_backends()}
    backends = sorted(enabled - _SKIPPED_BACKENDS, reverse=True)
    if sys.platform == "linux" and _LINUX_CARDS.is_file() and "[" in _LINUX_CARDS.read_text():
        backends.append("ALSA")
    return backends


def _clip(cue: Cue, folder: Path) -> bytes:
    path = sound_path(cue, folder)
    if not path.is_file():
        return render(cue)
    try:
        decoded = miniaudio.decode_file(str(path), nchannels=1, sample_rate=SAMPLE_RATE_HZ)
    except miniaudio.DecodeError:
        return render(cue)
    return bytes(decoded.samples)


def _scaled(samples: bytes, volume_percent: int) -> bytes:
    if volume_percent == VOLUME_PERCENT_MAX:
        return samples
    scaled = memoryview(bytearray(samples)).cast("h")
    for index, sample in enumerate(scaled):
        scaled[index] = sample * volume_percent // VOLUME_PERCENT_MAX
    return bytes(scaled)
