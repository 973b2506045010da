"""Waits until something can be seen from outside, never longer than a limit."""

import time
from collections.abc import Callable
from typing import TypeVar

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 15.0

Seen = TypeVar("Seen")


class StepFailedError(Exception):
    """The programs did not do what the story says; the text says what was expected and seen."""


def until(
    look: Callable[[], Seen | None], expected: str, *, seconds: float = PATIENCE_SECONDS
) -> Seen:
    """Look again and again until there is something to see.

    Args:
        look: returns what was waited for, or None (or another false value) while it is not there.
        expected: what is waited for, to finish the sentence "waited for …".
        seconds: how long to wait at most, above 0.

    Raises:
        StepFailedError: the time is up.
    """
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() >= deadline:
            raise StepFailedError(f"waited {seconds:g} s for {expected}")
        time.sleep(POLL_SECONDS)


def expect(condition: object, expected: str) -> None:
    """Fail the step unless the condition is true.

    Raises:
        StepFailedError: it is not.
    """
    if not condition:
        raise StepFailedError(f"expected {expected}")
