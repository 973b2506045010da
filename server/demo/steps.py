"""Runs the steps of the story one after another and says what became of each."""

import hashlib
import json
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server.demo.waiting import StepFailedError

DETAIL_CHARACTERS_MAX = 300

Action = Callable[[], str]
"""Plays a step; returns what was seen, in one line."""
Photographer = Callable[[Path], None]
"""Writes a picture of a real screen to a PNG file."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one step.

    Attributes:
        step: its name.
        passed: whether everything was as the story says.
        detail: what was seen, or what went wrong.
    """

    step: str
    passed: bool
    detail: str


class StepRecorder:
    """Runs steps and keeps their results.

    Args:
        folder: receives `steps.json`, after every step anew, a picture of each step, and
            `failures.log` where something unforeseen happened.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._results: list[StepResult] = []
        self._pictures: dict[str, str] = {}

    @property
    def results(self) -> tuple[StepResult, ...]:
        """The results so far, in order."""
        return tuple(self._results)

    @property
    def failed(self) -> int:
        """How many steps failed so far."""
        return sum(not result.passed for result in self._results)

    def run(self, step: str, action: Action, photograph: Photographer) -> None:
        """Play a step, take its picture, and go on whatever happened.

        Args:
            step: its name in `steps.json`.
            action: plays it.
            photograph: takes the picture; also of a failed step, where it helps most.
        """
        started = time.monotonic()
        result = self._played(step, action)
        trouble = self._photographed(step, photograph)
        if trouble and result.passed:
            result = StepResult(step, passed=False, detail=trouble)
        self._results.append(result)
        self._write()
        _say(result, time.monotonic() - started)

    def closing_line(self) -> str:
        """The last line of the demo, such as `16 passed, 0 failed`."""
        return f"{len(self._results) - self.failed} passed, {self.failed} failed"

    def _played(self, step: str, action: Action) -> StepResult:
        try:
            detail = action()
        except StepFailedError as failure:
            return StepResult(step, passed=False, detail=_one_line(str(failure)))
        # A step may fail in any way a program can; the rest of the story is still worth seeing.
        except Exception as error:  # noqa: BLE001
            self._keep_trace()
            detail = _one_line(f"{type(error).__name__}: {error}")
            return StepResult(step, passed=False, detail=detail)
        return StepResult(step, passed=True, detail=_one_line(detail))

    def _keep_trace(self) -> None:
        with (self._folder / "failures.log").open("a", encoding="utf-8") as log:
            log.write(traceback.format_exc() + "\n")

    def _photographed(self, step: str, photograph: Photographer) -> str:
        """Take the picture; returns what is wrong with it, or nothing."""
        picture = self._folder / f"{len(self._results) + 1:02d}-{step}.png"
        try:
            photograph(picture)
        except StepFailedError as failure:
            return f"no picture: {failure}"
        # The one place where anything may come: a broken camera must not end the story.
        except Exception as error:  # noqa: BLE001
            self._keep_trace()
            return f"no picture: {type(error).__name__}: {error}"
        return self._sameness(step, picture)

    def _sameness(self, step: str, picture: Path) -> str:
        digest = hashlib.sha256(picture.read_bytes()).hexdigest()
        earlier = self._pictures.setdefault(digest, step)
        return "" if earlier == step else f"its picture is the same as that of {earlier}"

    def _write(self) -> None:
        content = [
            {"step": result.step, "passed": result.passed, "detail": result.detail}
            for result in self._results
        ]
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (self._folder / "steps.json").write_text(text + "\n", encoding="utf-8")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:DETAIL_CHARACTERS_MAX]


def _say(result: StepResult, seconds: float) -> None:
    mark, colour = ("✔", "32") if result.passed else ("✘", "31")
    if sys.stdout.isatty():
        mark = f"\033[{colour}m{mark}\033[0m"
    print(f"{mark} {result.step:<34}{seconds:5.1f} s  {result.detail}", flush=True)
