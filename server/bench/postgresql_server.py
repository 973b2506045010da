"""A private PostgreSQL server for benchmarks and tests, gone when the block ends.

It uses the programs of Debian's `postgresql` package, listens on loopback only, and keeps
everything in one temporary folder. `initdb` refuses to run as root, so root hands the server to
the `postgres` user that the package made.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS_ROOT = Path("/usr/lib/postgresql")
DATABASE_USER = "hexiao"
CONNECTIONS_MAX = 200
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 20
POLL_SECONDS = 0.02

# What makes a commit survive a power cut. A test throws its data away, so it may do without.
_DURABILITY_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes")


class PostgreSQLUnavailableError(Exception):
    """PostgreSQL is not installed, or its server did not start; the message says which."""


@contextmanager
def running_postgresql(*, durable: bool) -> Iterator[str]:
    """Run a PostgreSQL server for the length of the block.

    Args:
        durable: True keeps the safe defaults, as a benchmark must; False trades safety for speed.

    Yields:
        A SQLAlchemy URL of its empty database `postgres`, for asyncpg.

    Raises:
        PostgreSQLUnavailableError: no programs found, or the server ended while starting.
    """
    programs = newest_programs()
    folder = Path(tempfile.mkdtemp(prefix="hexiao-postgresql-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _create_cluster(programs, folder)
        command, port = _server_command(programs, folder, durable=durable)
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(server, folder)
            yield f"postgresql+asyncpg://{DATABASE_USER}@127.0.0.1:{port}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def newest_programs() -> Path:
    """The folder of the newest PostgreSQL installed: initdb, postgres, pgbench."""
    versions = [path for path in PROGRAMS_ROOT.glob("*/bin") if (path / "initdb").exists()]
    if not versions:
        raise PostgreSQLUnavailableError(f"no PostgreSQL under {PROGRAMS_ROOT}; run `make setup`")
    return max(versions, key=lambda path: int(path.parent.name))


def _command(program: Path, *arguments: str) -> list[str]:
    """Return the command that runs `program` as the server's user and ends it with its parent."""
    user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig", "INT", *user, str(program), *arguments]


def _create_cluster(programs: Path, folder: Path) -> None:
    options = ["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    names = [f"--username={DATABASE_USER}", f"--pgdata={folder / 'data'}"]
    command = _command(programs / "initdb", *options, *names)
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise PostgreSQLUnavailableError(f"initdb failed: {made.stderr.strip()}")


def _server_command(programs: Path, folder: Path, *, durable: bool) -> tuple[list[str], int]:
    port = _free_port()
    settings: dict[str, object] = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "max_connections": CONNECTIONS_MAX,
        "timezone": "UTC",
    }
    if not durable:
        settings |= dict.fromkeys(_DURABILITY_SETTINGS, "off")
    options = [f"--{name}={value}" for name, value in settings.items()]
    return _command(programs / "postgres", "-D", str(folder / "data"), *options), port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait for the word "ready" that the server writes as the last line of its pid file."""
    pid_file = folder / "data" / "postmaster.pid"
    for _ in range(int(START_SECONDS_MAX / POLL_SECONDS)):
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return
        try:
            server.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    log = (folder / "log").read_text(errors="replace").strip()
    raise PostgreSQLUnavailableError(f"the server did not start:\n{log}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server by its process id: at once but cleanly, and by force if it does not obey."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
