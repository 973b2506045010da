"""Judges from the last calls whether the server can be reached, without flapping."""

from collections import deque
from enum import StrEnum

REMEMBERED_CALLS = 5
FAILURES_TO_OFFLINE = 2
ANSWERS_TO_ONLINE = 2
MEAN_SECONDS_TO_OFFLINE = 5.0
"""A line this slow on average is as good as none to a customer who waits."""


class Line(StrEnum):
    """Whether the server can be reached."""

    unknown = "unknown"
    """Not tried yet."""
    online = "online"
    """Calls are answered."""
    offline = "offline"
    """Calls fail; the till works with what it holds."""


class LineJudge:
    """Remembers how the last calls went.

    Two failures among the last five calls, or a slow mean, mean offline; two answers in a row wipe
    earlier failures out. A call that could not even begin (no route, refused, name unknown) counts
    as two failures, because waiting will not mend it.
    """

    def __init__(self) -> None:
        self._calls: deque[float | None] = deque(maxlen=REMEMBERED_CALLS)
        self.line = Line.unknown

    def answered(self, seconds: float) -> None:
        """Note a call the server answered, however it answered.

        Args:
            seconds: how long the call took, without the time the server was asked to wait.
        """
        self._calls.append(seconds)
        last_two = list(self._calls)[-2:]
        if len(last_two) == ANSWERS_TO_ONLINE and None not in last_two:
            self._calls = deque(last_two, maxlen=REMEMBERED_CALLS)
        self.line = self._judged()

    def failed(self, *, unreachable: bool) -> None:
        """Note a call that was not answered.

        Args:
            unreachable: the call could not even begin.
        """
        self._calls.append(None)
        if unreachable:
            self._calls.append(None)
        self.line = self._judged()

    def _judged(self) -> Line:
        failures = sum(call is None for call in self._calls)
        answered = [call for call in self._calls if call is not None]
        if failures >= FAILURES_TO_OFFLINE:
            return Line.offline
        if answered and sum(answered) / len(answered) >= MEAN_SECONDS_TO_OFFLINE:
            return Line.offline
        return Line.online if answered else self.line
