"""What a database says of its own state: present, whole, complete, and telling the right time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, inspect, select, text

from server.kernel.database import Connection
from server.kernel.schema import APPEND_ONLY_TABLES, METADATA, Moment


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """A database as it was found.

    Attributes:
        damage: what its own check found, or an empty text.
        missing_tables: tables of this version that are not there.
        unguarded_tables: tables that only grow, but whose triggers are gone.
        clock_difference: the database's time minus this machine's; None on SQLite, which has none.
    """

    damage: str
    missing_tables: tuple[str, ...]
    unguarded_tables: tuple[str, ...]
    clock_difference: timedelta | None


def examine(connection: Connection, now: datetime) -> DatabaseHealth:
    """Look a database over without changing it.

    Args:
        connection: open for reading.
        now: this machine's time, aware UTC.
    """
    present = set(inspect(connection).get_table_names())
    guarded = _guarded_tables(connection)
    return DatabaseHealth(
        damage=_damage(connection),
        missing_tables=tuple(sorted(METADATA.tables.keys() - present)),
        unguarded_tables=tuple(sorted(APPEND_ONLY_TABLES & present - guarded)),
        clock_difference=_clock_difference(connection, now),
    )


def _damage(connection: Connection) -> str:
    if connection.dialect.name != "sqlite":
        return ""
    found = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
    return "" if found == "ok" else found


def _guarded_tables(connection: Connection) -> set[str]:
    """Tables that guard themselves against both UPDATE and DELETE."""
    if connection.dialect.name == "sqlite":
        source, name = "sqlite_master WHERE type = 'trigger'", "tbl_name"
    else:
        source, name = "information_schema.triggers", "event_object_table"
    query = text(f"SELECT {name} FROM {source} GROUP BY {name} HAVING count(*) >= 2")  # noqa: S608 - two constants
    return {str(name) for (name,) in connection.execute(query)}


def _clock_difference(connection: Connection, now: datetime) -> timedelta | None:
    if connection.dialect.name == "sqlite":
        return None
    told: datetime = connection.execute(select(func.clock_timestamp(type_=Moment()))).scalar_one()
    return told - now
