"""The real server in processes of its own, on loopback, for as long as a block lasts."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 20
LISTENING = "Uvicorn running on"
"""A single process says so once its socket is open, which is after its application has started."""
STARTED = "Application startup complete"
"""Each of several workers says so; their parent has opened the socket before them."""


class ServerDidNotStartError(Exception):
    """The server ended, or was not ready in time; the message has what it logged."""


@contextmanager
def running_server(
    database_url: str, key_file: Path, workers: int, hear: Callable[[str], None] | None = None
) -> Iterator[tuple[str, int]]:
    """Run `hexiao server run` until the block ends.

    Args:
        database_url: an existing database.
        key_file: the installation's root key.
        workers: processes.
        hear: gets every line the server logs, on a thread of its own.

    Yields:
        Host and port it serves.

    Raises:
        ServerDidNotStartError: it was not ready in time.
    """
    port = free_port()
    command = [sys.executable, "-m", "server", "run", "--port", str(port)]
    command += ["--workers", str(workers), "--database", database_url]
    command += ["--root-key-file", str(key_file), "--environment", "test"]
    sign = LISTENING if workers == 1 else STARTED
    started = threading.Semaphore(0)
    lines: list[str] = []

    def listen(line: str) -> None:
        lines.append(line)
        if hear is not None:
            hear(line)
        if sign in line:
            started.release()

    with _logging_to(command, listen):
        for _ in range(workers):
            if not started.acquire(timeout=START_SECONDS_MAX):
                raise ServerDidNotStartError("".join(lines))
        yield "127.0.0.1", port


@contextmanager
def _logging_to(command: list[str], listen: Callable[[str], None]) -> Iterator[None]:
    """Run a program until the block ends; a thread hands over what it writes, line by line."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    log = process.stderr
    assert log is not None

    def read() -> None:
        for line in log:
            listen(line)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        finally:
            process.kill()
            reader.join(STOP_SECONDS_MAX)
            log.close()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
