"""Tests of the package `server.vouchers`."""
