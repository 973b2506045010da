"""A till without a screen: keys, a journal in memory and signed requests, by `shared` alone.

Benchmarks load the server with it and tests talk to the server through it, so that both say exactly
what the protocol says and nothing of the till's own program is needed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from shared import journal, wire
from shared.ids import EntropySource, TillId
from shared.journal import FIRST_HASH, JournalEvent, encode_event, event_hash
from shared.sealing import sealing_public_key
from shared.signing import SignedRequest, request_headers, sign, signing_public_key

KEY_BYTES = 32
REQUEST_NONCE_BYTES = 16
APP_VERSION = "0.1.0"

Message = TypeVar("Message")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered: the HTTP status and the exact body."""

    status: int
    body: bytes

    def read(self, form: type[Message]) -> Message:
        """The body as a message; a refusal is an AssertionError that shows it."""
        assert self.status == 200, self.body.decode(errors="replace")  # noqa: PLR2004
        return msgspec.json.decode(self.body, type=form)

    def error(self) -> wire.ErrorReply:
        """The body as an error."""
        return msgspec.json.decode(self.body, type=wire.ErrorReply)


Post = Callable[[str, dict[str, str], bytes], Reply]
"""Sends a body with headers to a path, over whatever line there is."""


@dataclass(slots=True)
class ScriptedTill:
    """One life of a till.

    Attributes:
        post: the line to the server.
        clock: tells the time in aware UTC.
        entropy: source of keys and nonces.
        signing_key: raw Ed25519 private key.
        sealing_key: raw X25519 private key.
        till: its id, once paired.
        incarnation: of its journal, once paired.
        cursor: number of the last feed entry it has read.
        last_seq: number of its last journal event.
        last_hash: of that event.
        events: bytes of every event, by sequence from 1.
        feed: every feed entry it has read.
    """

    post: Post
    clock: Callable[[], datetime]
    entropy: EntropySource
    signing_key: bytes = field(default=b"", repr=False)
    sealing_key: bytes = field(default=b"", repr=False)
    till: TillId = field(default=TillId(UUID(int=0)))
    incarnation: int = 1
    cursor: int = 0
    last_seq: int = 0
    last_hash: bytes = FIRST_HASH
    events: list[bytes] = field(default_factory=list)
    feed: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.signing_key = self.signing_key or self.entropy(KEY_BYTES)
        self.sealing_key = self.sealing_key or self.entropy(KEY_BYTES)

    # --- pairing

    def pair(self, code: str) -> Reply:
        """Show a pairing code and the public keys."""
        request = wire.PairRequest(
            code=code,
            signing_key=signing_public_key(self.signing_key),
            sealing_key=sealing_public_key(self.sealing_key),
            device_name="scripted till",
            app_version=APP_VERSION,
        )
        return self.post(wire.PATH_PAIR, {}, msgspec.json.encode(request))

    def pair_status(self, pairing: UUID) -> Reply:
        """Ask how far a pairing has come."""
        signature = sign(self.signing_key, pairing.bytes)
        request = wire.PairStatusRequest(pairing=pairing, signature=signature)
        return self.post(wire.PATH_PAIR_STATUS, {}, msgspec.json.encode(request))

    def become(self, status: wire.PairStatusReply) -> None:
        """Take the identity that headquarters confirmed."""
        assert status.till is not None
        assert status.incarnation is not None
        self.till, self.incarnation = TillId(status.till), status.incarnation

    # --- signed requests

    def signed(self, path: str, body: bytes) -> dict[str, str]:
        """The headers of a request made now."""
        request = SignedRequest(
            method="POST",
            path=path,
            till=self.till,
            incarnation=self.incarnation,
            sent_at=self.clock().isoformat(),
            nonce=self.entropy(REQUEST_NONCE_BYTES).hex(),
            body=body,
        )
        return request_headers(request, self.signing_key)

    def send(self, path: str, message: object) -> Reply:
        """Sign and send a message."""
        body = message if isinstance(message, bytes) else msgspec.json.encode(message)
        return self.post(path, self.signed(path, body), body)

    def hello(self, **changes: Any) -> Reply:  # noqa: ANN401 - any field of the message
        """Fetch a nonce and greet; `changes` replaces fields of the message."""
        nonce = self.send(wire.PATH_NONCE, b"").read(wire.NonceReply).nonce
        message = wire.HelloRequest(
            nonce=nonce,
            incarnation=self.incarnation,
            journal_head=self.head(),
            cursor=self.cursor,
            app_version=APP_VERSION,
        )
        return self.send(wire.PATH_HELLO, msgspec.structs.replace(message, **changes))

    def sync_message(self, events: list[bytes], wait_seconds: int = 0) -> wire.SyncRequest:
        """An upload of exact bytes, or a poll."""
        return wire.SyncRequest(
            till=self.till,
            incarnation=self.incarnation,
            journal_head=self.head(),
            cursor=self.cursor,
            events=[msgspec.Raw(event) for event in events],
            wait_seconds=wait_seconds,
        )

    def sync(self, events: list[bytes] | None = None, wait_seconds: int = 0) -> wire.SyncReply:
        """Send events, take what the feed has, and move the cursor."""
        message = self.sync_message(events or [], wait_seconds)
        reply = self.send(wire.PATH_SYNC, message).read(wire.SyncReply)
        for entry in reply.feed:
            self.feed.append(bytes(entry))
            self.cursor = int(msgspec.json.decode(entry)["feed_no"])
        return reply

    def ask(self, eid: UUID, voucher_ref: bytes, uses: int = 1) -> Reply:
        """Ask the server to redeem a voucher that it holds."""
        message = wire.AskRequest(
            eid=eid, voucher_ref=voucher_ref, uses=uses, till=self.till, evidence=b"sealed"
        )
        return self.send(wire.PATH_ASK, message)

    # --- the journal

    def head(self) -> wire.JournalHead:
        """Where the journal ends."""
        return wire.JournalHead(last_seq=self.last_seq, last_hash=self.last_hash)

    def write(self, kind: type[JournalEvent], **fields: Any) -> bytes:  # noqa: ANN401 - its fields
        """Append an event to the journal and return its bytes."""
        event = kind(seq=self.last_seq + 1, prev_hash=self.last_hash, at=self.clock(), **fields)
        raw = encode_event(event)
        self.last_seq, self.last_hash = event.seq, event_hash(raw)
        self.events.append(raw)
        return raw

    def redeem(self, eid: UUID, voucher_ref: bytes, grant: wire.GrantKey, uses: int = 1) -> bytes:
        """Redeem while held."""
        return self.write(
            journal.Redeem,
            eid=eid,
            voucher_ref=voucher_ref,
            uses=uses,
            grant=grant,
            evidence=b"sealed",
        )
