"""Tests of `server.sessions`."""
