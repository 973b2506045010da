"""Tests of the package `server.distribution`."""
