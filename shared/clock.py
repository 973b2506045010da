"""Time as values: aware UTC handed in by the edges, and how far a till trusts its own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BUSINESS_DAY_CUTOFF_HOURS = 4
"""A store's business day begins at 04:00 local time unless it is set otherwise."""


def assert_utc(at: datetime) -> datetime:
    """Return `at` unchanged; a naive time or another zone is a fault of the caller."""
    assert at.tzinfo is not None
    assert at.utcoffset() == timedelta(0)
    return at


def business_day(at: datetime, zone: ZoneInfo, cutoff_hours: int) -> date:
    """The business day a moment belongs to.

    Args:
        at: aware UTC.
        zone: the store's time zone.
        cutoff_hours: local hour at which a day begins, 0 to 23.
    """
    local = assert_utc(at).astimezone(zone)
    return (local - timedelta(hours=cutoff_hours)).date()


@dataclass(frozen=True, slots=True)
class ClockAnchor:
    """The last moment the server's time was known, beside a counter that cannot be set.

    Attributes:
        server_time: aware UTC as the server said it.
        monotonic_seconds: the machine's counter since boot at that moment.
        boot: names the run of the machine that the counter belongs to.
    """

    server_time: datetime
    monotonic_seconds: float
    boot: str


@dataclass(frozen=True, slots=True)
class MachineTime:
    """What the machine says now: its wall clock, which people can set, and its counter."""

    wall: datetime
    monotonic_seconds: float
    boot: str


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A moment in aware UTC, and whether decisions that widen may rest on it."""

    at: datetime
    trusted: bool


def read_clock(
    machine: MachineTime, anchor: ClockAnchor | None, latest_seen: datetime | None
) -> ClockReading:
    """Tell the time from the server's last word and the counter since; never go back.

    Args:
        machine: what the machine says now.
        anchor: the server's last word, or None before the first contact.
        latest_seen: the latest moment already written down, or None.

    Returns:
        A trusted reading while the machine has not been restarted since the server's last word;
        otherwise the wall clock, untrusted. Never earlier than `latest_seen`.

    Source: protocol rule T8 (an untrusted clock may only narrow what a till decides).
    """
    if anchor is not None and anchor.boot == machine.boot:
        passed_seconds = max(0.0, machine.monotonic_seconds - anchor.monotonic_seconds)
        reading = ClockReading(anchor.server_time + timedelta(seconds=passed_seconds), trusted=True)
    else:
        reading = ClockReading(machine.wall, trusted=False)
    if latest_seen is not None and reading.at < latest_seen:
        return ClockReading(latest_seen, trusted=False)
    return reading


def last_second_before(end: datetime) -> datetime:
    """What people are told of a time that ends at `end`: its last whole second, aware UTC."""
    return assert_utc(end) - timedelta(seconds=1)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment in aware UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
