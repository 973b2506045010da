"""The real server as a program that can be started, stopped and started again."""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx

from server.demo.programs import Program, Programs
from server.demo.waiting import StepFailedError, until

START_SECONDS = 30.0
COMMAND_SECONDS = 60.0
HOST = "127.0.0.1"


class ServerProgram:
    """One server on SQLite, for this machine only.

    Args:
        programs: starts it.
        database: its file; made at the first start.
        private: folder for its key.
    """

    def __init__(self, programs: Programs, database: Path, private: Path) -> None:
        self._programs = programs
        self._program: Program | None = None
        self.database = database
        self.port = _free_port()
        self._settings = {
            "HEXIAO_DATABASE": f"sqlite:///{database}",
            "HEXIAO_ENVIRONMENT": "demo",
            "HEXIAO_ROOT_KEY_FILE": str(private / "root.key"),
            "HEXIAO_PUBLIC_URL": self.address,
            "HEXIAO_LOG_LEVEL": "info",
        }

    @property
    def address(self) -> str:
        """Where people and tills reach it."""
        return f"http://{HOST}:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._program is not None and self._program.is_running

    def start(self) -> None:
        """Start it and wait until it serves pages.

        Raises:
            StepFailedError: it ended, or does not answer in time.
        """
        command = [*hexiao("server"), "run", "--host", HOST, "--port", str(self.port)]
        program = self._programs.start("server", command, variables=self._settings)
        self._program = program
        until(lambda: program.must_run() and self._answers(), "the server", seconds=START_SECONDS)

    def stop(self) -> None:
        """Stop it as an administrator would, and see that nobody listens any more.

        Raises:
            StepFailedError: somebody still does.
        """
        if self._program is None:
            raise StepFailedError("the server was never started")
        self._program.end()
        if self._accepts():
            raise StepFailedError(f"somebody still listens at {self.address}")

    def command(self, words: Sequence[str], text: str = "") -> str:
        """Run `hexiao server WORD …` at the server's machine.

        Args:
            words: after `hexiao server`.
            text: for its standard input.

        Returns:
            What it printed.

        Raises:
            StepFailedError: it failed.
        """
        done = subprocess.run(
            [*hexiao("server"), *words],
            env=self._programs.environment | self._settings,
            input=text,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise StepFailedError(f"hexiao server {words[0]}: {done.stderr.strip()}")
        return done.stdout.strip()

    def _answers(self) -> bool:
        if not self._accepts():
            return False
        reply = httpx.get(f"{self.address}/console/login", timeout=START_SECONDS, trust_env=False)
        return reply.is_success

    def _accepts(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), 1):
            return True
        return False


def hexiao(word: str) -> list[str]:
    """How a person would start `hexiao WORD`: the command beside this Python."""
    return [str(Path(sys.executable).with_name("hexiao")), word]


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
