"""Tests of the till's assets."""
