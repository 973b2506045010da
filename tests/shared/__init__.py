"""Tests of what the till and the server share."""
