"""Tests of the package `server.stores`."""
