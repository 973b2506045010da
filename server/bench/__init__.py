"""Benchmarks: how fast the product is, beside the bare database on the same machine."""
