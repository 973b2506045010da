"""A time that runs down and can be held."""

import pytest
from PySide6.QtCore import QElapsedTimer
from pytestqt.qtbot import QtBot

from pos_app.ui.countdown import Countdown

pytestmark = pytest.mark.qt

WAIT_MS = 5_000


def test_it_ends_once_after_its_duration(qtbot: QtBot) -> None:
    countdown = Countdown()
    ends: list[int] = []
    clock = QElapsedTimer()
    countdown.ended.connect(lambda: ends.append(clock.elapsed()))
    clock.start()
    countdown.start(300)
    qtbot.waitUntil(lambda: bool(ends), timeout=WAIT_MS)
    assert 300 <= ends[0] < 1_000
    assert countdown.left_share == 0
    assert not countdown.is_held


def test_held_time_does_not_count(qtbot: QtBot) -> None:
    countdown = Countdown()
    countdown.start(400)
    qtbot.waitUntil(lambda: countdown.run_ms >= 150, timeout=WAIT_MS)
    countdown.hold()
    held_at_ms = countdown.run_ms
    assert countdown.is_held
    with qtbot.assertNotEmitted(countdown.ended, wait=600):
        pass
    assert countdown.run_ms == held_at_ms
    with qtbot.waitSignal(countdown.ended, timeout=WAIT_MS):
        countdown.go_on()


def test_stopped_it_neither_holds_nor_goes_on(qtbot: QtBot) -> None:
    countdown = Countdown()
    countdown.start(200)
    countdown.stop()
    countdown.hold()
    countdown.go_on()
    assert not countdown.is_held
    with qtbot.assertNotEmitted(countdown.ended, wait=400):
        pass
