"""The tables of the first schema, a module each domain; never changed any more."""
