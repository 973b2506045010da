"""Tests of the package `server.catalog`."""
