"""How a redemption is booked, and what a person is told about one that was refused."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.distribution.rules import redemption_split
from server.ledger.rules import Account, AccountKind, Line
from server.vouchers.rules import SplitTerms, VoucherTerms
from shared.clock import last_second_before
from shared.ids import StoreId
from shared.reasons import Fact, FactName, Reason

USABLE_STORES_MAX = 3
LIABILITY = Account(AccountKind.voucher_liability)
REVENUE = Account(AccountKind.platform_revenue)


def redemption_lines(value_fen: int, store: StoreId, terms: SplitTerms) -> tuple[Line, ...]:
    """The transfers of one redemption: what was owed in goods is now owed to those who share it.

    Args:
        value_fen: what the redeemed uses were paid with, at least 0 fen.
        store: where they were redeemed.
        terms: frozen at order time.

    Returns:
        Lines that add up to `value_fen`; shares of 0 fen have none.

    Source: requirement rows D8 and F1.
    """
    split = redemption_split(value_fen, terms)
    shares: Sequence[tuple[Account, int]] = (
        (Account(AccountKind.store_payable, store), split.store_fen),
        (_commission_of(terms.distributor), split.level1_fen),
        (REVENUE, split.platform_fen),
    )
    return tuple(Line(LIABILITY, account, share) for account, share in shares if share)


def _commission_of(distributor: UUID | None) -> Account:
    return Account(AccountKind.commission_pending, distributor)


def moment_text(at: datetime) -> str:
    """A moment as facts carry it: RFC 3339 in UTC."""
    return at.isoformat().replace("+00:00", "Z")


def voucher_facts(terms: VoucherTerms, uses_left: int) -> list[Fact]:
    """What a verdict says of any voucher that exists."""
    return [
        Fact(FactName.product, terms.product_name),
        Fact(FactName.last_four, terms.last_four),
        Fact(FactName.order_number, terms.order_number),
        Fact(FactName.uses_total, str(terms.uses_total)),
        Fact(FactName.uses_left, str(uses_left)),
    ]


def validity_facts(terms: VoucherTerms, reason: Reason) -> list[Fact]:
    """From when or until when a voucher is valid, where that is why it was refused."""
    if reason is Reason.not_yet_valid:
        return [Fact(FactName.valid_from, moment_text(terms.valid_from))]
    if reason is Reason.expired:
        return [Fact(FactName.valid_until, moment_text(last_second_before(terms.valid_until)))]
    return []


def usable_stores_fact(names: Sequence[str]) -> Fact:
    """Where a voucher is valid, shortened for a card."""
    return Fact(FactName.usable_stores, ", ".join(sorted(names)[:USABLE_STORES_MAX]))
