"""Moments as the database keeps them: whole microseconds since 1970 in UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(at: datetime) -> int:
    """A moment, aware UTC, as a number."""
    assert at.tzinfo is not None
    return (at - _EPOCH) // _MICROSECOND


def from_microseconds(number: int) -> datetime:
    """The moment of a number, aware UTC."""
    return _EPOCH + number * _MICROSECOND


def optional_moment(number: int | None) -> datetime | None:
    """The moment of a number that may be missing."""
    return None if number is None else from_microseconds(number)
