"""Tests here talk to a served chain."""

from tests.server.web.serving_fixture import open_shop

__all__ = ["open_shop"]
