"""Integer fen: the only way money is written in this product.

A `Fen` is a whole number of fen (1 yuan = 100 fen). Rates are integer basis points
(1 bp = 0.01 %). There is no float and no Decimal; splitting keeps every fen.
"""

from collections.abc import Sequence
from typing import NewType

Fen = NewType("Fen", int)

BASIS_POINTS_WHOLE = 10_000
"""The whole, in basis points."""


def split(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """Split `total` in proportion to `weights` without losing or making a fen.

    Args:
        total: amount to split, in fen, at least 0.
        weights: one per share, at least 0 each, not all 0.

    Returns:
        One share per weight, in fen, same order; the shares add up to `total`.

    Source: largest-remainder (Hamilton) apportionment; a tie goes to the earlier share.
    """
    whole = sum(weights)
    assert total >= 0
    assert whole > 0
    assert min(weights) >= 0
    shares = [total * weight // whole for weight in weights]
    leftover = total - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in by_remainder[:leftover]:
        shares[i] += 1
    return [Fen(share) for share in shares]


def value_of_uses(value_left_fen: Fen, uses: int, uses_left: int) -> Fen:
    """What `uses` of a voucher's remaining uses are worth; the last ones take the rest.

    Args:
        value_left_fen: what the uses not yet redeemed or refunded were paid with, at least 0 fen.
        uses: how many are taken, 1 to `uses_left`.
        uses_left: how many are left before they are taken.

    Returns:
        Fen, rounded down, exactly `value_left_fen` when all that are left are taken.

    Source: requirement rows R4 and F1 (a split is exact after any order of partial redemptions).
    """
    assert value_left_fen >= 0
    assert 1 <= uses <= uses_left
    return Fen(value_left_fen * uses // uses_left)


def yuan_text(amount_fen: int) -> str:
    """Write fen as yuan with two decimals and a minus sign where needed, such as `1234.50`."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}{yuan}.{fen:02d}"
