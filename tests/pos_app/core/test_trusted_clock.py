"""The till's time rests on the server's word, without jumps and without going back."""

from datetime import timedelta

from pos_app.core.trusted_clock import latest_binding, next_anchor, was_ahead
from shared.clock import ClockAnchor, MachineTime, utc
from tests.pos_app.tills import CODE, paired

NOW = utc(2026, 11, 22, 9, 30)
MACHINE = MachineTime(NOW, 100.0, "boot")


def test_a_reply_that_took_its_time_does_not_set_the_clock_back() -> None:
    before = ClockAnchor(NOW, 100.0, "boot")
    later = MachineTime(NOW, 110.0, "boot")
    anchor = next_anchor(NOW + timedelta(seconds=9.8), later, before)
    assert anchor.server_time == NOW + timedelta(seconds=10)


def test_a_clock_far_ahead_takes_the_servers_word() -> None:
    before = ClockAnchor(NOW + timedelta(hours=1), 100.0, "boot")
    assert next_anchor(NOW, MACHINE, before).server_time == NOW


def test_the_first_word_is_taken_as_it_is() -> None:
    assert next_anchor(NOW, MACHINE, None) == ClockAnchor(NOW, 100.0, "boot")


def test_the_latest_moment_binds() -> None:
    anchor = ClockAnchor(NOW, 100.0, "boot")
    assert latest_binding(None, None) is None
    assert latest_binding(NOW - timedelta(hours=1), anchor) == NOW
    assert latest_binding(NOW + timedelta(hours=1), anchor) == NOW + timedelta(hours=1)


def test_only_times_far_ahead_show_a_wrong_clock() -> None:
    assert not was_ahead(None, NOW)
    assert not was_ahead(NOW + timedelta(minutes=4), NOW)
    assert was_ahead(NOW + timedelta(minutes=6), NOW)


def test_events_of_a_wrong_clock_do_not_bind_for_ever() -> None:
    counter = paired()
    counter.machine.restart()
    counter.machine.wall += timedelta(days=1000)
    counter.till.redeem(counter.offline(CODE))
    counter.machine.wall -= timedelta(days=1000)
    counter.hear()
    reading = counter.till.clock()
    assert reading.trusted
    assert reading.at == counter.machine.wall


def test_without_contact_time_never_goes_back() -> None:
    counter = paired()
    counter.till.redeem(counter.offline(CODE))
    counter.machine.restart()
    counter.machine.wall -= timedelta(days=3)
    reading = counter.till.clock()
    assert not reading.trusted
    assert reading.at >= NOW
