"""What came of applying rules: facts for the ledger and the orders, and words for the tills."""

from dataclasses import dataclass
from datetime import datetime

from server.holdings.rules.records import Grant
from server.holdings.states import AlarmKind, CaseKind
from shared.feed import Entry
from shared.ids import EventId, StoreId, TillId, VoucherRef
from shared.wire import GrantKey


@dataclass(frozen=True, slots=True)
class Redeemed:
    """An event was accepted: `value_fen` has to be shared."""

    eid: EventId
    voucher: VoucherRef
    value_fen: int
    store: StoreId
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An accepted event was undone or voided: its sharing has to be mirrored."""

    eid: EventId
    voucher: VoucherRef
    value_fen: int


@dataclass(frozen=True, slots=True)
class Released:
    """A keeper gave back what was left of a grant; `recalled` if the server had asked for it."""

    voucher: VoucherRef
    grant: GrantKey
    recalled: bool


@dataclass(frozen=True, slots=True)
class Refunded:
    """Every use that was left went back to the buyer's side."""

    voucher: VoucherRef
    uses: int
    value_fen: int


@dataclass(frozen=True, slots=True)
class RiskDeclared:
    """Uses were taken back from a lost till that may have redeemed them unseen."""

    store: StoreId
    tenure: int
    value_fen: int


@dataclass(frozen=True, slots=True)
class RiskSettled:
    """A use of a lost till turned out to be redeemed, once."""

    eid: EventId
    store: StoreId
    value_fen: int


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A person has to look at an event."""

    eid: EventId
    kind: CaseKind


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The conflict of an event is resolved."""

    eid: EventId


@dataclass(frozen=True, slots=True)
class Alarm:
    """What must never happen happened."""

    kind: AlarmKind
    till: TillId
    detail: str


Fact = (
    Redeemed
    | TakenBack
    | Released
    | Refunded
    | RiskDeclared
    | RiskSettled
    | CaseOpened
    | CaseClosed
    | Alarm
)


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """A change of a store's counts of one voucher's product, in uses."""

    store: StoreId
    voucher: VoucherRef
    reserved: int
    used: int


@dataclass(frozen=True, slots=True)
class Told:
    """A feed entry for a till; `grant` is the new grant whose key is the entry's number."""

    till: TillId
    entry: Entry
    grant: Grant | None = None
