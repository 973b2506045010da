"""Tests of `server.shop`."""
