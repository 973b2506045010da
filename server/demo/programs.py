"""Starts the programs of the demo and ends exactly those, whatever happens."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from server.demo.waiting import StepFailedError

END_SECONDS = 5.0
LOG_LINES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Program:
    """A running program and the file that receives what it prints."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def must_run(self) -> bool:
        """Return True while it runs.

        Raises:
            StepFailedError: it ended; with the last lines it printed.
        """
        if self.is_running:
            return True
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        last = " | ".join(lines[-LOG_LINES_SHOWN:])
        raise StepFailedError(f"{self.name} ended with {self.process.returncode}: {last}")

    def end(self) -> None:
        """Ask it to end, and make it end when it does not; does nothing when it has ended."""
        _signal_group(self.process, signal.SIGTERM)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a power cut would (`kill -9`)."""
        _signal_group(self.process, signal.SIGKILL)
        self.process.wait(END_SECONDS)


class Programs:
    """Every program that was started; leaving the block ends those that still run.

    Args:
        logs: folder for what they print.
        environment: variables all of them get, beside their own.
    """

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self._logs = logs
        self.environment = dict(environment)
        self._started: list[Program] = []

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        variables: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
    ) -> Program:
        """Start a program in a process group of its own, so that Ctrl-C reaches only the demo.

        Args:
            name: of the log file; a second program of the same name continues the file.
            command: the program and its arguments.
            variables: its own environment variables.
            descriptors: file descriptors it inherits.
        """
        log = self._logs / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment | dict(variables or {}),
                pass_fds=descriptors,
                start_new_session=True,
            )
        program = Program(name, process, log)
        self._started.append(program)
        return program

    def end_all(self) -> None:
        """End what still runs, the last started first."""
        for program in reversed(self._started):
            program.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end_all()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The group has the number of its first process, which is ours until it was waited for.
    if process.poll() is None:
        os.killpg(process.pid, number)
