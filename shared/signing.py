"""Who said it: signatures over requests and over the head of a journal, and the pairing digits.

Every request of a till is signed over everything that gives it a meaning, so that no part of one
request can be used in another. There are no bearer tokens.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from shared.ids import TillId

REQUEST_AGE_MAX = timedelta(seconds=300)
"""A request dated further from the server's time than this is refused with the server's time."""

HEADER_TILL = "Hexiao-Till"
HEADER_INCARNATION = "Hexiao-Incarnation"
HEADER_TIME = "Hexiao-Time"
HEADER_NONCE = "Hexiao-Nonce"
HEADER_SIGNATURE = "Hexiao-Signature"
HEADER_PROTOCOL = "Hexiao-Protocol"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """Everything a request's signature covers.

    Attributes:
        method: upper case, such as `POST`.
        path: with the query, as sent.
        till: who says it.
        incarnation: which life of that till's journal, 1 and up.
        sent_at: RFC 3339 text as sent.
        nonce: 32 hexadecimal characters, fresh for each request.
        body: exactly the bytes sent.
    """

    method: str
    path: str
    till: TillId
    incarnation: int
    sent_at: str
    nonce: str
    body: bytes

    def message(self) -> bytes:
        """The bytes that are signed."""
        body_hash = hashlib.sha256(self.body).hexdigest()
        parts = (
            "hexiao request 1",
            self.method,
            self.path,
            str(self.till),
            str(self.incarnation),
            self.sent_at,
            self.nonce,
            body_hash,
        )
        return "\n".join(parts).encode()


def sign(private_key: bytes, message: bytes) -> bytes:
    """Sign with a raw 32-byte Ed25519 private key; returns 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private_key).sign(message)


def request_headers(request: SignedRequest, private_key: bytes) -> dict[str, str]:
    """The headers that make a request a till's own; the signature travels as base64."""
    return {
        HEADER_TILL: str(request.till),
        HEADER_INCARNATION: str(request.incarnation),
        HEADER_TIME: request.sent_at,
        HEADER_NONCE: request.nonce,
        HEADER_SIGNATURE: base64.b64encode(sign(private_key, request.message())).decode("ascii"),
    }


def signature_is_right(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of a raw 32-byte Ed25519 public key signed exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def signing_public_key(private_key: bytes) -> bytes:
    """The public half, 32 bytes, of a raw Ed25519 private key."""
    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def is_timely(sent_at: datetime, server_time: datetime) -> bool:
    """Whether a request's own time is near enough to the server's."""
    return abs(sent_at - server_time) <= REQUEST_AGE_MAX


def pairing_digits(server_nonce: bytes, signing_key: bytes, sealing_key: bytes) -> str:
    """The six digits that both screens show while a till is being paired.

    Args:
        server_nonce: drawn by the server after the keys had arrived.
        signing_key: the till's public Ed25519 key.
        sealing_key: the till's public X25519 key.

    Returns:
        Six decimal digits, the same on both sides only if both mean the same keys.
    """
    digest = hashlib.sha256(b"hexiao pairing" + server_nonce + signing_key + sealing_key).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"
