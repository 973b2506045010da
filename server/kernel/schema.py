"""How tables are written: one metadata, portable column types, and tables that only grow.

Everything here means the same on SQLite and PostgreSQL. No sequences, no server defaults that need
a clock; keys are made by the application and begin with the merchant.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    DDL,
    BigInteger,
    DateTime,
    Dialect,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    event,
)
from sqlalchemy.types import TypeDecorator

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = Uuid(as_uuid=True)
"""A UUIDv7; native on PostgreSQL, 32 hexadecimal characters on SQLite."""
Fen64 = BigInteger
"""An amount in fen."""
Bytes = LargeBinary


class Moment(TypeDecorator[datetime]):
    """Aware UTC on both databases; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Check a moment on its way in; SQLite stores it without its zone."""
        if value is None:
            return None
        assert value.tzinfo is not None
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give a moment its zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


APPEND_ONLY_TABLES: set[str] = set()
"""Names of tables in which no row is ever changed or deleted."""

_REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'table % only grows', TG_TABLE_NAME;
END;
$$ LANGUAGE plpgsql
"""


def append_only(table: Table) -> Table:
    """Let the database itself refuse UPDATE and DELETE on a table, and return the table."""
    APPEND_ONLY_TABLES.add(table.name)
    for statement, dialect in append_only_statements(table.name):
        ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
    return table


def append_only_statements(table_name: str) -> list[tuple[str, str]]:
    """The statements that make a table append-only, each with the dialect it is for.

    They are also run after every migration, because Alembic's batch mode on SQLite copies a table
    without its triggers.
    """
    on_sqlite = [
        f"CREATE TRIGGER IF NOT EXISTS {table_name}_no_{verb.lower()} "
        f"BEFORE {verb} ON {table_name} "
        f"BEGIN SELECT RAISE(ABORT, 'table {table_name} only grows'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    on_postgresql = (
        f"CREATE OR REPLACE TRIGGER {table_name}_only_grows "
        f"BEFORE UPDATE OR DELETE ON {table_name} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    return [
        *((statement, "sqlite") for statement in on_sqlite),
        (_REFUSE_FUNCTION, "postgresql"),
        (on_postgresql, "postgresql"),
    ]
