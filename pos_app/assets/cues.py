"""The names of the counter's sounds and where their files are."""

from enum import StrEnum
from pathlib import Path

SOUNDS_FOLDER = Path(__file__).parent / "sounds"


class Cue(StrEnum):
    """What a sound tells; each differs from the rest in rhythm, not in pitch alone."""

    receive = "receive"
    """A scan is complete and being decided: a short tick."""
    ok = "ok"
    """Redeemed: one rising pair of tones."""
    offline_ok = "offline_ok"
    """Accepted without confirmation: the rising pair and a tick."""
    warn = "warn"
    """Used before, or a choice is needed: two short beeps."""
    error = "error"
    """Not accepted: three low buzzes."""
    attention = "attention"
    """Something beside the verdict needs a person: a bell."""


def sound_path(cue: Cue, folder: Path = SOUNDS_FOLDER) -> Path:
    """Where the file of a cue is, or would be."""
    return folder / f"{cue}.wav"
