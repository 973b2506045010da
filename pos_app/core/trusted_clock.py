"""Keeps the till's time from the server's last word, so that it neither jumps nor goes back."""

from datetime import datetime, timedelta

from shared.clock import ClockAnchor, MachineTime, read_clock
from shared.signing import REQUEST_AGE_MAX

SLIP_MAX = timedelta(seconds=2)
"""A server's word this little behind our own time is the way of the reply, not a slip of ours."""
AHEAD_MAX = REQUEST_AGE_MAX
"""Times written down further ahead of the server than this came from a clock that was wrong."""


def next_anchor(
    server_time: datetime, machine: MachineTime, before: ClockAnchor | None
) -> ClockAnchor:
    """The server's word as the new anchor, without a small step back.

    Args:
        server_time: as the reply says it, aware UTC.
        machine: the machine's time when the reply came.
        before: the anchor so far, or None.
    """
    at = server_time
    own = read_clock(machine, before, None)
    if own.trusted and timedelta(0) < own.at - server_time <= SLIP_MAX:
        at = own.at
    return ClockAnchor(at, machine.monotonic_seconds, machine.boot)


def latest_binding(written: datetime | None, anchor: ClockAnchor | None) -> datetime | None:
    """The latest moment before which the till's time must not fall."""
    moments = [at for at in (written, anchor.server_time if anchor else None) if at is not None]
    return max(moments, default=None)


def was_ahead(written: datetime | None, server_time: datetime) -> bool:
    """Whether the journal's last time shows that this till's clock had been wrong."""
    return written is not None and written - server_time > AHEAD_MAX
