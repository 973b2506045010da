"""INSERT that lets the first writer win, on both databases.

A plain INSERT of an existing key ends the whole transaction on PostgreSQL; a replayed request must
instead find out that its row is already there.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_if_absent(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with the same primary or unique key is there.

    A concurrent transaction that inserted the same key is waited for.

    Returns:
        Whether this call inserted the row.
    """
    if connection.dialect.name == "sqlite":
        result = connection.execute(sqlite.insert(table).values(**row).on_conflict_do_nothing())
    else:
        result = connection.execute(postgresql.insert(table).values(**row).on_conflict_do_nothing())
    return result.rowcount == 1
