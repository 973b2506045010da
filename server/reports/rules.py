"""Which moments a business day spans."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def span_of_day(day: date, zone: ZoneInfo, cutoff_hours: int) -> tuple[datetime, datetime]:
    """The first moment of a business day and the first moment after it, aware UTC.

    Args:
        day: the local date the business day is named after.
        zone: the merchant's.
        cutoff_hours: local hour at which a business day begins, 0 to 23.

    Returns:
        The inverse of `shared.clock.business_day`: exactly the moments it maps to `day`. A day on
        which the clocks change is an hour shorter or longer.
    """
    begins = time(cutoff_hours)
    first = datetime.combine(day, begins, zone)
    after = datetime.combine(day + timedelta(days=1), begins, zone)
    return first.astimezone(UTC), after.astimezone(UTC)
