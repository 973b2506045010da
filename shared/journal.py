"""The journal: what one till did, numbered 1, 2, 3 … without gaps, each event chained to the last.

An event's bytes contain the hash of the event before it, so the hash of the last one covers the
whole history: a lost, edited or cloned journal shows. The bytes are made once, stored, and sent as
they are.

Source: the till–server protocol, section 2 (table "Journal").
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from shared.reasons import Reason
from shared.wire import EventStatus, GrantKey

HASH_BYTES = 32
FIRST_HASH = bytes(HASH_BYTES)
"""What the first event of an incarnation names as the hash before it."""


class JournalEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every event carries.

    Attributes:
        seq: number in this incarnation of the journal, 1 and up.
        prev_hash: SHA-256 of the bytes of the event before, 32 bytes.
        at: when it happened by the till's clock, aware UTC.
        clerk: id of the person at work, or None.
    """

    seq: int
    prev_hash: bytes
    at: datetime
    clerk: str | None = None


class Intent(JournalEvent, frozen=True, kw_only=True, tag="intent"):
    """Written before an ask or a request to another till leaves.

    `last_four`, the end of the code, names the voucher to people; it is empty where unknown.
    """

    eid: UUID
    voucher_ref: bytes
    uses: int
    evidence: bytes
    last_four: str = ""


class Shown(JournalEvent, frozen=True, kw_only=True, tag="shown"):
    """Written before the answer to an intent is shown."""

    eid: UUID
    answer: EventStatus
    reason: Reason


class Redeem(JournalEvent, frozen=True, kw_only=True, tag="redeem"):
    """Redeemed while held; final. `asked_by` is the till that made the eid, if another one."""

    eid: UUID
    voucher_ref: bytes
    uses: int
    grant: GrantKey
    evidence: bytes
    asked_by: UUID | None = None


class Provisional(JournalEvent, frozen=True, kw_only=True, tag="provisional"):
    """Accepted without holding, to be confirmed."""

    eid: UUID
    voucher_ref: bytes
    uses: int
    evidence: bytes


class Void(JournalEvent, frozen=True, kw_only=True, tag="void"):
    """This intention did not end green; also the undo of an ask or a provisional redemption."""

    eid: UUID
    voucher_ref: bytes
    uses: int


class UndoTo(StrEnum):
    """Where an undone use goes."""

    grant = "grant"
    """Back to the grant it came from, which is still open at this till."""
    server = "server"
    """To the server, because the grant is closed."""


class Undo(JournalEvent, frozen=True, kw_only=True, tag="undo"):
    """A held redemption taken back."""

    eid: UUID
    uses: int
    to: UndoTo
    why: str = ""


class Release(JournalEvent, frozen=True, kw_only=True, tag="release"):
    """Everything left of a grant goes back to the server; the grant is closed."""

    grant: GrantKey
    uses: int


class TenureDone(JournalEvent, frozen=True, kw_only=True, tag="tenure_done"):
    """Every grant of an ended tenure has been released."""

    tenure: int


class Refused(JournalEvent, frozen=True, kw_only=True, tag="refused"):
    """A scan that was refused here; no effect on uses."""

    eid: UUID
    voucher_ref: bytes | None
    reason: Reason
    last_four: str = ""


class TokenSeen(JournalEvent, frozen=True, kw_only=True, tag="token_seen"):
    """A phone brought a grant before the feed did.

    What follows `uses` is what the token said of the voucher; the till goes by it, and shows it,
    until the feed brings the grant itself.
    """

    grant: GrantKey
    voucher_ref: bytes
    uses: int
    last_four: str = ""
    product_number: int = 0
    valid_until: datetime | None = None


class OpenByToken(msgspec.Struct, frozen=True, array_like=True):
    """A grant above the cursor that a token opened, and what is left of it."""

    feed_no: int
    left: int


class ReleaseAll(JournalEvent, frozen=True, kw_only=True, tag="release_all"):
    """The keeper leaves in good order and gives everything back."""

    tenure: int
    cursor: int
    count: int
    uses_sum: int
    opened_by_token: list[OpenByToken]


class Note(JournalEvent, frozen=True, kw_only=True, tag="note"):
    """A shift, an unlock, an approval, a reprint: no effect on uses."""

    topic: str
    body: dict[str, str]


AnyEvent = (
    Intent
    | Shown
    | Redeem
    | Provisional
    | Void
    | Undo
    | Release
    | TenureDone
    | Refused
    | TokenSeen
    | ReleaseAll
    | Note
)


class UnknownEvent(JournalEvent, frozen=True, kw_only=True, tag="unknown"):
    """Of a kind unknown to this version: stored and acknowledged, never a reason to stop."""


class EventHeader(msgspec.Struct, frozen=True):
    """What can be read of an event of any kind, also of one that this version does not know."""

    seq: int
    prev_hash: bytes
    at: datetime
    kind: str
    clerk: str | None = None


_KNOWN_KINDS = frozenset(
    str(kind.__struct_config__.tag)
    for kind in (
        *(Intent, Shown, Redeem, Provisional, Void, Undo),
        *(Release, TenureDone, Refused, TokenSeen, ReleaseAll, Note),
    )
)
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_header_decoder = msgspec.json.Decoder(EventHeader)


def encode_event(event: JournalEvent) -> bytes:
    """The bytes under which an event is hashed, stored and sent."""
    return msgspec.json.encode(event)


def decode_event(raw: bytes | msgspec.Raw) -> AnyEvent | UnknownEvent:
    """Read an event.

    Raises:
        msgspec.ValidationError: the header is wrong, or a known kind has wrong fields.
        msgspec.DecodeError: not JSON.
    """
    header = _header_decoder.decode(raw)
    if header.kind in _KNOWN_KINDS:
        return _decoder.decode(raw)
    return UnknownEvent(
        seq=header.seq, prev_hash=header.prev_hash, at=header.at, clerk=header.clerk
    )


def read_header(raw: bytes | msgspec.Raw) -> EventHeader:
    """Read what every event carries.

    Raises:
        msgspec.DecodeError: not JSON, or no event at all.
    """
    return _header_decoder.decode(raw)


def event_hash(raw: bytes | msgspec.Raw) -> bytes:
    """The name of an event's exact bytes, 32 bytes."""
    return hashlib.sha256(bytes(raw)).digest()


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first event at which a chain does not hold, and what is wrong there."""

    seq: int
    what: str


def first_broken_link(
    raws: Iterable[bytes | msgspec.Raw], last_seq: int = 0, last_hash: bytes = FIRST_HASH
) -> BrokenLink | None:
    """Check that events follow each other without gap and each names the one before.

    Args:
        raws: events in order.
        last_seq: number of the event before the first of them, 0 at the beginning.
        last_hash: that event's hash.

    Returns:
        None for a whole chain, otherwise where and how it breaks.
    """
    for raw in raws:
        seq = last_seq + 1
        try:
            header = _header_decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return BrokenLink(seq, "unreadable")
        if header.seq != seq:
            return BrokenLink(seq, f"numbered {header.seq}")
        if header.prev_hash != last_hash:
            return BrokenLink(seq, "does not name the event before it")
        last_seq, last_hash = seq, event_hash(raw)
    return None


def intent_hash(eid: UUID, voucher: bytes, uses: int, till: UUID) -> bytes:
    """What "the same event id" has to mean the same of, in every lane and retry.

    Args:
        eid: the event id.
        voucher: the voucher's reference, 16 bytes.
        uses: how many.
        till: the till that made the event id.

    Returns:
        32 bytes. Lane, grant and time are not in it.
    """
    body: dict[str, Any] = {"eid": eid, "voucher": voucher, "uses": uses, "till": till}
    return hashlib.sha256(msgspec.json.encode(body)).digest()
