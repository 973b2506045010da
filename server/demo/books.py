"""Has the books proved from outside, and shows that the proof notices a single changed byte."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from server.demo.server_program import hexiao
from server.demo.waiting import StepFailedError, expect

VERIFY_SECONDS = 60.0


def copy_database(source: Path, target: Path) -> None:
    """Write one consistent state of a SQLite database, which may be in use, to another file."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as database, closing(sqlite3.connect(target)) as copy:
        database.backup(copy)


def flip_a_byte_of_the_journal(path: Path) -> str:
    """Change one byte in the middle of one till event, as a bad disk or a bad person would.

    Args:
        path: a SQLite database of the server.

    Returns:
        Which event was changed.

    Raises:
        StepFailedError: there is no event.
    """
    with closing(sqlite3.connect(path)) as database:
        # The database refuses to change an event; whoever holds the file can remove the refusal.
        triggers = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_in'"
        ).fetchall()
        for (name,) in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        row = database.execute(
            "SELECT seq, bytes FROM journal_in ORDER BY seq LIMIT 1 OFFSET 1"
        ).fetchone()
        expect(row, "an event in the server's journal")
        seq, content = row
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 1
        database.execute(
            "UPDATE journal_in SET bytes = ? WHERE seq = ? AND bytes = ?",
            (bytes(changed), seq, content),
        )
        # `with closing` ends the connection; sqlite3 keeps nothing that was not committed.
        database.execute("COMMIT")
    return f"event {seq}"


def verify(path: Path) -> tuple[bool, str]:
    """Run `hexiao verify` on a SQLite database of the server.

    Args:
        path: the database.

    Returns:
        Whether it proved the books, and what it said: its last line, or the first check that
        failed.

    Raises:
        StepFailedError: it could not do its work, which is not the same as finding a fault.
    """
    done = subprocess.run(
        [*hexiao("verify"), "--database", f"sqlite:///{path}"],
        capture_output=True,
        text=True,
        timeout=VERIFY_SECONDS,
        check=False,
    )
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    last = lines[-1] if lines else "nothing printed"
    if done.returncode not in (0, 1):
        raise StepFailedError(f"hexiao verify ended with {done.returncode}: {last}")
    failed = next((line for line in lines if line.startswith("FAILED")), last)
    return done.returncode == 0, last if done.returncode == 0 else failed
