"""Tests of the package `server.payments`."""
