"""Payments and refunds through a provider, each under a number of our own made before any call."""
