"""Reads and writes of payments: our books, and the sandbox provider's memory."""
