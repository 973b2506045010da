"""A damaged database is kept aside and its journal saved as far as it can be read."""

from pathlib import Path

import pytest

from pos_app.storage.database import CorruptDatabaseError, Database
from pos_app.storage.rescue import rescue, set_aside
from shared.journal import decode_event, first_broken_link
from tests.pos_app.tills import CODE, NOW, paired

EVENTS = 40


def used_database(path: Path) -> None:
    counter = paired(path)
    counter.hear(counter.grant(uses=EVENTS))
    for _ in range(EVENTS):
        counter.till.redeem(counter.offline(CODE))
    counter.database.close()


def test_with_a_destroyed_header_every_event_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    used_database(path)
    content = bytearray(path.read_bytes())
    content[:2048] = b"\xff" * 2048
    path.write_bytes(content)
    with pytest.raises(CorruptDatabaseError):
        Database(path)
    rescued = rescue(path, NOW)
    assert rescued.events == EVENTS
    assert rescued.kept.read_bytes() == bytes(content)
    assert rescued.journal is not None
    lines = rescued.journal.read_bytes().splitlines()
    assert first_broken_link(lines) is None
    assert not path.exists()
    Database(path).close()


def test_with_a_torn_page_the_rest_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    used_database(path)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\x00" * 4096
    path.write_bytes(content)
    rescued = rescue(path, NOW)
    assert 0 < rescued.events <= EVENTS
    assert rescued.journal is not None
    for line in rescued.journal.read_bytes().splitlines():
        decode_event(line)


def test_with_nothing_left_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    path.write_bytes(b"\x00" * 8192)
    rescued = rescue(path, NOW)
    assert (rescued.journal, rescued.events) == (None, 0)


def test_two_set_aside_in_the_same_second_are_both_kept(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    kept = []
    for text in ("one", "two"):
        path.write_text(text)
        kept.append(set_aside(path, NOW, "damaged"))
    assert [file.read_text() for file in kept] == ["one", "two"]
