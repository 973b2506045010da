"""Tests of `server/holdings`."""
