"""What Alembic runs: the caller's connection, or on the command line that of the settings."""

from alembic import context

from server.kernel.database import BlockingDatabase
from server.kernel.settings import process_settings
from server.migrations.environment import CONNECTION, migrate

given = context.config.attributes.get(CONNECTION)
if given is not None:
    migrate(given)
else:
    database = BlockingDatabase(process_settings().database)
    database.write(migrate)
    database.close()
