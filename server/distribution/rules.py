"""Who a distributor is, what a link code looks like, and how a redeemed fen is shared."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.vouchers.rules import SplitTerms
from shared.ids import DistributorId, EntropySource
from shared.money import BASIS_POINTS_WHOLE, Fen, split

LINK_CODE_LENGTH = 8
LINK_CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Neither 0 nor o, neither 1 nor i nor l: people copy link codes by hand."""


class DistributorState(StrEnum):
    """Whether a distributor may bring orders."""

    active = "active"
    """New orders through the link earn commission."""
    frozen = "frozen"
    """New orders through the link earn none; what was earned stays."""


@dataclass(frozen=True, slots=True)
class Distributor:
    """Somebody who brings buyers.

    Attributes:
        id: of the distributor.
        link_code: eight characters in every link of theirs; never changes.
        name: as headquarters knows them.
        state: active or frozen.
        agreement_accepted_at: when they accepted the agreement, None before; aware UTC.
        joined_at: aware UTC.
    """

    id: DistributorId
    link_code: str
    name: str
    state: DistributorState
    agreement_accepted_at: datetime | None
    joined_at: datetime

    @property
    def earns(self) -> bool:
        """Whether an order placed now through the link earns commission."""
        return self.state is DistributorState.active and self.agreement_accepted_at is not None


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


def new_link_code(entropy: EntropySource) -> str:
    """Draw a link code; every one is equally likely."""
    letters: list[str] = []
    limit = 256 - 256 % len(LINK_CODE_ALPHABET)
    while len(letters) < LINK_CODE_LENGTH:
        letters += [
            LINK_CODE_ALPHABET[drawn % len(LINK_CODE_ALPHABET)]
            for drawn in entropy(LINK_CODE_LENGTH)
            if drawn < limit
        ]
    return "".join(letters[:LINK_CODE_LENGTH])


def cleaned_link_code(text: str) -> str | None:
    """A link code as it came in an address, or None where it cannot be one."""
    code = text.strip().lower()
    if len(code) != LINK_CODE_LENGTH or not set(code) <= set(LINK_CODE_ALPHABET):
        return None
    return code
