"""Reads and writes the tills and their pairing."""
