"""What an entry of the books is: accounts, kinds, lines, and the mirror image of an entry."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AccountKind(StrEnum):
    """The accounts of a merchant; those with an owner exist once for each."""

    provider_clearing = "provider_clearing"
    """Money at the payment provider: paid by buyers, not yet moved on."""
    voucher_liability = "voucher_liability"
    """What is owed to buyers in goods: sold, neither redeemed nor refunded."""
    store_payable = "store_payable"
    """Owed to a store for what it redeemed; owner is the store."""
    commission_pending = "commission_pending"
    """Earned by a distributor and not yet available; owner is the distributor."""
    commission_available = "commission_available"
    """A distributor may withdraw it; owner is the distributor."""
    platform_revenue = "platform_revenue"
    """The platform's share of what was redeemed."""
    fee_expense = "fee_expense"
    """The payment provider's fees."""
    declared_risk = "declared_risk"
    """What a lost till may have redeemed unseen; a memorandum, owner is the store."""
    risk_clearing = "risk_clearing"
    """The other side of declared risks."""
    in_transit = "in_transit"
    """On its way to a bank account."""
    receivable = "receivable"
    """Paid out and taken back later; owner is who owes it."""


class EntryKind(StrEnum):
    """The facts that are booked; one cause is booked once under each."""

    paid = "paid"
    """A buyer paid an order."""
    redeemed = "redeemed"
    """Uses were redeemed and their value was shared."""
    reversed = "reversed"
    """A redemption was taken back: the mirror image of its entry."""
    refunded = "refunded"
    """Unredeemed uses were paid back."""
    fee = "fee"
    """The payment provider kept a fee."""
    risk_declared = "risk_declared"
    """A till was declared lost while it held uses."""
    risk_settled = "risk_settled"
    """A use held by a lost till turned out to be redeemed once."""
    released = "released"
    """Commission became available."""
    paid_out = "paid_out"
    """Money left for a store or a distributor."""
    corrected = "corrected"
    """A mistake in another entry was corrected."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its kind and, where the kind has owners, whose it is."""

    kind: AccountKind
    owner: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A transfer of `amount_fen`, above 0, between two different accounts."""

    debit: Account
    credit: Account
    amount_fen: int

    def __post_init__(self) -> None:
        assert self.amount_fen > 0
        assert self.debit != self.credit


@dataclass(frozen=True, slots=True)
class Entry:
    """One business fact in the books. Never changed: a mistake is corrected by another entry.

    Attributes:
        id: of the entry.
        kind: what happened.
        cause: id of what caused it: an order, an event, a refund; booked once under each kind.
        happened_at: aware UTC.
        lines: transfers; may be empty where a fact moved no money, such as a free voucher.
    """

    id: UUID
    kind: EntryKind
    cause: UUID
    happened_at: datetime
    lines: tuple[Line, ...]


def mirrored(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The transfers that take others back, in the same order."""
    return tuple(Line(line.credit, line.debit, line.amount_fen) for line in lines)


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account shows: all debits less all credits, in fen.

    A liability or a revenue is negative while something is owed or earned.
    """

    account: Account
    debits_fen: int
    credits_fen: int

    @property
    def amount_fen(self) -> int:
        """Debits less credits."""
        return self.debits_fen - self.credits_fen


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the books that does not hold, in plain words."""

    check: str
    record: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one check of the books.

    Attributes:
        name: what has to hold, in plain words.
        looked_at: how many records were looked at.
        findings: what does not hold; empty if all is well. At most `FINDINGS_MAX`.
    """

    name: str
    looked_at: int
    findings: tuple[Finding, ...]


FINDINGS_MAX = 10
"""So many findings of a check are kept; the first is enough to know where to look."""
