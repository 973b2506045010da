"""A window with a quiet day in it."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from pos_app.ui.main_window import MainWindow
from pos_app.ui.texts import Language, Texts
from pos_app.ui.window_options import WindowOptions
from tests.pos_app.ui.samples import ONLINE, READY, ZONE


@pytest.fixture
def texts() -> Texts:
    return Texts(Language.english, ZONE)


WindowMaker = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, texts: Texts) -> WindowMaker:
    def make(
        width: int = 1366, height: int = 768, options: WindowOptions | None = None
    ) -> MainWindow:
        window = MainWindow(texts, READY, ONLINE, options)
        qtbot.addWidget(window)
        window.resize(width, height)
        window.show()
        window.activateWindow()
        with qtbot.waitActive(window):
            pass
        return window

    return make
