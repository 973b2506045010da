"""What the console's pages are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from server.holdings.states import Lane
from server.ledger.rules import AccountKind, Finding
from server.stores.rules import Store
from shared.ids import EventId, StoreId
from shared.wire import EventStatus


@dataclass(frozen=True, slots=True)
class RedemptionQuery:
    """Which redemptions a person wants to see.

    Attributes:
        store: of one store, or None for all the person may see.
        day: of one business day of the merchant, or None for all.
        page: 1 for the newest, and up.
    """

    store: StoreId | None = None
    day: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class RedemptionRow:
    """One line of the live list.

    Attributes:
        eid: names the customer's intention.
        happened_at: by the till's clock, aware UTC.
        received_at: when the server heard of it, aware UTC.
        store_name: where.
        till_name: at which till.
        clerk: who, by short name; empty when nobody was logged in.
        product_name: as it was called when ordered.
        last_four: of the redemption code.
        uses: how many.
        value_fen: what they were paid with; 0 unless accepted.
        lane: how it came to be decided.
        status: as of now.
    """

    eid: EventId
    happened_at: datetime
    received_at: datetime
    store_name: str
    till_name: str
    clerk: str
    product_name: str
    last_four: str
    uses: int
    value_fen: int
    lane: Lane
    status: EventStatus


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over redemptions; those taken back stand apart and are not in the first three.

    Attributes:
        count: redemptions.
        uses: of vouchers.
        value_fen: what the uses were paid with.
        undone_count: redemptions taken back.
        undone_uses: uses taken back.
    """

    count: int = 0
    uses: int = 0
    value_fen: int = 0
    undone_count: int = 0
    undone_uses: int = 0

    def plus(self, other: "Totals") -> "Totals":
        """Both together."""
        return Totals(
            self.count + other.count,
            self.uses + other.uses,
            self.value_fen + other.value_fen,
            self.undone_count + other.undone_count,
            self.undone_uses + other.undone_uses,
        )


@dataclass(frozen=True, slots=True)
class RedemptionPage:
    """One page of the list, newest change first, with the totals of all its pages."""

    rows: tuple[RedemptionRow, ...]
    has_older: bool
    totals: Totals


@dataclass(frozen=True, slots=True)
class StoreDay:
    """What one store redeemed on one business day."""

    store: Store
    totals: Totals


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account with its balance, debits less credits in fen, and its owner's name."""

    kind: AccountKind
    owner: UUID | None
    owner_name: str
    balance_fen: int


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """The balances of all accounts and everything that does not hold."""

    lines: tuple[AccountLine, ...]
    findings: tuple[Finding, ...]
