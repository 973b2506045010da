"""Safety rules that can be switched off, one at a time, to see that somebody notices.

The switches are here and nowhere in the product: each replaces one function of it for a while. A
simulation that does not catch a mutation proves nothing about the rule that was switched off.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tests.together import server_mutations, till_mutations
from tests.together.switching import Replacement


@dataclass(frozen=True, slots=True)
class Mutation:
    """A rule that is switched off.

    Attributes:
        name: as the command line has it.
        what: what the product does wrong then.
        replacements: makes what stands in for which functions.
    """

    name: str
    what: str
    replacements: Callable[[], tuple[Replacement, ...]]


def _named(module: ModuleType) -> dict[str, Mutation]:
    made: list[Callable[[], tuple[Replacement, ...]]] = list(module.MUTATIONS)
    return {
        function.__name__: Mutation(function.__name__, str(function.__doc__), function)
        for function in made
    }


MUTATIONS: dict[str, Mutation] = _named(till_mutations) | _named(server_mutations)


@contextmanager
def switched_off(mutation: Mutation) -> Iterator[None]:
    """Run the block with one rule switched off; everything is as before afterwards."""
    replaced: list[tuple[Any, str, Any]] = []
    try:
        for replacement in mutation.replacements():
            before = replacement.put_in()
            replaced.append((replacement.owner, replacement.name, before))
        yield
    finally:
        for owner, name, before in reversed(replaced):
            Replacement(owner, name, before).put_in()
