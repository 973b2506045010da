"""The real server in processes of its own, on loopback, for as long as a block lasts."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 20
STARTED = "Application startup complete"


class ServerDidNotStartError(Exception):
    """The server ended, or was not ready in time; the message has what it logged."""


@contextmanager
def running_server(database_url: str, key_file: Path, workers: int) -> Iterator[tuple[str, int]]:
    """Run `hexiao server run` until the block ends.

    Args:
        database_url: an existing database.
        key_file: the installation's root key.
        workers: processes.

    Yields:
        Host and port it serves.
    """
    port = free_port()
    command = [sys.executable, "-m", "server", "run", "--port", str(port)]
    command += ["--workers", str(workers), "--database", database_url]
    command += ["--root-key-file", str(key_file), "--environment", "test"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    started = threading.Semaphore(0)
    lines: list[str] = []
    reader = threading.Thread(target=_read_log, args=[process.stderr, lines, started])
    reader.start()
    try:
        for _ in range(workers):
            if not started.acquire(timeout=START_SECONDS_MAX):
                raise ServerDidNotStartError("".join(lines))
        yield "127.0.0.1", port
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        finally:
            process.kill()
            reader.join(STOP_SECONDS_MAX)
            process.stderr.close()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _read_log(log: Iterator[str], lines: list[str], started: threading.Semaphore) -> None:
    for line in log:
        lines.append(line)
        if STARTED in line:
            started.release()
