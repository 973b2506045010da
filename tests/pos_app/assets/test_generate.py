"""The rendered sounds: short, loud enough, without clicks, and told apart by their rhythm."""

import wave
from pathlib import Path

import pytest

from pos_app.assets.cues import Cue
from pos_app.assets.generate import PATTERNS, SAMPLE_RATE_HZ, render, write_sounds

LENGTHS_MS = {
    Cue.receive: 30,
    Cue.ok: 180,
    Cue.offline_ok: 250,
    Cue.warn: 280,
    Cue.error: 400,
    Cue.attention: 700,
}


@pytest.mark.parametrize("cue", list(Cue))
def test_each_sound_has_its_length(cue: Cue) -> None:
    samples = memoryview(render(cue)).cast("h")
    assert len(samples) == pytest.approx(LENGTHS_MS[cue] * SAMPLE_RATE_HZ / 1000, abs=300)


@pytest.mark.parametrize("cue", list(Cue))
def test_each_sound_is_loud_and_begins_and_ends_softly(cue: Cue) -> None:
    samples = memoryview(render(cue)).cast("h")
    assert max(abs(sample) for sample in samples) > 8_000
    assert samples[0] == samples[-1] == 0


def test_sounds_differ_in_rhythm_and_not_in_pitch_alone() -> None:
    rhythms = {
        cue: tuple((tone.duration_ms, tone.frequency_hz == 0) for tone in tones)
        for cue, tones in PATTERNS.items()
    }
    assert len(set(rhythms.values())) == len(Cue)


def test_every_sound_is_written_as_a_wav_file(tmp_path: Path) -> None:
    paths = write_sounds(tmp_path / "sounds")
    assert [path.stem for path in paths] == list(Cue)
    with wave.open(str(paths[0]), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert file.getframerate() == SAMPLE_RATE_HZ
