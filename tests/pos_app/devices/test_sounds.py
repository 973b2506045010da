"""Sounds played on miniaudio's null device, which keeps time but has no loudspeaker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QElapsedTimer
from pytestqt.qtbot import QtBot

from pos_app.assets.cues import Cue, sound_path
from pos_app.assets.generate import render, write_sounds
from pos_app.core.device_states import SoundState
from pos_app.devices.sound_output import SoundStream, load_clips
from pos_app.devices.sounds import SoundPlayer

WAIT_MS = 10_000
START_MS_MAX = 100


@pytest.fixture
def player(qtbot: QtBot, tmp_path: Path) -> Iterator[SoundPlayer]:
    write_sounds(tmp_path)
    player = SoundPlayer(folder=tmp_path, backend_names=["NULL"])
    player.open()
    qtbot.waitUntil(lambda: player.state is SoundState.ready, timeout=WAIT_MS)
    yield player
    player.close()


@pytest.mark.qt
class TestSoundPlayer:
    @pytest.mark.parametrize("cue", list(Cue))
    def test_a_sound_begins_within_a_tenth_of_a_second(
        self, qtbot: QtBot, player: SoundPlayer, cue: Cue
    ) -> None:
        clock = QElapsedTimer()
        with qtbot.waitSignal(player.began, timeout=WAIT_MS) as began:
            clock.start()
            player.play(cue)
            called_ms = clock.elapsed()
        assert began.args == [cue]
        assert called_ms < 10
        assert clock.elapsed() <= START_MS_MAX

    def test_the_latest_sound_cuts_off_the_one_before(
        self, qtbot: QtBot, player: SoundPlayer
    ) -> None:
        began: list[Cue] = []
        player.began.connect(began.append)
        with qtbot.waitSignal(player.began, timeout=WAIT_MS):
            player.play(Cue.attention)
        with qtbot.waitSignal(player.began, timeout=WAIT_MS):
            player.play(Cue.error)
        assert began == [Cue.attention, Cue.error]

    def test_a_muted_player_plays_nothing_and_says_so(
        self, qtbot: QtBot, player: SoundPlayer
    ) -> None:
        states: list[SoundState] = []
        player.state_changed.connect(states.append)
        player.set_muted(True)
        with qtbot.assertNotEmitted(player.began, wait=200):
            player.play(Cue.ok)
        player.set_muted(False)
        assert states == [SoundState.muted, SoundState.ready]

    def test_a_machine_without_a_sound_device_is_silent_and_says_so(self, qtbot: QtBot) -> None:
        player = SoundPlayer(backend_names=[])
        player.open()
        qtbot.waitUntil(lambda: player.state is SoundState.missing, timeout=WAIT_MS)
        player.play(Cue.ok)
        player.close()

    def test_this_machines_own_sound_systems_are_tried_without_complaint(
        self, qtbot: QtBot, capfd: pytest.CaptureFixture[str]
    ) -> None:
        player = SoundPlayer()
        player.open()
        qtbot.waitUntil(lambda: player.state is not SoundState.starting, timeout=WAIT_MS)
        player.close()
        assert capfd.readouterr().err == ""


class TestClips:
    def test_a_missing_or_broken_file_is_replaced_by_a_rendered_sound(self, tmp_path: Path) -> None:
        sound_path(Cue.ok, tmp_path).write_bytes(b"not a sound")
        assert load_clips(tmp_path, 100) == {cue: render(cue) for cue in Cue}

    def test_files_are_what_was_rendered(self, tmp_path: Path) -> None:
        write_sounds(tmp_path)
        assert load_clips(tmp_path, 100) == {cue: render(cue) for cue in Cue}

    def test_volume_scales_every_sample(self, tmp_path: Path) -> None:
        assert set(load_clips(tmp_path, 0)[Cue.error]) == {0}
        full = memoryview(load_clips(tmp_path, 100)[Cue.ok]).cast("h")
        half = memoryview(load_clips(tmp_path, 50)[Cue.ok]).cast("h")
        assert abs(max(full) // 2 - max(half)) <= 1


def test_the_stream_hands_out_a_whole_sound_and_then_silence() -> None:
    clips = {cue: bytes([number + 1, 0] * 50) for number, cue in enumerate(Cue)}
    stream = SoundStream(clips, lambda _: None)
    samples = stream.samples()
    next(samples)
    stream.play(Cue.receive)
    handed_out = b"".join(samples.send(30) for _ in range(3))
    assert handed_out == b"\x01\x00" * 50 + b"\x00\x00" * 40
