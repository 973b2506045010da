"""Online or offline, without flapping."""

from pos_app.core.backoff import LONGEST_SECONDS, Backoff
from pos_app.core.line import Line, LineJudge


def judge(*seconds: float | None) -> LineJudge:
    made = LineJudge()
    for call in seconds:
        if call is None:
            made.failed(unreachable=False)
        else:
            made.answered(call)
    return made


def test_before_the_first_call_nothing_is_known() -> None:
    assert judge().line is Line.unknown


def test_one_answer_is_online() -> None:
    assert judge(0.1).line is Line.online


def test_one_failure_among_answers_does_not_flap() -> None:
    assert judge(0.1, 0.1, None).line is Line.online


def test_two_failures_are_offline() -> None:
    assert judge(0.1, None, 0.1, None).line is Line.offline


def test_a_call_that_could_not_begin_is_offline_at_once() -> None:
    made = judge(0.1)
    made.failed(unreachable=True)
    assert made.line is Line.offline


def test_back_online_needs_two_answers_in_a_row() -> None:
    assert judge(0.1, None, None, 0.1).line is Line.offline
    assert judge(0.1, None, None, 0.1, 0.1).line is Line.online


def test_a_slow_line_is_offline() -> None:
    assert judge(9.0, 9.0).line is Line.offline


def test_delays_double_up_to_the_longest_and_begin_again_after_success() -> None:
    backoff = Backoff()
    assert [backoff.next_seconds(0.0) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    backoff.succeeded()
    assert 0.75 <= backoff.next_seconds(1.0) <= 1.0
    assert max(backoff.next_seconds(0.5) for _ in range(2000)) <= LONGEST_SECONDS
