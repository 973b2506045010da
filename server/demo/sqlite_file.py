"""Looks into a SQLite file while another program works with it; never writes to it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

BUSY_SECONDS = 5.0


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database for reading; rows answer to their columns' names.

    Args:
        path: of a file that exists.
    """
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as database:
        database.row_factory = sqlite3.Row
        yield database
