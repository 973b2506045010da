import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.demo.programs import Program, Programs
from server.demo.waiting import StepFailedError, until

WAITS = "import sys; print('ready', flush=True); sys.stdin = None\nimport signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + WAITS


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    with Programs(tmp_path, {"PATH": os.environ["PATH"]}) as programs:
        yield programs


def start(programs: Programs, text: str) -> Program:
    program = programs.start("till", [sys.executable, "-c", text])
    until(lambda: b"ready" in program.log.read_bytes(), "the program")
    return program


def test_leaving_the_block_ends_what_was_started(tmp_path: Path) -> None:
    with Programs(tmp_path, {}) as programs:
        program = start(programs, WAITS)
        assert program.must_run()
    assert not program.is_running


def test_a_killed_program_had_no_chance_to_tidy_up(programs: Programs) -> None:
    program = start(programs, WAITS)
    program.kill()
    assert program.process.returncode == -signal.SIGKILL


def test_a_program_that_does_not_want_to_end_is_ended(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.demo.programs.END_SECONDS", 0.2)
    program = start(programs, STUBBORN)
    program.end()
    assert not program.is_running


def test_a_program_that_died_says_its_last_words(programs: Programs) -> None:
    program = programs.start("server", [sys.executable, "-c", "raise SystemExit('no database')"])
    until(lambda: not program.is_running, "its end")
    with pytest.raises(StepFailedError, match="server ended with 1: no database"):
        program.must_run()
