"""A time that runs down, can be held, and tells how much is left."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

TICK_MS = 100


class Countdown(QObject):
    """Runs from a duration to zero, without the time for which it was held.

    Signals:
        ticked: every tenth of a second while it runs.
        ended: it reached zero.
    """

    ticked = Signal()
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._duration_ms = 0
        self._run_ms = 0
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def is_held(self) -> bool:
        """Whether it has begun and stands still."""
        return self._duration_ms > 0 and not self._timer.isActive()

    @property
    def run_ms(self) -> int:
        """How long it has run, held time left out."""
        return self._run_ms + (self._since.elapsed() if self._timer.isActive() else 0)

    @property
    def left_ms(self) -> int:
        """What is left, at least 0."""
        return max(0, self._duration_ms - self.run_ms)

    @property
    def left_share(self) -> float:
        """What is left as a share of the whole, 0 to 1; 0 where none runs."""
        return self.left_ms / self._duration_ms if self._duration_ms else 0.0

    def start(self, duration_ms: int) -> None:
        """Begin anew.

        Args:
            duration_ms: at least 1.
        """
        assert duration_ms >= 1
        self._duration_ms = duration_ms
        self._run_ms = 0
        self._since.start()
        self._timer.start()

    def hold(self) -> None:
        """Stand still; does nothing when it does already."""
        if self._timer.isActive():
            self._run_ms = self.run_ms
            self._timer.stop()

    def go_on(self) -> None:
        """Run on after `hold`."""
        if self.is_held:
            self._since.start()
            self._timer.start()

    def stop(self) -> None:
        """End without telling."""
        self._timer.stop()
        self._duration_ms = 0
        self._run_ms = 0

    def _tick(self) -> None:
        self.ticked.emit()
        if self.left_ms == 0 and self._timer.isActive():
            self.stop()
            self.ended.emit()
