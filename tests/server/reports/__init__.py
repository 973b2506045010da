"""Tests of `server.reports`."""
