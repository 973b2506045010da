"""Lets the windows ask the backstage for work without importing it."""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from pos_app.app.background import Background
from pos_app.app.options import TillOptions

if TYPE_CHECKING:
    from pos_app.app.backstage import Backstage, Opened
    from pos_app.services.sync_rounds import News

Result = TypeVar("Result")


class StageDoor:
    """Hands work to the one worker; what is asked for before the backstage is open waits for it.

    Args:
        background: the worker.
    """

    def __init__(self, background: Background) -> None:
        self._background = background
        self._stage: Backstage | None = None

    def open(
        self,
        options: TillOptions,
        callbacks: dict[str, Callable[..., None]],
        done: Callable[["Opened"], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Import and open everything behind the window, on the worker.

        Args:
            options: how the till was started.
            callbacks: the fields of `pos_app.services.sync_rounds.News`.
            done: hears how things stand.
            failed: hears why the till cannot work.
        """

        def work() -> "Opened":
            module = importlib.import_module("pos_app.app.backstage")
            news = cast("News", module.News(**callbacks))
            stage = cast("Backstage", module.Backstage(options, news))
            self._stage = stage
            return stage.open()

        self._background.run(work, done, failed)

    def ask(
        self,
        work: Callable[["Backstage"], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Run `work` on the worker after everything asked for before."""
        self._background.run(lambda: work(self._opened()), done, failed)

    def close(self) -> None:
        """End the line and the database, after the work that has begun."""
        if self._stage is not None:
            stage = self._stage
            self._background.run(stage.close, lambda _: None, lambda _: None)
        self._background.close()

    def _opened(self) -> "Backstage":
        if self._stage is None:
            raise NotOpenError
        return self._stage


class NotOpenError(Exception):
    """The backstage could not be opened; the reason has been shown."""
