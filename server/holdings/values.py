"""What callers hand in to the holdings and what they get back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from server.holdings.states import GrantState, Lane, TenureState
from shared.ids import EventId, StoreId, TillId, VoucherRef
from shared.reasons import Fact, Reason
from shared.redemption_rules import RefundState
from shared.wire import EventStatus, GrantKey, HelloStatus, JournalHead, Outcome


@dataclass(frozen=True, slots=True)
class Upload:
    """Events of one request of a till, and how far it has read its feed.

    Attributes:
        till: whose journal it is.
        store: where that till stands.
        incarnation: which life of the journal, 1 and up.
        cursor: number of the last feed entry the till has applied.
        events: exact bytes, in order; may be empty.
    """

    till: TillId
    store: StoreId
    incarnation: int
    cursor: int
    events: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class UploadResult:
    """What to answer to an upload.

    Attributes:
        accepted_seq: the till need not send events up to this one again; at most the last of this
            upload, so 0 for a poll.
        outcomes: stored answers to this upload's events, repeats included.
        offline_until: until when the till may use what it holds without contact; stored.
        refusal: None, or why nothing of it was taken: `broken_chain` or `forked`.
    """

    accepted_seq: int
    outcomes: tuple[Outcome, ...]
    offline_until: datetime
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Ask:
    """A till asks whether it may redeem what it does not hold.

    Attributes:
        eid: of the customer's intention.
        till: which till asks.
        store: where it stands.
        voucher_ref: which voucher.
        uses: how many.
        evidence: what was presented, sealed to the server.
        clerk: id of the person at work, or None.
    """

    eid: EventId
    till: TillId
    store: StoreId
    voucher_ref: VoucherRef
    uses: int
    evidence: bytes
    clerk: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The stored answer to an ask, the same however often it is asked."""

    eid: EventId
    status: EventStatus
    reason: Reason
    facts: tuple[Fact, ...]


BROKEN_CHAIN = "broken_chain"
FORKED = "forked"


@dataclass(frozen=True, slots=True)
class Hello:
    """Where a till says its journal and its feed stand, in a fresh hello."""

    till: TillId
    store: StoreId
    incarnation: int
    journal_head: JournalHead
    cursor: int
    want_keep: bool = False


@dataclass(frozen=True, slots=True)
class HelloResult:
    """What the server makes of a hello; `accepted_seq` is not advanced by it."""

    status: HelloStatus
    accepted_seq: int
    offline_until: datetime


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Entries of a feed in order, as stored, and whether more follow."""

    entries: tuple[bytes, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class OpenGrant:
    """A grant that a keeper may redeem from, as a code page needs it.

    Attributes:
        tenure: the keeper's.
        feed_no: number of the grant in the keeper's feed.
        uses: granted.
        uses_left: not yet reported as redeemed.
        random_bits: 20 bits that only the server and the token know.
        till: the keeper.
        store: where it stands.
        product_number: as in the token.
        expires_on: last day of the token in UTC.
    """

    tenure: int
    feed_no: int
    uses: int
    uses_left: int
    random_bits: int
    till: TillId
    store: StoreId
    product_number: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class Redemption:
    """One event as people read it: live list, day totals, the history of a voucher.

    Attributes:
        eid: of the customer's intention.
        news_no: grows with every change; ask for what is newer than the last one seen.
        voucher_ref: which voucher.
        uses: how many.
        value_fen: what they were paid with; 0 unless accepted.
        status: as of now.
        reason: the stored answer.
        lane: how it first arrived.
        store: where it happened.
        till: which till redeemed.
        clerk: id of the person at work, or None.
        happened_at: by the till's clock, aware UTC.
        received_at: when the server first heard of it, aware UTC.
        late: it came from a till that was declared lost or forked.
    """

    eid: EventId
    news_no: int
    voucher_ref: VoucherRef
    uses: int
    value_fen: int
    status: EventStatus
    reason: Reason
    lane: Lane
    store: StoreId
    till: TillId
    clerk: str | None
    happened_at: datetime
    received_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class RedemptionFilter:
    """Which redemptions to read, newest news first; every field narrows.

    Attributes:
        store: of one store.
        voucher_ref: of one voucher.
        news_after: with a greater news number only.
        happened_from: not before, aware UTC.
        happened_until: before, aware UTC.
        statuses: only these; accepted, undone, pending and case by default.
        limit: at most so many.
    """

    store: StoreId | None = None
    voucher_ref: VoucherRef | None = None
    news_after: int = 0
    happened_from: datetime | None = None
    happened_until: datetime | None = None
    statuses: frozenset[EventStatus] = frozenset(
        {EventStatus.accepted, EventStatus.undone, EventStatus.pending, EventStatus.case}
    )
    limit: int = 100


@dataclass(frozen=True, slots=True)
class StoreTotal:
    """Accepted redemptions of one store over a time: how many, uses, and value in fen."""

    store: StoreId
    redemptions: int
    uses: int
    value_fen: int


@dataclass(frozen=True, slots=True)
class HoldingView:
    """Where the uses of a voucher are.

    Attributes:
        voucher_ref: which voucher.
        sold: uses sold; always held + out + redeemed + refunded.
        held: by the server.
        out: by tills.
        redeemed: and not taken back.
        refunded: to the buyer.
        value_left_fen: what the uses not redeemed or refunded were paid with.
        refunded_fen: paid back so far.
        refund_state: none, asked or done.
        holders: tenures that hold uses.
    """

    voucher_ref: VoucherRef
    sold: int
    held: int
    out: int
    redeemed: int
    refunded: int
    value_left_fen: int
    refunded_fen: int
    refund_state: RefundState
    holders: tuple["Holder", ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """A till that holds uses of a voucher."""

    grant: GrantKey
    store: StoreId
    till: TillId
    uses: int
    state: GrantState
    last_contact: datetime | None


@dataclass(frozen=True, slots=True)
class RefundDone:
    """Unredeemed uses that went back to the buyer's side; the payment is the orders' business.

    Attributes:
        id: of this refund, also its cause in the ledger.
        voucher_ref: which voucher.
        uses: how many.
        value_fen: what they were paid with.
        refunded_at: aware UTC.
    """

    id: UUID
    voucher_ref: VoucherRef
    uses: int
    value_fen: int
    refunded_at: datetime


@dataclass(frozen=True, slots=True)
class Keeper:
    """A tenure that is not over.

    Attributes:
        number: of the tenure.
        store: of which store.
        till: which till.
        state: active, or ending while it still has to give back.
        offline_until: until when it may use what it holds without contact.
    """

    number: int
    store: StoreId
    till: TillId
    state: TenureState
    offline_until: datetime
