"""Puts one function in the place of another of the product, and finds what stands there."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any


def now_at(module: ModuleType, name: str) -> Any:  # noqa: ANN401 - whatever is there
    """What a module calls by this name, be it its own or imported."""
    return getattr(module, name)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Something to put in a module's, or a table's, place for `name`.

    Attributes:
        owner: a module, or a dictionary.
        name: of the attribute, or a key.
        value: what to put there.
    """

    owner: Any
    name: Any
    value: Any

    def put_in(self) -> Any:  # noqa: ANN401 - whatever was there
        """Put the value in, and return what was there."""
        if isinstance(self.owner, dict):
            before = self.owner[self.name]
            self.owner[self.name] = self.value
            return before
        before = getattr(self.owner, self.name)
        setattr(self.owner, self.name, self.value)
        return before
