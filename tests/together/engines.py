"""Lets the databases of all histories share what SQLAlchemy has compiled.

A history opens a database at every start of a program. Each would compile every statement anew,
which takes longer than running it.
"""

from typing import Any

from sqlalchemy import Engine

_shared: dict[str, tuple[Any, Any]] = {}


def share_compiled(engine: Engine, side: str) -> None:
    """Use the compiled statements of the first database that was opened on this side."""
    dialect, cache = _shared.setdefault(side, (engine.dialect, engine._compiled_cache))
    engine.dialect, engine._compiled_cache = dialect, cache
