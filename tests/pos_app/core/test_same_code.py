"""When a code that is read twice counts once."""

import pytest

from pos_app.core.same_code import REMEMBERED_CODES_MAX, SameCodeGuard
from pos_app.core.scan import Scan, ScanSource


def read(source: ScanSource, at_ms: int, text: str = "739120458812") -> Scan:
    return Scan(text, source, at_ms)


@pytest.mark.parametrize(
    ("source", "after_ms", "repeats"),
    [
        (ScanSource.wedge, 500, True),
        (ScanSource.wedge, 2499, True),
        (ScanSource.wedge, 2500, False),
        (ScanSource.serial, 2499, True),
        (ScanSource.hid, 2500, False),
        (ScanSource.camera, 4999, True),
        (ScanSource.camera, 5000, False),
        (ScanSource.typed, 0, False),
    ],
)
def test_a_code_repeats_within_its_devices_window(
    source: ScanSource, after_ms: int, *, repeats: bool
) -> None:
    guard = SameCodeGuard()
    assert not guard.is_repeat(read(source, 1000))
    assert guard.is_repeat(read(source, 1000 + after_ms)) is repeats


def test_a_code_that_stays_in_view_counts_once_for_ever() -> None:
    guard = SameCodeGuard()
    repeats = [
        guard.is_repeat(read(ScanSource.camera, at_ms)) for at_ms in range(0, 3_600_000, 4_000)
    ]
    assert repeats.count(False) == 1
    assert not guard.is_repeat(read(ScanSource.camera, 3_606_000))


def test_gun_and_camera_reading_the_same_code_count_once() -> None:
    guard = SameCodeGuard()
    assert not guard.is_repeat(read(ScanSource.wedge, 0))
    assert guard.is_repeat(read(ScanSource.camera, 900))
    assert guard.is_repeat(read(ScanSource.wedge, 1_000))


def test_another_code_counts_at_once() -> None:
    guard = SameCodeGuard()
    assert not guard.is_repeat(read(ScanSource.wedge, 0, "A"))
    assert not guard.is_repeat(read(ScanSource.wedge, 10, "B"))
    assert guard.is_repeat(read(ScanSource.wedge, 20, "A"))


def test_a_forgotten_code_counts_again() -> None:
    guard = SameCodeGuard()
    assert not guard.is_repeat(read(ScanSource.wedge, 0))
    guard.forget("739120458812")
    assert not guard.is_repeat(read(ScanSource.wedge, 10))


def test_the_memory_is_bounded() -> None:
    guard = SameCodeGuard()
    for number in range(10_000):
        guard.is_repeat(read(ScanSource.wedge, number, str(number)))
    assert len(guard._last_read_ms) == REMEMBERED_CODES_MAX
