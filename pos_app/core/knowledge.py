"""What the till knows of a voucher and of itself at the moment of a decision: plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.clock import ClockReading
from shared.ids import EventId, StoreId
from shared.redemption_rules import DEFAULT_PER_VISIT_USES_MAX
from shared.wire import GrantKey


class Standing(StrEnum):
    """Whether this till may still decide, by the server's last word."""

    welcome = "welcome"
    """It may."""
    forked = "forked"
    """Its disk went back in time; it must be paired again."""
    revoked = "revoked"
    """Headquarters switched it off; it may only hand in its journal."""


@dataclass(frozen=True, slots=True)
class Holding:
    """An open grant of this till's own tenure.

    Attributes:
        key: the grant.
        granted: uses it moved here.
        left: uses not yet redeemed from it.
        product_number: the merchant's number of the product.
        valid_from: first moment of validity, aware UTC.
        valid_until: first moment after validity, aware UTC.
        per_visit_uses_max: most uses of one visit, at least 1.
        last_four: end of the redemption code.
        uses_total: uses sold; as far as known, which is `granted` where a token brought it.
        value_fen: what the granted uses were paid with, or None where only a token brought it.
        order_number: the short number people quote; empty where only a token brought it.
        attention: whether the clerk has to check something.
        booked_slot: a booked time as text, or None.
    """

    key: GrantKey
    granted: int
    left: int
    product_number: int
    valid_from: datetime
    valid_until: datetime
    per_visit_uses_max: int = DEFAULT_PER_VISIT_USES_MAX
    last_four: str = ""
    uses_total: int = 1
    value_fen: int | None = None
    order_number: str = ""
    attention: bool = False
    booked_slot: str | None = None


@dataclass(frozen=True, slots=True)
class PastUse:
    """A redemption of the voucher that this till itself recorded and that was not undone.

    Attributes:
        eid: the event.
        uses: how many.
        at: when, by this till's clock.
        clerk: id of the person at work, or None.
    """

    eid: EventId
    uses: int
    at: datetime
    clerk: str | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A request that left for the server and has no answer yet.

    Attributes:
        eid: the event.
        voucher_ref: the voucher, 16 bytes.
        uses: how many.
        since: when it was written down, aware UTC.
        evidence: sealed to the server.
        last_four: end of the redemption code.
        clerk: id of the person at work, or None.
        handed_over: a person said that the goods have left; nobody is asked again.
    """

    eid: EventId
    voucher_ref: bytes
    uses: int
    since: datetime
    evidence: bytes
    last_four: str
    clerk: str | None
    handed_over: bool


@dataclass(frozen=True, slots=True)
class VoucherKnowledge:
    """Everything this till has about one voucher.

    Attributes:
        holdings: its open grants here, oldest first.
        past: redemptions of this till, oldest first.
        reserved: uses of own provisional redemptions without outcome.
        uses_total: uses sold, from any grant ever seen here, or None.
        doubt: a request in doubt, or None.
        token_seen: the shown token's grant was opened by a token before, open or closed.
        product_number: from any grant ever seen here, or None.
    """

    holdings: tuple[Holding, ...] = ()
    past: tuple[PastUse, ...] = ()
    reserved: int = 0
    uses_total: int | None = None
    doubt: Doubt | None = None
    token_seen: bool = False
    product_number: int | None = None


@dataclass(frozen=True, slots=True)
class TillKnowledge:
    """The till itself at the moment of a decision.

    Attributes:
        store: where it stands.
        store_open: false when the store rests.
        standing: the server's last word about this till.
        tenure: the tenure in which it is keeper, or None.
        token_key: the key of that tenure's tokens, or None.
        cursor: number of the last feed entry applied.
        offline_until: end of the lease under which holdings count, or None before first contact.
        clock: now.
        online: whether the server can be asked.
    """

    store: StoreId
    store_open: bool
    standing: Standing
    tenure: int | None
    token_key: bytes | None
    cursor: int
    offline_until: datetime | None
    clock: ClockReading
    online: bool

    @property
    def lease_is_over(self) -> bool:
        """Whether what is held rests until the next contact (protocol rule T10)."""
        return self.offline_until is not None and self.clock.at > self.offline_until


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this till is, as the server said at pairing.

    Attributes:
        till: its id.
        store: where it stands.
        merchant: the tenant.
        incarnation: which life of its journal this is.
        till_name: as people call it.
        server_url: where its server is.
        server_sealing_key: to which evidence is sealed.
    """

    till: UUID
    store: UUID
    merchant: UUID
    incarnation: int
    till_name: str
    server_url: str
    server_sealing_key: bytes
