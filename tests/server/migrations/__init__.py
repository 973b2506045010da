"""Tests of `server/migrations`."""
