"""The till's clock never goes back and says when it cannot be trusted."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.clock import ClockAnchor, MachineTime, business_day, read_clock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANCHOR = ClockAnchor(NOON, monotonic_seconds=1000.0, boot="first")


def machine(wall: datetime, seconds: float, boot: str = "first") -> MachineTime:
    """What a machine says."""
    return MachineTime(wall, seconds, boot)


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6))
def test_setting_the_wall_clock_changes_nothing_before_a_restart(offset: int, passed: int) -> None:
    wall = NOON + timedelta(seconds=offset)
    reading = read_clock(machine(wall, 1000.0 + passed), ANCHOR, None)
    assert reading.trusted
    assert reading.at == NOON + timedelta(seconds=passed)


def test_after_a_restart_the_wall_clock_is_used_and_not_trusted() -> None:
    later = NOON + timedelta(hours=3)
    reading = read_clock(machine(later, 5.0, "second"), ANCHOR, None)
    assert not reading.trusted
    assert reading.at == later


@given(st.integers(-(10**6), 10**6))
def test_time_never_goes_back_before_what_was_written_down(offset: int) -> None:
    wall = NOON + timedelta(seconds=offset)
    assert read_clock(machine(wall, 5.0, "second"), None, NOON).at >= NOON


def test_a_business_day_begins_at_its_cutoff_in_the_stores_zone() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    before = datetime(2026, 11, 21, 19, 59, tzinfo=UTC)  # 03:59 in Shanghai
    assert business_day(before, zone, 4) == date(2026, 11, 21)
    assert business_day(before + timedelta(minutes=1), zone, 4) == date(2026, 11, 22)
