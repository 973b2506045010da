"""The counter that every device stamps its readings with."""

from PySide6.QtCore import QDeadlineTimer


def counter_ms() -> int:
    """The machine's monotonic counter, in milliseconds; only differences mean anything."""
    return QDeadlineTimer.current().deadline()
