"""The pinned PySide6 must leave Python's own values alone."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.qt

CALLS = 200


class Sender(QObject):
    sent = Signal(object)


def test_calls_and_signals_take_no_reference_from_none_and_true(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 takes one at each call and aborts after some thousands."""
    sender = Sender()
    label = QLabel()
    qtbot.addWidget(label)
    label.setText("0")
    before = (sys.getrefcount(None), sys.getrefcount(True))
    for number in range(CALLS):
        sender.sent.emit(number)
        label.setText(str(number))
    after = (sys.getrefcount(None), sys.getrefcount(True))
    lost = [early - late for early, late in zip(before, after, strict=True)]
    assert max(lost) < CALLS // 4
