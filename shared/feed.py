"""The feed: what the server tells one till, numbered 1, 2, 3 … without gaps.

An entry is stored as the bytes first written and applied by the till in one transaction with its
cursor, which makes delivery exactly once.

Source: the till–server protocol, section 2 (table "Feed").
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from shared.reasons import Reason
from shared.wire import EventStatus


class Entry(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every entry carries: its number in this till's feed."""

    feed_no: int


class Keep(Entry, frozen=True, kw_only=True, tag="keep"):
    """This till is now keeper; the token key is sealed to it when the entry is read, not stored."""

    tenure: int
    sealed_token_key: bytes = b""


class VoucherCard(msgspec.Struct, frozen=True, kw_only=True):
    """What the counter shows of a voucher: no name, no phone, no code.

    Attributes:
        last_four: last four digits of the code.
        value_fen: what the granted uses were paid with.
        face_fen: their list price.
        order_number: the short number people quote.
        uses_total: uses sold, of which this grant may be a part.
        attention: whether the clerk has to check something, such as an identity card.
        booked_slot: a booked time as text, or None.
    """

    last_four: str
    value_fen: int
    face_fen: int
    order_number: str
    uses_total: int
    attention: bool
    booked_slot: str | None


class GrantEntry(Entry, frozen=True, kw_only=True, tag="grant"):
    """`uses` of a voucher now belong to this tenure."""

    tenure: int
    voucher_ref: bytes
    uses: int
    product_number: int
    valid_from: datetime
    valid_until: datetime
    per_visit_uses_max: int
    card: VoucherCard


class RecallEntry(Entry, frozen=True, kw_only=True, tag="recall"):
    """The server wants a grant back; only the till's release returns it."""

    tenure: int
    grant_feed_no: int


class End(Entry, frozen=True, kw_only=True, tag="end"):
    """Another keeper takes over: release everything of this tenure."""

    tenure: int


class Lost(Entry, frozen=True, kw_only=True, tag="lost"):
    """This tenure was declared lost: drop its holdings without release, keep the journal."""

    tenure: int


class Reverse(Entry, frozen=True, kw_only=True, tag="reverse"):
    """Headquarters takes a held redemption back; the till answers with an undo."""

    eid: UUID


class OutcomeEntry(Entry, frozen=True, kw_only=True, tag="outcome"):
    """What became of an event that could not be decided when it arrived."""

    eid: UUID
    status: EventStatus
    reason: Reason


class ReleaseOk(Entry, frozen=True, kw_only=True, tag="release_ok"):
    """Answers `release_all`."""

    tenure: int
    count: int
    uses_sum: int


class Policy(Entry, frozen=True, kw_only=True, tag="policy"):
    """The merchant's rules that a till decides by."""

    undo_minutes: int
    provisional_allowed: bool
    provisional_value_max_fen: int
    provisional_count_max: int
    provisional_hours_max: int
    day_cutoff_hours: int
    time_zone: str


class Product(Entry, frozen=True, kw_only=True, tag="product"):
    """A product as the counter names it."""

    product_number: int
    name: str
    attention_text: str | None
    provisional_allowed: bool


class Staff(Entry, frozen=True, kw_only=True, tag="staff"):
    """A person who may work at this till; `active` false ends that."""

    staff: UUID
    short_name: str
    role: str
    pin_verifier: bytes
    active: bool


class Peer(Entry, frozen=True, kw_only=True, tag="peer"):
    """Another till of the same store and its public keys."""

    till: UUID
    signing_key: bytes
    sealing_key: bytes
    keeper: bool
    active: bool


class Store(Entry, frozen=True, kw_only=True, tag="store"):
    """The store this till stands in."""

    store: UUID
    name: str
    open: bool
    till_name: str


class Revoked(Entry, frozen=True, kw_only=True, tag="revoked"):
    """Headquarters switched this till off: hand in the journal, then wipe."""

    at: datetime


AnyEntry = (
    Keep
    | GrantEntry
    | RecallEntry
    | End
    | Lost
    | Reverse
    | OutcomeEntry
    | ReleaseOk
    | Policy
    | Product
    | Staff
    | Peer
    | Store
    | Revoked
)

_decoder: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)


def encode_entry(entry: Entry) -> bytes:
    """The bytes under which an entry is stored and sent."""
    return msgspec.json.encode(entry)


def decode_entry(raw: bytes | msgspec.Raw) -> AnyEntry:
    """Read an entry.

    Raises:
        msgspec.ValidationError: not an entry, or of a kind this version does not know.
    """
    return _decoder.decode(raw)


def entry_number(raw: bytes | msgspec.Raw) -> int:
    """The number of an entry of any kind, also of one this version does not know."""
    header: dict[str, Any] = msgspec.json.decode(raw)
    return int(header["feed_no"])
