"""`make screenshots`: pictures of every state of the counter app, in both languages and two sizes.

The real windows are given the values of `tests.pos_app.ui.samples` and save what they painted as
`screenshots/STATE-LANGUAGE-SIZE.png`, with an index page to leaf through.
"""

import html
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from pos_app.ui.main_window import MainWindow
from pos_app.ui.reason_looks import reason_view
from pos_app.ui.setup_texts import SetupText
from pos_app.ui.setup_window import SetupWindow
from pos_app.ui.texts import Language, Texts
from pos_app.ui.window_options import Page
from shared.reasons import Reason
from tests.pos_app.ui.samples import (
    OFFLINE,
    ONLINE,
    READY,
    TROUBLED,
    USED_FACTS,
    ZONE,
    history,
    verdicts,
)

FOLDER = Path("screenshots")
SIZES = ((1366, 768), (1920, 1080))
LANGUAGES = {Language.chinese: "zh", Language.english: "en"}
HISTORY_KEY = "F3"
SETTLING_ROUNDS = 5
"""Nested layouts hand their new hints upwards one level a round."""

State = tuple[str, QWidget, Callable[[], object]]


def main() -> int:
    """Paint everything; returns the exit code."""
    application = QApplication(sys.argv[:1])
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    taken: list[str] = []
    for language, short in LANGUAGES.items():
        texts = Texts(language, ZONE)
        for name, window, show in (*counter_states(texts), *setup_states(texts)):
            for width, height in SIZES:
                picture = f"{name}-{short}-{width}x{height}.png"
                take(application, window, show, (width, height)).save(str(FOLDER / picture))
                taken.append(picture)
    write_index(taken)
    print(f"{len(taken)} pictures in {FOLDER}/, leaf through {FOLDER}/index.html")
    return 0


def take(
    application: QApplication,
    window: QWidget,
    show: Callable[[], object],
    size: tuple[int, int],
) -> QPixmap:
    """Bring a window into a state and return what it painted."""
    window.resize(*size)
    window.show()
    show()
    for _ in range(SETTLING_ROUNDS):
        application.processEvents()
    picture = window.grab()
    window.hide()
    return picture


def counter_states(texts: Texts) -> Iterator[State]:
    """Every state of the window at the counter."""
    window = MainWindow(texts, READY, ONLINE)
    yield "ready", window, window.show_ready
    yield "receiving", window, window.show_receiving
    for name, view in verdicts(texts).items():
        yield name, window, partial(window.show_verdict, view)
    for reason in Reason:
        view = reason_view(texts, reason, USED_FACTS)
        yield f"reason-{reason}", window, partial(window.show_verdict, view)
    offline = MainWindow(texts, READY, TROUBLED)
    offline.show_offline(OFFLINE)
    yield "offline", offline, offline.show_ready
    day = MainWindow(texts, READY, ONLINE)
    yield "history", day, partial(show_history, day)


def show_history(window: MainWindow) -> None:
    """Press the button for today's scans, and hand them over."""
    buttons = window.findChildren(QAbstractButton)
    button = next(button for button in buttons if HISTORY_KEY in button.text())
    if window.page is not Page.history:
        button.click()
    window.show_history(history(40))


def setup_states(texts: Texts) -> Iterator[State]:
    """Every state of the window before a till works, and after it has ended."""
    window = SetupWindow(texts, "https://hexiao.example")
    yield "boot", window, window.show_starting
    yield "unpaired", window, window.show_pairing
    yield "comparing", window, lambda: window.show_comparing("483920", "南京东路旗舰店")
    yield "first-sync", window, lambda: window.show_first_sync(12_480)
    yield "revoked", window, lambda: window.show_ended(SetupText.revoked_explained, 3)
    yield "quarantine", window, lambda: window.show_ended(SetupText.forked_explained, 3)


def write_index(pictures: list[str]) -> None:
    """A page with every picture, small, each a link to itself."""
    figures = "\n".join(
        f'<figure><a href="{html.escape(name)}"><img src="{html.escape(name)}" loading="lazy"'
        f' alt=""></a><figcaption>{html.escape(name)}</figcaption></figure>'
        for name in pictures
    )
    style = (
        "body{font:14px sans-serif;display:grid;gap:16px;padding:16px;"
        "grid-template-columns:repeat(auto-fill,minmax(320px,1fr))}"
        "figure{margin:0}img{width:100%;border:1px solid #ccc}"
    )
    page = f"<!doctype html><meta charset=utf-8><title>Hexiao</title><style>{style}</style>"
    (FOLDER / "index.html").write_text(f"{page}\n{figures}\n")


if __name__ == "__main__":
    sys.exit(main())
