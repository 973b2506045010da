"""The schema as a history of steps, the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config

from server.kernel.database import BlockingDatabase
from server.migrations.environment import CONNECTION

FOLDER = Path(__file__).parent


def upgrade(url: str) -> None:
    """Bring a database up to the newest schema; a database that has it already stays as it is.

    Args:
        url: of the database; an SQLite file is created.
    """
    _run(url, command.upgrade)


def mark_as_newest(url: str) -> None:
    """Say of a database whose tables were made all at once that it needs no migration."""
    _run(url, command.stamp)


def _run(url: str, step: Callable[[Config, str], None]) -> None:
    database = BlockingDatabase(url)
    try:
        database.write(lambda connection: step(_config(connection), "head"))
    finally:
        database.close()


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes[CONNECTION] = connection
    return config
