import os
import sys
from pathlib import Path

import numpy as np
import pytest

from server.demo.keyboard import Keyboard
from server.demo.programs import Programs
from server.demo.screen import (
    HEIGHT,
    WIDTH,
    Picture,
    open_screen,
    picture_of_dump,
    read_png,
    share_of,
)
from server.demo.waiting import StepFailedError, until

WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
application = QApplication([])
field = QLineEdit()
field.setStyleSheet("background: rgb(200, 30, 10)")
field.setWindowTitle("Till 1")
field.textChanged.connect(lambda text: print("text", text, flush=True))
field.returnPressed.connect(lambda: print("return", flush=True))
field.setGeometry(0, 0, 400, 300)
field.show()
application.exec()
"""


def dump_of(pixels: Picture, bits: int = 32) -> bytes:
    """An X window dump with two colours in its map."""
    height, width = pixels.shape[:2]
    header = np.zeros(25, ">u4")
    header[[0, 4, 5, 11, 12, 19]] = [108, width, height, bits, width * 4, 2]
    return header.tobytes() + bytes(8) + bytes(2 * 12) + pixels.tobytes()


def test_a_dump_is_read_without_its_colour_map() -> None:
    pixels = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    assert np.array_equal(picture_of_dump(dump_of(pixels)), pixels[:, :, :3])


def test_a_screen_of_another_depth_is_refused() -> None:
    with pytest.raises(StepFailedError, match="16 bits a pixel"):
        picture_of_dump(dump_of(np.zeros((2, 3, 4), np.uint8), bits=16))


@pytest.mark.xvfb
def test_keys_reach_a_real_window_and_the_screen_is_photographed(tmp_path: Path) -> None:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with Programs(tmp_path, environment) as programs:
        screen = open_screen(programs, tmp_path)
        window = programs.start(
            "window",
            [sys.executable, "-u", "-c", WINDOW],
            variables={"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"},
        )
        keyboard = Keyboard(screen.display)
        keyboard.focus(window.process.pid, "Till", seconds=20)

        keyboard.scan("1234AB")
        until(lambda: b"return" in window.log.read_bytes(), "the keys")
        assert window.log.read_text().splitlines()[-2:] == ["text 1234AB", "return"]

        screen.photograph(tmp_path / "screen.png")
        picture = read_png(tmp_path / "screen.png")
        assert picture.shape == (HEIGHT, WIDTH, 3)
        assert picture[HEIGHT - 20, WIDTH // 2].tolist() == [10, 30, 200]


def test_the_share_of_a_colour_forgives_rounding_only() -> None:
    picture = np.zeros((10, 10, 3), np.uint8)
    picture[:3] = (0x5C, 0x69, 0x00)
    picture[3] = (0x5E, 0x68, 0x01)
    picture[4] = (0x6C, 0x69, 0x00)
    assert share_of(picture, "#00695C") == 0.4
