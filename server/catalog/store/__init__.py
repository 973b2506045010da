"""Reads and writes of the catalog: products, and what is left of them."""
