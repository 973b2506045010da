"""Looks at a till's database from outside, for support: is its journal whole, what waits."""

from collections.abc import Iterator
from pathlib import Path

from pos_app.storage import journal
from pos_app.storage.database import CorruptDatabaseError, Database
from pos_app.storage.state import read_state
from shared.journal import BrokenLink, decode_event

EVENTS_LISTED_MAX = 10_000


def first_bad_record(path: Path) -> BrokenLink | None:
    """The first bad record of a journal, or None where all of it holds.

    Args:
        path: of a till's database; it exists.
    """
    try:
        database = Database(path)
    except CorruptDatabaseError as cause:
        return BrokenLink(0, f"the database cannot be read: {cause}")
    try:
        return database.read(journal.verify)
    finally:
        database.close()


def waiting_lines(path: Path) -> Iterator[str]:
    """A line for each event that the server has not acknowledged."""
    database = Database(path)
    try:
        state = database.read(read_state)
        after = state.accepted_seq if state else 0
        events = database.read(
            lambda connection: journal.events_after(
                connection, after, EVENTS_LISTED_MAX, EVENTS_LISTED_MAX * 10_000
            )
        )
    finally:
        database.close()
    for raw in events:
        event = decode_event(raw)
        yield f"{event.seq:>8}  {event.at.isoformat()}  {event.__struct_config__.tag}"
