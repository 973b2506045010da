"""Every message between a till and the server, once.

Each message is JSON. Journal events and feed entries are stored and sent as the exact bytes that
were first written, so requests and replies carry them as `msgspec.Raw`. Fields of replies have no
defaults. Bytes travel as base64, ids as UUID text, moments as RFC 3339 in UTC.

Source: the till–server protocol, sections 1 and 2 ("Words", "Messages").
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from shared.reasons import Fact, Reason

PROTOCOL_VERSION = 1
"""Raised when an older till could misread a message."""

UPLOAD_EVENTS_MAX = 500
UPLOAD_BYTES_MAX = 1_048_576
FEED_ENTRIES_MAX = 2_000
WAIT_SECONDS_MAX = 25
EVIDENCE_BYTES_MAX = 8_192

# Every path is a POST. All but pairing are signed by headers, the nonce with an empty body.
PATH_PAIR = "/v1/till/pair"
PATH_PAIR_STATUS = "/v1/till/pair/status"
PATH_NONCE = "/v1/till/nonce"
PATH_HELLO = "/v1/till/hello"
PATH_SYNC = "/v1/till/sync"
PATH_ASK = "/v1/till/ask"


class GrantKey(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Names a grant: the tenure it belongs to and its number in the keeper's feed."""

    tenure: int
    feed_no: int


class JournalHead(msgspec.Struct, frozen=True):
    """Where a journal ends: its last sequence number (0 when empty) and that event's hash."""

    last_seq: int
    last_hash: bytes


# --- pairing --------------------------------------------------------------------------------------


class PairRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A till shows its one-time code and its public keys."""

    code: str
    signing_key: bytes
    sealing_key: bytes
    device_name: str
    app_version: str


class PairReply(msgspec.Struct, frozen=True):
    """The code was good: both screens now show the digits of `shared.signing.pairing_digits`."""

    pairing: UUID
    server_nonce: bytes
    store_name: str
    expires_at: datetime


class PairStatus(StrEnum):
    """How far a pairing has come."""

    waiting = "waiting"
    """Headquarters has not compared the digits yet."""
    confirmed = "confirmed"
    """The till belongs to the store."""
    refused = "refused"
    """Headquarters said no, or the time was up."""


class PairStatusRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks how far a pairing has come; `signature` by the till's key over `pairing`'s bytes."""

    pairing: UUID
    signature: bytes


class PairStatusReply(msgspec.Struct, frozen=True):
    """What a till needs to begin, once confirmed; every other field is None until then."""

    status: PairStatus
    merchant: UUID | None
    till: UUID | None
    till_name: str | None
    store: UUID | None
    incarnation: int | None
    server_sealing_key: bytes | None
    sealed_lookup_key: bytes | None


# --- hello, sync, ask -----------------------------------------------------------------------------


class NonceReply(msgspec.Struct, frozen=True):
    """A number to be used once, within 60 seconds."""

    nonce: bytes
    server_time: datetime


class HelloRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At process start, after sleep and after pairing: where this till's journal and feed stand."""

    nonce: bytes
    incarnation: int
    journal_head: JournalHead
    cursor: int
    app_version: str
    want_keep: bool = False


class HelloStatus(StrEnum):
    """What the server makes of a hello."""

    welcome = "welcome"
    """Journal and cursor agree with what the server has seen."""
    forked = "forked"
    """This till's disk went back in time: it must be paired again."""
    revoked = "revoked"
    """Headquarters switched this till off."""


class HelloReply(msgspec.Struct, frozen=True):
    """The server's view of this till."""

    status: HelloStatus
    accepted_seq: int
    server_time: datetime
    offline_until: datetime
    min_version: int


class SyncRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Events up, and the number of the last feed entry that was applied."""

    till: UUID
    incarnation: int
    journal_head: JournalHead
    cursor: int
    events: list[msgspec.Raw]
    wait_seconds: int = 0


class EventStatus(StrEnum):
    """What became of an event."""

    accepted = "accepted"
    """Its uses are redeemed."""
    refused = "refused"
    """An ask that was not granted; nothing was taken."""
    void = "void"
    """The intention did not end green; nothing is taken, now or later."""
    undone = "undone"
    """Redeemed and taken back."""
    pending = "pending"
    """Accepted offline without holding; being decided."""
    case = "case"
    """In conflict; a person decides."""


class Outcome(msgspec.Struct, frozen=True):
    """The server's stored answer to one event of this till's journal."""

    eid: UUID
    status: EventStatus
    reason: Reason


class SyncReply(msgspec.Struct, frozen=True):
    """Outcomes of this request's events and the next entries of the feed, in order."""

    accepted_seq: int
    outcomes: list[Outcome]
    feed: list[msgspec.Raw]
    more: bool
    server_time: datetime
    offline_until: datetime
    min_version: int


class AskRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """May this till redeem a voucher that it does not hold?"""

    eid: UUID
    voucher_ref: bytes
    uses: int
    till: UUID
    evidence: bytes
    clerk: str | None = None


class AskReply(msgspec.Struct, frozen=True):
    """The stored answer, the same however often it is asked."""

    eid: UUID
    status: EventStatus
    reason: Reason
    facts: list[Fact]
    server_time: datetime


class ErrorReply(msgspec.Struct, frozen=True):
    """A request that could not be carried out: what happened and, by code, what to do next."""

    code: str
    message: str
    facts: dict[str, str]
    server_time: datetime
