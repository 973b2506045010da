"""Runs migrations on a connection; also what must be done again after every one of them."""

from alembic import context
from sqlalchemy import Connection

from server.kernel.schema import APPEND_ONLY_TABLES, METADATA, append_only_statements
from server.migrations.every_table import TABLE_MODULES

CONNECTION = "connection"
"""Under this name a caller hands in its open connection."""


def migrate(connection: Connection) -> None:
    """Run the migrations that Alembic was asked for, on a connection inside a transaction."""
    assert TABLE_MODULES
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
    protect_append_only_tables(connection)


def protect_append_only_tables(connection: Connection) -> None:
    """Let the database refuse UPDATE and DELETE where a table only grows.

    Alembic's batch mode on SQLite copies a table without its triggers and says nothing.
    """
    for table_name in sorted(APPEND_ONLY_TABLES):
        for statement, dialect in append_only_statements(table_name):
            if dialect == connection.dialect.name:
                connection.exec_driver_sql(statement)
