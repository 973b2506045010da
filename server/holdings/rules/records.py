"""The rows of the books as values in memory; rules change them, the store saves the difference."""

from dataclasses import dataclass
from datetime import datetime

from server.holdings.states import Charge, GrantState, Lane, TenureState
from shared.ids import EventId, StoreId, TillId, VoucherRef
from shared.reasons import Reason
from shared.redemption_rules import RefundState
from shared.wire import EventStatus, GrantKey

LIVE = frozenset({GrantState.open, GrantState.recalled})


HeadKey = tuple[TillId, int]
"""A till and the number of its journal's life."""


@dataclass(slots=True)
class Holding:
    """Where the uses of one voucher are, and what those not yet spent were paid with."""

    voucher: VoucherRef
    sold: int
    held: int
    out: int
    redeemed: int
    refunded: int
    value_fen: int
    value_left_fen: int
    refunded_fen: int
    refund_state: RefundState
    pending: tuple[EventId, ...] = ()

    @property
    def left(self) -> int:
        """Uses neither redeemed nor refunded."""
        return self.held + self.out


@dataclass(slots=True)
class Tenure:
    """One till's time as keeper of one store."""

    number: int
    store: StoreId
    till: TillId
    state: TenureState
    since: datetime
    last_seen: datetime | None
    offline_until: datetime
    ended_at: datetime | None = None
    halted: bool = False
    risk_fen: int = 0


@dataclass(slots=True)
class Grant:
    """A move of `uses` to a tenure; `out` of them are not yet redeemed or released."""

    key: GrantKey
    voucher: VoucherRef
    uses: int
    out: int
    state: GrantState
    random_bits: int
    granted_at: datetime

    @property
    def live(self) -> bool:
        """Whether the keeper may still redeem from it or release it."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class Place:
    """Which till at which store, who worked there, and when, by the till's clock."""

    till: TillId
    store: StoreId
    clerk: str | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Presented:
    """One customer intention as it reached the server.

    Attributes:
        eid: its id.
        voucher: which voucher.
        uses: how many, at least 1.
        intent_hash: what the same id has to mean the same of.
        maker: the till that made the id; outcomes go to its feed.
        place: where it was redeemed.
    """

    eid: EventId
    voucher: VoucherRef
    uses: int
    intent_hash: bytes
    maker: TillId
    place: Place


@dataclass(slots=True)
class EventRecord:
    """What the server knows of one customer intention."""

    eid: EventId
    intent_hash: bytes
    voucher: VoucherRef
    uses: int
    value_fen: int
    status: EventStatus
    reason: Reason
    lane: Lane
    charge: Charge
    charged_grant: GrantKey | None
    maker: TillId
    place: Place
    first_seen: datetime
    late: bool = False
    facts: bytes | None = None
    charges: frozenset[GrantKey] = frozenset()
    news_no: int = 0


@dataclass(slots=True)
class Head:
    """How far one life of a till's journal has come here, and how far it has read its feed."""

    till: TillId
    incarnation: int
    last_seq: int
    last_hash: bytes
    acked_seq: int
    acked_cursor: int
    last_contact: datetime
    forked: bool

    @property
    def key(self) -> HeadKey:
        """What names this head."""
        return self.till, self.incarnation
