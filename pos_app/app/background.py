"""Runs work off the GUI thread and brings its results back to it."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class Background(QObject):
    """Runs plain functions one after another on one worker thread.

    `work` must not touch a widget. `done` and `failed` run on the GUI thread, in order.
    One worker on purpose: two scans never race each other, and none overtakes another.

    Args:
        parent: the owner, as in every Qt object.
    """

    _settled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_closed = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="till")
        self._settled.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Do `work` after everything asked for before, then call `done` or `failed`.

        Once closed, nothing is done and neither is called: the program is ending.
        """
        if self._is_closed:
            return
        future = self._worker.submit(work)
        future.add_done_callback(partial(self._settle, done, failed))

    def close(self) -> None:
        """Take no more work, and wait until all that was asked for is done."""
        self._is_closed = True
        self._worker.shutdown(wait=True)

    def _settle(
        self,
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
        future: "Future[Result]",
    ) -> None:
        """Hand a result over; runs on the worker."""
        try:
            result = future.result()
        except CancelledError:
            return
        except BaseException as cause:  # noqa: BLE001 - handed on whole to the GUI thread
            self._settled.emit(partial(failed, cause))
        else:
            self._settled.emit(partial(done, result))

    def _deliver(self, call: Callable[[], None]) -> None:
        call()
