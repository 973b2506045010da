"""Tests of `server/kernel`."""
