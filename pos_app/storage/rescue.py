"""Keeps a damaged database aside and saves what can still be read of its journal.

The file is never deleted: a person at headquarters may read more from it. The rescued events are
their exact bytes, one a line, so that the server can check their chain.
"""

import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared.journal import decode_event

_EVENT_START = re.compile(rb'\{"kind":"[a-z_]+","seq":[0-9]+,"prev_hash":"')
EVENT_BYTES_MAX = 65_536
_COMPANIONS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Rescued:
    """What was saved of a damaged database.

    Attributes:
        kept: where the damaged file lies now.
        journal: the file with the rescued events, or None where none could be read.
        events: how many.
    """

    kept: Path
    journal: Path | None
    events: int


def set_aside(path: Path, at: datetime, why: str) -> Path:
    """Rename a database and its companions; returns where it lies now.

    Args:
        path: the database; no connection may be open.
        at: now, aware UTC; part of the new name.
        why: one word for the new name, such as `damaged`.
    """
    stem = f"{path.name}.{why}-{at:%Y%m%dT%H%M%SZ}"
    kept = path.with_name(stem)
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{stem}-{number}")
    path.rename(kept)
    for companion in _COMPANIONS:
        beside = path.with_name(path.name + companion)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + companion))
    return kept


def rescue(path: Path, at: datetime) -> Rescued:
    """Keep a damaged database aside and write what is left of its journal beside it."""
    kept = set_aside(path, at, "damaged")
    # First as plain bytes: opening the file could let SQLite change it.
    found = _found_in_bytes(kept)
    found |= _read_by_sql(kept)
    if not found:
        return Rescued(kept, None, 0)
    journal = kept.with_name(f"{kept.name}.journal.jsonl")
    journal.write_bytes(b"".join(found[seq] + b"\n" for seq in sorted(found)))
    return Rescued(kept, journal, len(found))


def _read_by_sql(kept: Path) -> dict[int, bytes]:
    """Events by number, as far as SQLite itself can read them."""
    found: dict[int, bytes] = {}
    try:
        connection = sqlite3.connect(f"{kept.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return found
    try:
        for seq, raw in connection.execute("SELECT seq, bytes FROM journal ORDER BY seq"):
            found[int(seq)] = bytes(raw)
    except (sqlite3.Error, TypeError, ValueError):
        pass  # what was read before the damage counts
    finally:
        connection.close()
    return found


def _found_in_bytes(kept: Path) -> dict[int, bytes]:
    """Events by number, wherever they stand whole in the file or its write-ahead log."""
    found: dict[int, bytes] = {}
    for path in (kept, kept.with_name(kept.name + "-wal")):
        if not path.exists():
            continue
        content = path.read_bytes()
        for start in _EVENT_START.finditer(content):
            raw = _event_at(content[start.start() : start.start() + EVENT_BYTES_MAX])
            if raw is not None:
                found[decode_event(raw).seq] = raw
    return found


def _event_at(content: bytes) -> bytes | None:
    text = content.decode("latin-1")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
        raw = content[:end]
        decode_event(raw)
    except ValueError:  # also what msgspec raises
        return None
    return raw
