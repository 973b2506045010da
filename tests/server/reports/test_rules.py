"""A business day's span is exactly the moments that belong to it."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.reports.rules import span_of_day
from shared.clock import business_day

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "UTC")]


@given(
    day=st.dates(date(2020, 1, 2), date(2040, 1, 1)),
    zone=st.sampled_from(ZONES),
    cutoff_hours=st.sampled_from([0, 4, 6]),
)
def test_a_day_begins_and_ends_where_the_till_says(
    day: date, zone: ZoneInfo, cutoff_hours: int
) -> None:
    first, after = span_of_day(day, zone, cutoff_hours)
    moment = timedelta(microseconds=1)

    assert business_day(first, zone, cutoff_hours) == day
    assert business_day(after - moment, zone, cutoff_hours) == day
    assert business_day(after, zone, cutoff_hours) == day + timedelta(days=1)


@pytest.mark.parametrize("cutoff_hours", [0, 4, 23])
def test_a_day_in_shanghai_has_24_hours(cutoff_hours: int) -> None:
    first, after = span_of_day(date(2026, 11, 22), ZONES[0], cutoff_hours)

    assert after - first == timedelta(hours=24)
