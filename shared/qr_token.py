"""The token in the QR code: one grant's feed entry, carried to the counter by the customer's phone.

190 bits in 38 Crockford base32 characters, which just fit QR version 2 at level M and which no
input method, Caps Lock or keyboard layout can turn into something else. A token is a message, not
a right: showing it can only make a till learn earlier what its feed will say anyway.

    version 3 · code 37 · feed number 26 · uses 6 · product 14 · expiry day 12 · tenure 8 ·
    server's random bits 20 · MAC 64

The MAC's key belongs to one tenure of one keeper, and the whole tenure number is under the MAC.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.ids import MerchantId, TillId
from shared.voucher_code import VoucherCode, body_of, code_from_body

TOKEN_VERSION = 1
TOKEN_CHARACTERS = 38
MAC_BYTES = 8
TOKEN_KEY_BYTES = 32
FIRST_EXPIRY_DAY = date(2026, 1, 1)
RANDOM_BITS = 20
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_WIDTHS_BITS = (3, 37, 26, 6, 14, 12, 8, RANDOM_BITS)
_BODY_BITS = sum(_WIDTHS_BITS)
_BODY_BYTES = (_BODY_BITS + 7) // 8


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says, once its MAC is found right or while it is being made.

    Attributes:
        code: the redemption code.
        feed_no: number of the grant's entry in the keeper's feed, 1 to 2**26 - 1.
        uses: uses granted, 1 to 63.
        product_number: the merchant's number of the product, 0 to 16,383.
        expires_on: last day of validity in UTC, from 2026-01-01 on for 4,095 days.
        tenure_low: the tenure's number modulo 256.
        random_bits: 20 bits that only the server knows; part of the evidence of presentation.
    """

    code: VoucherCode
    feed_no: int
    uses: int
    product_number: int
    expires_on: date
    tenure_low: int
    random_bits: int


def token_key(root_key: bytes, merchant: MerchantId, tenure: int, till: TillId) -> bytes:
    """The key under which tokens of one tenure are authenticated.

    Args:
        root_key: the server's, kept outside the database, at least 32 bytes.
        merchant: the tenant.
        tenure: number of the tenure.
        till: its keeper.

    Returns:
        32 bytes; derived whenever needed, never stored by the server.
    """
    info = b"hexiao token" + merchant.bytes + tenure.to_bytes(8, "big") + till.bytes
    return HKDF(SHA256(), TOKEN_KEY_BYTES, salt=None, info=info).derive(root_key)


def make_token(token: Token, tenure: int, key: bytes) -> str:
    """Write a token as 38 characters.

    Args:
        token: its content; `tenure_low` must be `tenure` modulo 256.
        tenure: the whole number of the tenure.
        key: from `token_key`.
    """
    assert token.tenure_low == tenure % 256
    body = _pack(token)
    bits = body << (8 * MAC_BYTES) | int.from_bytes(_mac(body, tenure, key), "big")
    shifts = range(5 * (TOKEN_CHARACTERS - 1), -1, -5)
    return "".join(_ALPHABET[bits >> shift & 31] for shift in shifts)


def looks_like_token(text: str) -> bool:
    """Whether a cleaned, upper-case text has a token's length and alphabet."""
    return len(text) == TOKEN_CHARACTERS and all(character in _VALUES for character in text)


def read_token(text: str) -> Token | None:
    """Read what a text claims, without believing it.

    Returns:
        The content, or None where the text is no token of a version known here.
    """
    if not looks_like_token(text):
        return None
    return _unpack(_bits(text) >> (8 * MAC_BYTES))


def token_is_authentic(text: str, tenure: int, key: bytes) -> bool:
    """Whether the MAC was made with this key for this tenure; compared in constant time."""
    if not looks_like_token(text):
        return False
    bits = _bits(text)
    shown = (bits & (2 ** (8 * MAC_BYTES) - 1)).to_bytes(MAC_BYTES, "big")
    return hmac.compare_digest(shown, _mac(bits >> (8 * MAC_BYTES), tenure, key))


def end_of(token: Token) -> datetime:
    """The first moment at which a token is no longer valid, aware UTC."""
    return datetime.combine(token.expires_on, datetime.min.time(), UTC) + timedelta(days=1)


def _bits(text: str) -> int:
    bits = 0
    for character in text:
        bits = bits << 5 | _VALUES[character]
    return bits


def _mac(body: int, tenure: int, key: bytes) -> bytes:
    message = body.to_bytes(_BODY_BYTES, "big") + tenure.to_bytes(8, "big")
    return hmac.digest(key, message, hashlib.sha256)[:MAC_BYTES]


def _pack(token: Token) -> int:
    values = (
        TOKEN_VERSION,
        body_of(token.code),
        token.feed_no,
        token.uses,
        token.product_number,
        (token.expires_on - FIRST_EXPIRY_DAY).days,
        token.tenure_low,
        token.random_bits,
    )
    body = 0
    for value, width_bits in zip(values, _WIDTHS_BITS, strict=True):
        assert 0 <= value < 2**width_bits
        body = body << width_bits | value
    return body


def _unpack(body: int) -> Token | None:
    values: list[int] = []
    for width_bits in reversed(_WIDTHS_BITS):
        values.append(body & (2**width_bits - 1))
        body >>= width_bits
    random_bits, tenure_low, day, product_number, uses, feed_no, code_body, version = values
    if version != TOKEN_VERSION or code_body >= 10**11 or uses == 0 or feed_no == 0:
        return None
    return Token(
        code=code_from_body(code_body),
        feed_no=feed_no,
        uses=uses,
        product_number=product_number,
        expires_on=FIRST_EXPIRY_DAY + timedelta(days=day),
        tenure_low=tenure_low,
        random_bits=random_bits,
    )
