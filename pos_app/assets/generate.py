"""Renders the counter's sounds: `python -m pos_app.assets.generate [FOLDER]`.

Every sound is a row of tones, so all are ours and the same everywhere. Files that are there are
written anew.
"""

import math
import struct
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

from pos_app.assets.cues import SOUNDS_FOLDER, Cue, sound_path

SAMPLE_RATE_HZ = 44_100
SAMPLE_BYTES = 2
AMPLITUDE_MAX = 32_767
FADE_MS = 4
"""Length of the ramps at both ends of a tone, without which it clicks."""

SOFT = (1.0, 0.18, 0.06)
"""Strengths of a mellow tone and its overtones."""
BUZZ = (1.0, 0.0, 0.6, 0.0, 0.45, 0.0, 0.3)
"""Odd overtones make a low tone rough, so that small speakers let it be heard."""


@dataclass(frozen=True, slots=True)
class Tone:
    """One tone, or a pause where `frequency_hz` is 0.

    Attributes:
        frequency_hz: 0 to 8,000.
        duration_ms: at least 1.
        overtones: strength of the tone and of each multiple of its frequency, 0 to 1 each.
        loudness: 0 to 1.
        decays: dies away like a bell instead of ending.
    """

    frequency_hz: float
    duration_ms: int
    overtones: tuple[float, ...] = SOFT
    loudness: float = 0.8
    decays: bool = False


def _pause(duration_ms: int) -> Tone:
    return Tone(0, duration_ms)


_TICK = Tone(2093, 30, loudness=0.5)
_BEEP = Tone(698, 100)
_LOW_BUZZ = Tone(165, 100, overtones=BUZZ, loudness=0.9)

PATTERNS: dict[Cue, tuple[Tone, ...]] = {
    Cue.receive: (_TICK,),
    Cue.ok: (Tone(880, 80), Tone(1319, 100)),
    Cue.offline_ok: (Tone(784, 80), Tone(1047, 100), _pause(40), _TICK),
    Cue.warn: (_BEEP, _pause(80), _BEEP),
    Cue.error: (_LOW_BUZZ, _pause(50), _LOW_BUZZ, _pause(50), _LOW_BUZZ),
    Cue.attention: (
        Tone(1568, 180, decays=True),
        Tone(1175, 180, decays=True),
        Tone(1568, 340, decays=True),
    ),
}


def render(cue: Cue) -> bytes:
    """Compute a sound.

    Returns:
        Its samples, 16 bits each with the low byte first, one channel, `SAMPLE_RATE_HZ` a second.
    """
    samples = [sample for tone in PATTERNS[cue] for sample in _rendered(tone)]
    return struct.pack(f"<{len(samples)}h", *samples)


def _rendered(tone: Tone) -> list[int]:
    count = SAMPLE_RATE_HZ * tone.duration_ms // 1000
    strength = AMPLITUDE_MAX * tone.loudness / sum(tone.overtones)
    return [
        round(strength * _loudness_at(tone, index, count) * _wave_at(tone, index))
        for index in range(count)
    ]


def _wave_at(tone: Tone, index: int) -> float:
    angle = 2 * math.pi * tone.frequency_hz * index / SAMPLE_RATE_HZ
    return sum(
        level * math.sin(angle * multiple) for multiple, level in enumerate(tone.overtones, start=1)
    )


def _loudness_at(tone: Tone, index: int, count: int) -> float:
    fade = SAMPLE_RATE_HZ * FADE_MS // 1000
    ramp = min(1.0, index / fade, (count - 1 - index) / fade)
    return ramp * math.exp(-4 * index / count) if tone.decays else ramp


def write_sounds(folder: Path) -> list[Path]:
    """Write every sound as a WAV file.

    Returns:
        The files, in the order of `Cue`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [sound_path(cue, folder) for cue in Cue]
    for cue, path in zip(Cue, paths, strict=True):
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(SAMPLE_RATE_HZ)
            file.writeframes(render(cue))
    return paths


if __name__ == "__main__":
    write_sounds(Path(sys.argv[1]) if len(sys.argv) > 1 else SOUNDS_FOLDER)
