"""No word is cut off at any size, language or magnification the counter promises."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTableView

from pos_app.ui.main_window import MainWindow
from pos_app.ui.reason_looks import reason_view
from pos_app.ui.texts import Language, Texts
from pos_app.ui.window_options import WindowOptions
from shared.reasons import Reason
from tests.pos_app.ui.samples import (
    OFFLINE,
    REDEEMED_FACTS,
    TROUBLED,
    USED_FACTS,
    history,
    verdicts,
)

pytestmark = pytest.mark.qt

OpenWindow = Callable[..., MainWindow]
CELL_PADDING = 24
# 960 x 540 is 1920 x 1080 at 200 %; 1280 x 720 is the same at 150 %.
SIZES = ((960, 540), (1024, 768), (1280, 720), (1366, 768), (1920, 1080))


def settle() -> None:
    """Let nested layouts hand their new hints upwards."""
    for _ in range(5):
        QApplication.processEvents()


def longest_word_width(label: QLabel) -> int:
    metrics = QFontMetrics(label.font())
    return max(metrics.horizontalAdvance(word) for word in label.text().split() or [""])


def worded(window: MainWindow) -> list[QLabel | QAbstractButton]:
    """The visible widgets that say something."""
    found: list[QLabel | QAbstractButton] = list(window.findChildren(QLabel))
    found += window.findChildren(QAbstractButton)
    return [widget for widget in found if widget.isVisible() and widget.text()]


def wrapped_words_fit(label: QLabel) -> bool:
    is_low = label.heightForWidth(label.width()) > label.height()
    # Chinese may break anywhere; English only between words.
    is_narrow = label.text().isascii() and longest_word_width(label) > label.contentsRect().width()
    return not is_low and not is_narrow


def clipped(window: MainWindow) -> Iterator[str]:
    whole = QRect(0, 0, window.width(), window.height())
    for widget in worded(window):
        place = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())
        if not whole.contains(place):
            yield f"outside the window: {widget.text()!r} {place}"
        if isinstance(widget, QLabel) and widget.wordWrap():
            if not wrapped_words_fit(widget):
                yield f"does not fit: {widget.text()!r} {widget.size()}"
        elif widget.sizeHint().width() > widget.width():
            yield f"too narrow: {widget.text()!r} {widget.size()} {widget.sizeHint()}"
    for table in window.findChildren(QTableView):
        if table.isVisible():
            yield from clipped_cells(table)


def clipped_cells(table: QTableView) -> Iterator[str]:
    model, metrics = table.model(), QFontMetrics(table.font())
    for column in range(model.columnCount()):
        words = [model.headerData(column, table.horizontalHeader().orientation())]
        words += [model.index(row, column).data() for row in range(model.rowCount())]
        room = QRect(0, 0, table.columnWidth(column) - CELL_PADDING, table.rowHeight(0))
        for word in words:
            needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, str(word))
            if needed.height() > room.height() or needed.width() > room.width():
                yield f"cell: {word!r} {needed.size()} {room.size()}"


def states(window: MainWindow, texts: Texts) -> Iterator[str]:
    """Bring the window into one state after another."""
    yield "ready"
    window.set_camera(on=True)
    yield "camera"
    window.set_camera(on=False)
    window.show_receiving()
    yield "receiving"
    for name, view in verdicts(texts).items():
        window.show_verdict(view)
        yield name
    window.show_status(TROUBLED)
    window.show_offline(OFFLINE)
    window.show_verdict(verdicts(texts)["offline-ok"])
    yield "offline-ok with banner"
    window.show_ready()
    yield "offline"
    window.show_history(history(30))
    window._toggle_history()
    yield "history"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_state_at_every_size(
    open_window: OpenWindow, texts: Texts, language: Language, width: int, height: int
) -> None:
    texts.set_language(language)
    window = open_window(width, height)
    problems = {}
    for state in states(window, texts):
        settle()
        problems[state] = list(clipped(window))
    assert {state: found for state, found in problems.items() if found} == {}
    assert (window.width(), window.height()) == (width, height)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("size", "font_percent"),
    [((1366, 768), 125), ((1366, 768), 150), ((1920, 1080), 150), ((1920, 1080), 200)],
)
def test_every_state_with_larger_letters(
    open_window: OpenWindow,
    texts: Texts,
    language: Language,
    size: tuple[int, int],
    font_percent: int,
) -> None:
    texts.set_language(language)
    window = open_window(*size, WindowOptions(font_percent=font_percent))
    problems = {}
    for state in states(window, texts):
        settle()
        problems[state] = list(clipped(window))
    assert {state: found for state, found in problems.items() if found} == {}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "height"), [(960, 540), (1024, 768), (1366, 768)])
def test_every_reason_with_its_longest_evidence(
    open_window: OpenWindow, texts: Texts, language: Language, width: int, height: int
) -> None:
    texts.set_language(language)
    window = open_window(width, height)
    problems = {}
    for reason in Reason:
        facts = REDEEMED_FACTS if reason is Reason.accepted else USED_FACTS
        window.show_verdict(reason_view(texts, reason, facts))
        settle()
        problems[reason] = list(clipped(window))
    assert {reason: found for reason, found in problems.items() if found} == {}
