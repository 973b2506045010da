"""Reads and writes of the holdings, a whole batch in a handful of statements."""
