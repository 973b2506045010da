"""Tests of `server/holdings/rules`."""
