"""Which timed key presses are a scan, which are a person, and what becomes of every key."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.core.wedge_burst import (
    BurstEvent,
    BurstFault,
    BurstRejected,
    BurstScan,
    BurstSettings,
    KeyFate,
    KeyPress,
    Receiving,
    Typing,
    WedgeBurst,
)

CODE = "739120458812"
TOKEN = "7Q2K9M4X8R1T6W3Y5Z0A2C4E6G8J1M3P5S7V9X"
TERMINATORS = {"\r", "\n", "\t"}


def is_twelve_digits(text: str) -> bool:
    return len(text) == 12 and text.isdigit()


@dataclass
class Desk:
    """Plays keys into the judge as the Qt filter does, and keeps what came out."""

    in_text_field: bool = False
    settings: BurstSettings = field(default_factory=BurstSettings)
    at_ms: int = 50_000
    events: list[BurstEvent] = field(default_factory=list)
    delivered: str = ""

    def __post_init__(self) -> None:
        self.burst = WedgeBurst(self.settings, is_twelve_digits)
        self.held = ""

    def press(self, text: str, gap_ms: int) -> None:
        self.pause(gap_ms)
        decision = self.burst.press(
            KeyPress(self.at_ms, text, text in TERMINATORS), in_text_field=self.in_text_field
        )
        self._carry_out(decision.events)
        if decision.fate is KeyFate.hold:
            self.held += text
        elif decision.fate is KeyFate.deliver:
            assert not self.held
            self.delivered += text

    def pause(self, gap_ms: int) -> None:
        """Let time pass; the filter's timer fires when the gap is over."""
        self.at_ms += gap_ms
        if gap_ms > self.settings.gap_ms:
            self._carry_out(self.burst.idle())

    def type(self, text: str, gap_ms: int | Sequence[int]) -> None:
        gaps = [gap_ms] * len(text) if isinstance(gap_ms, int) else gap_ms
        for char, gap in zip(text, gaps, strict=True):
            self.press(char, gap)

    def _carry_out(self, events: tuple[BurstEvent, ...]) -> None:
        for event in events:
            if isinstance(event, Typing):
                self.delivered += self.held
            if not isinstance(event, Receiving):
                self.held = ""
        self.events += events

    @property
    def verdicts(self) -> list[BurstEvent]:
        return [event for event in self.events if not isinstance(event, Receiving | Typing)]


class TestNoTextFieldFocused:
    @pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", "\r\r", "\r\n\t"])
    @pytest.mark.parametrize("gap_ms", [0, 1, 5, 20, 50, 100])
    def test_one_scan_for_every_terminator_and_nothing_reaches_a_widget(
        self, end: str, gap_ms: int
    ) -> None:
        desk = Desk()
        desk.type(CODE + end, gap_ms)
        desk.pause(1000)
        assert desk.verdicts == [BurstScan(CODE)]
        assert desk.delivered == ""

    def test_a_gun_that_sends_no_terminator_scans_when_the_keys_stop(self) -> None:
        desk = Desk()
        desk.type(CODE, 20)
        assert desk.verdicts == []
        desk.pause(101)
        assert desk.verdicts == [BurstScan(CODE)]

    def test_a_late_terminator_presses_nothing(self) -> None:
        desk = Desk()
        desk.type(CODE, 20)
        desk.press("\r", 400)
        assert desk.verdicts == [BurstScan(CODE)]
        assert desk.delivered == ""

    def test_enter_long_after_a_scan_is_the_cashiers(self) -> None:
        desk = Desk()
        desk.type(CODE + "\r", 5)
        desk.press("\r", 1500)
        assert desk.delivered == "\r"

    def test_a_long_token_over_a_slow_gun_takes_seconds_and_is_one_scan(self) -> None:
        desk = Desk()
        desk.type(TOKEN * 3 + "\r", 40)
        assert desk.verdicts == [BurstScan(TOKEN * 3)]

    def test_receiving_is_told_once_after_the_sixth_key(self) -> None:
        desk = Desk()
        desk.type(CODE[:5], 20)
        assert desk.events == []
        desk.type(CODE[5:], 20)
        assert desk.events == [Receiving()]

    def test_two_scans_one_after_the_other(self) -> None:
        desk = Desk()
        desk.type(f"{CODE}\r{TOKEN}\r", 2)
        assert desk.verdicts == [BurstScan(CODE), BurstScan(TOKEN)]

    @pytest.mark.parametrize("partial", ["73912", "73"])
    def test_a_partial_scan_is_reported_and_its_enter_presses_nothing(self, partial: str) -> None:
        desk = Desk()
        desk.type(partial + "\r", 10)
        assert desk.verdicts == [BurstRejected(partial, BurstFault.too_short)]
        assert desk.delivered == ""

    def test_a_partial_scan_without_terminator_is_reported(self) -> None:
        desk = Desk()
        desk.type("7391", 10)
        desk.pause(200)
        assert desk.verdicts == [BurstRejected("7391", BurstFault.too_short)]

    def test_an_empty_scan_is_the_enter_key(self) -> None:
        desk = Desk()
        desk.press("\r", 1000)
        assert desk.verdicts == []
        assert desk.delivered == "\r"

    def test_a_single_key_is_a_cashiers(self) -> None:
        desk = Desk()
        desk.type("3\r", [1000, 400])
        desk.type(" ", [1000])
        desk.pause(1000)
        assert desk.verdicts == []
        assert desk.delivered == "3\r "

    def test_a_gun_set_up_too_slow_is_named_and_its_enter_presses_nothing(self) -> None:
        desk = Desk()
        desk.type(CODE + "\r", 180)
        assert desk.verdicts == [BurstRejected(CODE, BurstFault.too_slow)]
        assert "\r" not in desk.delivered

    def test_a_wider_gap_setting_takes_that_gun(self) -> None:
        desk = Desk(settings=BurstSettings(gap_ms=200))
        desk.type(CODE + "\r", 180)
        assert desk.verdicts == [BurstScan(CODE)]

    def test_an_endless_text_is_refused_once_and_swallowed(self) -> None:
        desk = Desk(settings=BurstSettings(length_max=50))
        desk.type("9" * 500 + "\r\n", 1)
        assert desk.verdicts == [BurstRejected("9" * 51, BurstFault.too_long)]
        assert desk.delivered == ""
        desk.pause(1000)
        desk.type(CODE + "\r", 1)
        assert desk.verdicts[-1] == BurstScan(CODE)


class TestTextFieldFocused:
    @pytest.mark.parametrize("gap_ms", [0, 1, 8, 20, 35])
    def test_a_guns_speed_is_a_scan_whatever_it_says(self, gap_ms: int) -> None:
        desk = Desk(in_text_field=True)
        desk.type("HELLO WORLD\r\n", gap_ms)
        assert desk.verdicts == [BurstScan("HELLO WORLD")]
        assert desk.delivered == ""

    @pytest.mark.parametrize("gap_ms", [40, 50, 60])
    def test_a_slow_guns_code_is_a_scan(self, gap_ms: int) -> None:
        desk = Desk(in_text_field=True)
        desk.type(CODE + "\r", gap_ms)
        assert desk.verdicts == [BurstScan(CODE)]

    @pytest.mark.parametrize("gap_ms", [40, 50, 60, 80, 99, 120, 250])
    @pytest.mark.parametrize("text", ["notes for Li\r", "12\r", "a", "ok\r\n\t"])
    def test_a_person_loses_no_key(self, text: str, gap_ms: int) -> None:
        desk = Desk(in_text_field=True)
        desk.type(text, gap_ms)
        desk.pause(1000)
        assert desk.verdicts == []
        assert desk.delivered == text

    def test_a_fast_persons_keys_are_shown_while_the_person_still_types(self) -> None:
        desk = Desk(in_text_field=True)
        desk.type("a fast typist", 80)
        assert desk.delivered == "a fast typist"

    def test_a_person_who_rolls_over_two_keys_is_still_a_person(self) -> None:
        desk = Desk(in_text_field=True)
        desk.type("the shop\r", [500, 20, 110, 150, 15, 130, 90, 140, 200])
        assert desk.verdicts == []
        assert desk.delivered == "the shop\r"

    def test_a_partial_scan_does_not_stay_in_the_field(self) -> None:
        desk = Desk(in_text_field=True)
        desk.type("7391\r", 5)
        assert desk.verdicts == [BurstRejected("7391", BurstFault.too_short)]
        assert desk.delivered == ""

    def test_a_person_types_and_then_a_gun_scans(self) -> None:
        desk = Desk(in_text_field=True)
        desk.type("abc", 150)
        desk.pause(300)
        desk.type(CODE + "\r", 5)
        assert desk.delivered == "abc"
        assert desk.verdicts == [BurstScan(CODE)]

    def test_receiving_is_not_told_of_a_person(self) -> None:
        desk = Desk(in_text_field=True)
        desk.type("the quick brown fox", 55)
        assert Receiving() not in desk.events


def test_a_clock_that_wraps_ends_the_run_and_loses_no_key() -> None:
    desk = Desk(in_text_field=True, at_ms=2**32 - 150)
    desk.type("ab", 100)
    desk.at_ms = 5
    desk.type("cd", 90)
    desk.pause(500)
    assert desk.delivered == "abcd"


@given(
    keys=st.lists(
        st.tuples(st.sampled_from("0123456789AZ \r\n\t\x1d"), st.integers(0, 400)), max_size=120
    ),
    in_text_field=st.booleans(),
)
def test_every_key_is_scanned_reported_or_delivered_in_order_and_only_once(
    keys: list[tuple[str, int]], *, in_text_field: bool
) -> None:
    desk = Desk(in_text_field=in_text_field)
    for text, gap_ms in keys:
        desk.press(text, gap_ms)
    desk.pause(10_000)
    assert desk.held == ""
    assert not desk.burst.is_holding
    typed = "".join(text for text, _ in keys if text not in TERMINATORS)
    delivered = "".join(char for char in desk.delivered if char not in TERMINATORS)
    taken = sum(
        len(event.text)
        for event in desk.verdicts
        if isinstance(event, BurstScan)
        or (isinstance(event, BurstRejected) and event.fault is not BurstFault.too_slow)
    )
    slow = sum(
        len(event.text)
        for event in desk.verdicts
        if isinstance(event, BurstRejected) and event.fault is BurstFault.too_slow
    )
    assert taken + len(delivered) == len(typed) or slow > 0
    remaining = iter(typed)
    assert all(char in remaining for char in delivered)


@given(
    code=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=6, max_size=120),
    gap_ms=st.integers(0, 35),
    end=st.sampled_from(["\r", "\n", "\r\n", "\t", ""]),
    in_text_field=st.booleans(),
)
def test_any_code_at_a_guns_speed_is_exactly_one_scan(
    code: str, gap_ms: int, end: str, *, in_text_field: bool
) -> None:
    desk = Desk(in_text_field=in_text_field)
    desk.type(code + end, gap_ms)
    desk.pause(10_000)
    assert desk.verdicts == [BurstScan(code)]
    assert desk.delivered == ""


@given(
    text=st.text("abcdefghij 0123456789", min_size=1, max_size=60),
    gaps=st.data(),
)
def test_a_person_in_a_text_field_keeps_every_key(text: str, gaps: st.DataObject) -> None:
    desk = Desk(in_text_field=True)
    desk.burst = WedgeBurst(desk.settings, lambda _: False)
    for char in text:
        desk.press(char, gaps.draw(st.integers(40, 600)))
    desk.press("\r", 200)
    assert desk.delivered == text + "\r"
    assert desk.verdicts == []
