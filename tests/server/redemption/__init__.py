"""Tests of `server/redemption`."""
