"""Pairing codes, the limits on guessing them, and which requests of a till may be heard."""

import hmac
import ipaddress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import DomainError, NotAllowedError
from shared.ids import EntropySource, MerchantId, StoreId, TillId
from shared.signing import HEADER_TIME, SignedRequest, is_timely, signature_is_right

CODE_CHARACTERS = 8
CODE_LIFE = timedelta(minutes=15)
CONFIRM_WITHIN = timedelta(minutes=15)
"""From the till's claim to headquarters' answer."""
NONCE_LIFE = timedelta(seconds=60)
NONCE_BYTES = 16
SERVER_NONCE_BYTES = 32
KEY_BYTES = 32
NAME_CHARACTERS_MAX = 64
VERSION_CHARACTERS_MAX = 32

ATTEMPT_WINDOW = timedelta(minutes=15)
WRONG_CODES_PER_ADDRESS_MAX = 10
WRONG_CODES_TOTAL_MAX = 200
"""40 bits a code: at this pace one guess in about five million quarter hours meets a live code."""

MIN_APP_PROTOCOL = 1
"""The oldest protocol version still understood, told to tills as `min_version`."""

INSTALLATION = MerchantId(UUID(int=0))
"""Owns rows that belong to no merchant yet."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class TillState(StrEnum):
    """Whether a till may work."""

    active = "active"
    """It may."""
    revoked = "revoked"
    """Switched off by headquarters; it may still hand in its journal."""


class WrongPairingCodeError(DomainError):
    """Nobody has been given this code."""

    code = "wrong_pairing_code"


class UsedPairingCodeError(DomainError):
    """The code has already been shown by another till."""

    code = "used_pairing_code"


class ExpiredPairingCodeError(DomainError):
    """The code is older than 15 minutes."""

    code = "expired_pairing_code"


class PairingDecidedError(DomainError):
    """Headquarters, or the passing of time, has already decided this pairing."""

    code = "pairing_decided"


class UnusableKeyError(DomainError):
    """A public key is not 32 bytes long or nothing can be sealed to it."""

    code = "unusable_key"


class UnsignedRequestError(NotAllowedError):
    """A header that makes a request a till's own is missing or unreadable."""

    code = "unsigned_request"


class UnknownTillError(NotAllowedError):
    """No till has this id and incarnation."""

    code = "unknown_till"


class WrongSignatureError(NotAllowedError):
    """The signature was not made by this till over exactly this request."""

    code = "wrong_signature"


class UntimelyRequestError(NotAllowedError):
    """The request is dated too far from the server's time; the reply tells that time."""

    code = "untimely_request"


class OldIncarnationError(NotAllowedError):
    """The till was paired again since; only its journal is still taken."""

    code = "old_incarnation"


class RevokedTillError(NotAllowedError):
    """Headquarters switched this till off; only its journal is still taken."""

    code = "till_revoked"


class WrongNonceError(NotAllowedError):
    """The hello's nonce is unknown, used, replaced by a newer one or older than 60 seconds."""

    code = "wrong_nonce"


@dataclass(frozen=True, slots=True)
class TillIdentity:
    """One life of a till, as far as deciding who speaks needs it.

    Attributes:
        merchant: the tenant.
        till: which till.
        store: where it stands.
        incarnation: which life of its journal these keys belong to, 1 and up.
        current_incarnation: the till's present life.
        state: whether it may work.
        signing_key: raw Ed25519 public key.
        sealing_key: raw X25519 public key.
        feed_start: entries up to this number belong to an earlier life.
    """

    merchant: MerchantId
    till: TillId
    store: StoreId
    incarnation: int
    current_incarnation: int
    state: TillState
    signing_key: bytes = field(repr=False)
    sealing_key: bytes = field(repr=False)
    feed_start: int


def new_code(entropy: EntropySource) -> str:
    """Draw a pairing code of 8 characters, 40 bits; show it with `grouped`."""
    bits = int.from_bytes(entropy(5), "big")
    return "".join(_ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))


def grouped(code: str) -> str:
    """A code as people read it, 4-4."""
    return f"{code[:4]}-{code[4:]}"


def cleaned_code(text: str) -> str | None:
    """What a person typed or scanned, as a code; None where it cannot be one."""
    plain = "".join(text.upper().split()).replace("-", "").translate(_READ_AS)
    if len(plain) != CODE_CHARACTERS or any(character not in _ALPHABET for character in plain):
        return None
    return plain


def code_hash(code: str, key: bytes) -> bytes:
    """Under which a code is kept; `key` is outside the database, so a copy of it yields no code."""
    return hmac.digest(key, code.encode("ascii"), "sha256")


def window_start(now: datetime) -> datetime:
    """The beginning of the window in which failed attempts are counted together."""
    seconds = int(now.timestamp())
    length = int(ATTEMPT_WINDOW.total_seconds())
    return datetime.fromtimestamp(seconds - seconds % length, UTC)


def guesser(address: str) -> str:
    """Who is counted as one when guessing: an IPv4 address, or the /64 network of an IPv6 one.

    Whoever has one IPv6 address has 2**64 of them.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def check_request(
    identity: TillIdentity, request: SignedRequest, signature: bytes, now: datetime
) -> None:
    """Refuse a request that this life of the till did not sign, or not now.

    Raises:
        WrongSignatureError: changed, or signed by another key.
        UntimelyRequestError: more than 300 seconds from `now`.
    """
    if not signature_is_right(identity.signing_key, signature, request.message()):
        raise WrongSignatureError(till=identity.till)
    if not is_timely(read_moment(request.sent_at), now):
        raise UntimelyRequestError(server_time=now.isoformat())


def read_moment(text: str) -> datetime:
    """Read RFC 3339 text.

    Raises:
        UnsignedRequestError: not a moment, or one without its zone.
    """
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnsignedRequestError(header=HEADER_TIME) from None
    raise UnsignedRequestError(header=HEADER_TIME)


def require_present_life(identity: TillIdentity) -> None:
    """Let only the present life of a till go on.

    Raises:
        OldIncarnationError: paired again since.
    """
    if identity.incarnation != identity.current_incarnation:
        raise OldIncarnationError(
            till=identity.till,
            incarnation=identity.incarnation,
            current=identity.current_incarnation,
        )


def require_working(identity: TillIdentity) -> None:
    """Let only the present life of a till that is not switched off go on.

    Raises:
        RevokedTillError: switched off.
        OldIncarnationError: paired again since.
    """
    require_present_life(identity)
    if identity.state is not TillState.active:
        raise RevokedTillError(till=identity.till)
