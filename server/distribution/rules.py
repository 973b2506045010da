"""How every redeemed fen is shared between store, distributor and platform."""

from dataclasses import dataclass

from server.vouchers.rules import SplitTerms
from shared.money import BASIS_POINTS_WHOLE, Fen, split


@dataclass(frozen=True, slots=True)
class Split:
    """The shares of one redeemed amount, in fen; together exactly that amount.

    Attributes:
        store_fen: the redeeming store's.
        level1_fen: the distributor's, 0 without one.
        platform_fen: the platform's.
    """

    store_fen: Fen
    level1_fen: Fen
    platform_fen: Fen


def redemption_split(value_fen: int, terms: SplitTerms) -> Split:
    """Share a redeemed amount by the terms frozen at order time.

    Args:
        value_fen: what the redeemed uses were paid with, at least 0 fen.
        terms: of the voucher; without a distributor its rate goes to the store.

    Returns:
        Shares that add up to `value_fen` exactly; a fen left over by rounding goes to the largest
        remainder, store first.

    Source: requirement rows D8 and F1.
    """
    level1_rate_bp = 0 if terms.distributor is None else terms.level1_rate_bp
    store_rate_bp = BASIS_POINTS_WHOLE - level1_rate_bp - terms.platform_rate_bp
    weights = (store_rate_bp, level1_rate_bp, terms.platform_rate_bp)
    store_fen, level1_fen, platform_fen = split(Fen(value_fen), weights)
    return Split(store_fen, level1_fen, platform_fen)
