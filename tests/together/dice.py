"""Choices of one step, the same in every run and hardly touched when other steps are left out.

A step carries one number. Whatever the step has to choose follows from that number and from the
names of the things to choose from, so that a shortened history still means the same at each step.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

Thing = TypeVar("Thing")

DRAW_BITS = 64


class Dice:
    """Every choice of one step.

    Attributes:
        draw: the step's number.
    """

    def __init__(self, draw: int) -> None:
        self.draw = draw
        self._prefix = draw.to_bytes(DRAW_BITS // 8, "big")
        self._made = 0

    def pick(self, things: Iterable[Thing], name: Callable[[Thing], bytes]) -> Thing | None:
        """One of several, by their names: leaving another one out does not change the choice."""
        start = zlib.crc32(self._prefix)
        return min(
            things, key=lambda thing: (zlib.crc32(name(thing), start), name(thing)), default=None
        )

    def number(self, what: str, low: int, high: int) -> int:
        """A number from `low` to `high`, both included."""
        return low + self._bits(what) % (high - low + 1)

    def chance(self, what: str, percent: int) -> bool:
        """Whether something happens that happens `percent` times in a hundred."""
        return self._bits(what) % 100 < percent

    def new_id(self) -> UUID:
        """A UUIDv7 that no other step makes."""
        bits = int.from_bytes(self.entropy(16), "big")
        bits = bits & ~(0xF << 76) | 0x7 << 76
        return UUID(int=bits & ~(0x3 << 62) | 0x2 << 62)

    def entropy(self, count: int) -> bytes:
        """Bytes that no other step draws."""
        self._made += 1
        return hashlib.shake_128(self._prefix + self._made.to_bytes(4, "big")).digest(count)

    def _bits(self, what: str) -> int:
        return int.from_bytes(
            hashlib.blake2b(self._prefix + what.encode(), digest_size=8).digest(), "big"
        )
