import json
from collections.abc import Callable
from pathlib import Path

import pytest

from server.demo.steps import StepRecorder
from server.demo.waiting import StepFailedError, expect, until


def draw(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def written(folder: Path) -> list[dict[str, object]]:
    steps: list[dict[str, object]] = json.loads((folder / "steps.json").read_text())
    return steps


def test_steps_are_written_with_what_was_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = StepRecorder(tmp_path)
    recorder.run("orders_paid", lambda: "40 orders\nof 3 products", draw(b"one"))

    assert written(tmp_path) == [
        {"step": "orders_paid", "passed": True, "detail": "40 orders of 3 products"}
    ]
    assert (tmp_path / "01-orders_paid.png").read_bytes() == b"one"
    assert recorder.closing_line() == "1 passed, 0 failed"
    assert "✔ orders_paid" in capsys.readouterr().out


def test_the_story_goes_on_after_a_failure_and_counts_it(tmp_path: Path) -> None:
    def fails() -> str:
        raise StepFailedError("waited 15 s for green")

    def breaks() -> str:
        raise KeyError("till")

    recorder = StepRecorder(tmp_path)
    recorder.run("gun_redeems", fails, draw(b"one"))
    recorder.run("camera_redeems", breaks, draw(b"two"))
    recorder.run("typed_redeems", lambda: "green", draw(b"three"))

    assert [step["passed"] for step in written(tmp_path)] == [False, False, True]
    assert written(tmp_path)[0]["detail"] == "waited 15 s for green"
    assert written(tmp_path)[1]["detail"] == "KeyError: 'till'"
    assert recorder.closing_line() == "1 passed, 2 failed"


def test_a_step_without_a_picture_of_its_own_fails(tmp_path: Path) -> None:
    def no_screen(path: Path) -> None:
        raise StepFailedError("the screen is gone")

    recorder = StepRecorder(tmp_path)
    recorder.run("gun_redeems", lambda: "green", draw(b"same"))
    recorder.run("typed_redeems", lambda: "green", draw(b"same"))
    recorder.run("line_cut", lambda: "down", no_screen)

    assert [step["passed"] for step in written(tmp_path)] == [True, False, False]
    assert written(tmp_path)[1]["detail"] == "its picture is the same as that of gun_redeems"
    assert written(tmp_path)[2]["detail"] == "no picture: the screen is gone"


def test_waiting_ends_with_what_was_seen_or_with_what_was_missed() -> None:
    answers = iter([None, "", "green"])
    assert until(lambda: next(answers), "green") == "green"
    with pytest.raises(StepFailedError, match=r"waited 0\.01 s for a till"):
        until(lambda: None, "a till", seconds=0.01)


def test_an_expectation_names_what_was_expected() -> None:
    expect(condition=True, expected="anything")
    with pytest.raises(StepFailedError, match="expected 40 orders"):
        expect(condition=False, expected="40 orders")
