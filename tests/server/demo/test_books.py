import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from server.demo.books import copy_database, flip_a_byte_of_the_journal
from server.demo.waiting import StepFailedError

EVENTS = (b'{"seq":1}', b'{"seq":2}', b'{"seq":3}')


def database_with(path: Path, events: tuple[bytes, ...]) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """
            CREATE TABLE journal_in (seq INTEGER PRIMARY KEY, bytes BLOB) WITHOUT ROWID;
            CREATE TRIGGER journal_in_never_changes BEFORE UPDATE ON journal_in
            BEGIN SELECT raise(ABORT, 'append-only'); END;
            """
        )
        database.executemany("INSERT INTO journal_in VALUES (?, ?)", enumerate(events, 1))
        database.commit()
    return path


def events_in(path: Path) -> tuple[bytes, ...]:
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT bytes FROM journal_in ORDER BY seq").fetchall()
    return tuple(content for (content,) in rows)


def test_one_bit_of_one_event_is_changed_in_the_copy_alone(tmp_path: Path) -> None:
    original = database_with(tmp_path / "server.sqlite", EVENTS)
    copy = tmp_path / "copy.sqlite"
    copy_database(original, copy)

    assert flip_a_byte_of_the_journal(copy) == "event 2"

    assert events_in(original) == EVENTS
    first, second, third = events_in(copy)
    assert (first, third) == (EVENTS[0], EVENTS[2])
    flipped = int.from_bytes(second, "big") ^ int.from_bytes(EVENTS[1], "big")
    assert flipped.bit_count() == 1


def test_a_copy_replaces_an_older_one(tmp_path: Path) -> None:
    original = database_with(tmp_path / "server.sqlite", EVENTS)
    copy = database_with(tmp_path / "copy.sqlite", EVENTS[:1])
    copy_database(original, copy)
    assert events_in(copy) == EVENTS


def test_without_events_there_is_nothing_to_flip(tmp_path: Path) -> None:
    with pytest.raises(StepFailedError, match="an event in the server's journal"):
        flip_a_byte_of_the_journal(database_with(tmp_path / "server.sqlite", ()))
