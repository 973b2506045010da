"""Tests of the package `server.commands`."""
