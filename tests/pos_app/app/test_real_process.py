"""The real program on a real display: keys by xdotool, killed without warning, started again."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_app.app.start import EXIT_ALREADY_RUNNING
from tests.pos_app.app.tills_at_work import open_backstage, pair, synced
from tests.server.api.running_server import World

pytestmark = pytest.mark.xvfb

SECONDS_MAX = 30.0


def until(hope: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not hope():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.1)


def command(folder: Path) -> list[str]:
    words = [sys.executable, "-m", "pos_app", "--data-dir", str(folder)]
    words += ["--secrets-file", str(folder / "keys"), "--language", "en"]
    return [*words, "--screenshot-dir", str(folder / "pictures")]


@contextmanager
def running(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command(folder))
    try:
        yield process
    finally:
        process.kill()
        process.wait(SECONDS_MAX)


def xdotool(*words: str) -> str:
    done = subprocess.run(["xdotool", *words], capture_output=True, text=True, check=False)
    return done.stdout


def focus(process: "subprocess.Popen[bytes]") -> None:
    """Wait for the window, spread it over the screen and give it the keyboard."""
    found: list[str] = []

    def look() -> bool:
        found[:] = xdotool("search", "--onlyvisible", "--pid", str(process.pid)).split()
        return bool(found)

    until(look)
    xdotool("windowmove", found[0], "0", "0")
    xdotool("windowsize", found[0], "100%", "100%")
    xdotool("windowfocus", "--sync", found[0])


def scan(text: str) -> None:
    """A barcode gun: a burst of keys, then Return."""
    xdotool("type", "--delay", "4", text)
    xdotool("key", "Return")


def kinds(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "till.sqlite") as database:
        return [row[0] for row in database.execute("SELECT kind FROM journal ORDER BY seq")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "till"


def test_killed_between_commit_and_upload_it_loses_nothing(
    folder: Path, world: World, shop: int
) -> None:
    with open_backstage(folder) as (stage, ears):
        pair(stage, world, folder, shop)
        vouchers = world.sell(2, store=shop)
        ears.until(lambda: stage.status()[0].vouchers == 2 and synced(stage))
    url = world.base_url
    point_at(folder, "http://127.0.0.1:9")
    with running(folder) as process:
        focus(process)
        scan(vouchers[0].code)
        until(lambda: kinds(folder) == ["redeem"])
        os.kill(process.pid, signal.SIGKILL)
        process.wait(SECONDS_MAX)
    point_at(folder, url)
    with running(folder) as process:
        focus(process)
        until(lambda: pending(folder) == 0)
        scan(vouchers[1].code)
        until(lambda: kinds(folder) == ["redeem", "redeem"] and pending(folder) == 0)
        second = subprocess.run(command(folder), capture_output=True, text=True, check=False)
        assert second.returncode == EXIT_ALREADY_RUNNING
        assert "already running" in second.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS_MAX) == 0
    checked = subprocess.run(
        [sys.executable, "-m", "pos_app", "journal", "verify", "--data-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, "journal: whole\n")


def point_at(folder: Path, url: str) -> None:
    with sqlite3.connect(folder / "till.sqlite") as database:
        database.execute("UPDATE state SET server_url = ?", [url])


def pending(folder: Path) -> int:
    with sqlite3.connect(folder / "till.sqlite") as database:
        query = "SELECT count(*) FROM journal WHERE seq > (SELECT accepted_seq FROM state)"
        return int(database.execute(query).fetchone()[0])
