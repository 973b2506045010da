"""Tests of the package `server.staff`."""
