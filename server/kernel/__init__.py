"""What every domain stands on: the database, the unit of work, keys and settings."""
