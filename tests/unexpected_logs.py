"""A log record of WARNING or worse from our own code fails the test that caused it.

A test that provokes one says so: `@pytest.mark.expects_log(r"pattern")`; the record must then
come. The idea is qutebrowser's: a warning nobody looks at is a bug nobody looks at.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

OUR_LOGGERS = ("hexiao", "pos_app", "server", "shared")


class _Recorder(logging.Handler):
    """Keeps the records of our own loggers."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in OUR_LOGGERS:
            self.messages.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@contextmanager
def failing_on_unexpected_logs(item: pytest.Item) -> Iterator[None]:
    """Compare what was logged in the block with what the markers of `item` expect."""
    expected = [str(marker.args[0]) for marker in item.iter_markers("expects_log")]
    recorder = _Recorder()
    root = logging.getLogger()
    root.addHandler(recorder)
    try:
        yield
    finally:
        root.removeHandler(recorder)
    surprises = [
        message
        for message in recorder.messages
        if not any(re.search(pattern, message) for pattern in expected)
    ]
    missed = [
        pattern
        for pattern in expected
        if not any(re.search(pattern, message) for message in recorder.messages)
    ]
    if surprises:
        pytest.fail("unexpected log records:\n" + "\n".join(surprises), pytrace=False)
    if missed:
        pytest.fail("expected but never logged:\n" + "\n".join(missed), pytrace=False)
