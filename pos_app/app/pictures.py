"""A support tool: saves a picture of the window whenever something else is shown."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

SETTLED_AFTER_MS = 250
"""Layout and first frames are done by then."""


class Pictures(QObject):
    """Saves numbered pictures, named by what is shown.

    Args:
        folder: receives them; made when missing. None saves nothing.
        window: says which window is in front.
        parent: the owner, as in every Qt object.
    """

    def __init__(
        self,
        folder: Path | None,
        window: Callable[[], QWidget],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._window = window
        self._count = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def take(self, word: str) -> None:
        """Save what is shown now, once it has settled."""
        if self._folder is None:
            return
        self._count += 1
        path = self._folder / f"{self._count:03d}-{word}.png"
        QTimer.singleShot(SETTLED_AFTER_MS, self, lambda: self._window().grab().save(str(path)))
