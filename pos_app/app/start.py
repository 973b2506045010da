"""Starts the till: one instance, a painted window, then the rest."""

import signal
import sys
from types import FrameType
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from pos_app.app.logs import set_up_logs
from pos_app.app.options import TillOptions
from pos_app.app.program import Program
from pos_app.app.single_instance import SingleInstance
from pos_app.ui.fonts import load_bundled_fonts
from pos_app.ui.setup_texts import SetupText, setup_text
from pos_app.ui.texts import Language, Texts
from pos_app.ui.theme import letters, sizes_for

EXIT_ALREADY_RUNNING = 3
WINDOW_HEIGHT = 768
"""The most common screen at a counter, in logical pixels."""
SIGNAL_LOOK_MS = 200
"""Python sees a signal only when it runs; Qt lets it run this often at least."""
FIRST_ZONE = ZoneInfo("Asia/Shanghai")
"""Until the till has read its store's own zone."""


def run(options: TillOptions) -> int:
    """Run the till until its window is closed.

    Returns:
        The exit code: 0, or `EXIT_ALREADY_RUNNING` where another process has the data folder.
    """
    options.data_folder.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("hexiao-till")
    load_bundled_fonts()
    # A style sheet makes widgets fall back on the application's own font, so it is ours too.
    application.setFont(letters(sizes_for(WINDOW_HEIGHT).body))
    language = Language(options.language)
    instance = SingleInstance(options.data_folder)
    knocks: list[Program] = []
    if not instance.claim(lambda: knocks[0].come_to_front() if knocks else None):
        sys.stderr.write(setup_text(language, SetupText.already_running) + "\n")
        return EXIT_ALREADY_RUNNING
    set_up_logs(options.data_folder)
    program = Program(options, Texts(language, FIRST_ZONE))
    knocks.append(program)
    alarm = _quit_on_signals(application)
    program.begin(application)
    try:
        return application.exec()
    finally:
        alarm.stop()
        program.close()
        instance.release()


def _quit_on_signals(application: QApplication) -> QTimer:
    """Close in good order when told to by the system or by Ctrl-C."""

    def quit_now(_number: int, _frame: FrameType | None) -> None:
        application.quit()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, quit_now)
    alarm = QTimer()
    alarm.timeout.connect(lambda: None)
    alarm.start(SIGNAL_LOOK_MS)
    return alarm
