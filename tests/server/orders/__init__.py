"""Tests of the package `server.orders`."""
