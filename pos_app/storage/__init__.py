"""The till's database and its secrets: the only place of the till that knows SQL."""
