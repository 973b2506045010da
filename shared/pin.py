"""The short number a clerk types at a till, and what a till keeps to check it.

A PIN has few digits, so its verifier is worth nothing without the pepper, which is derived from the
merchant's lookup key and, like it, lies in the operating system's keyring and not in the database.
"""

import hashlib
import hmac
from uuid import UUID

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

PIN_DIGITS_MIN = 4
PIN_DIGITS_MAX = 8
VERIFIER_BYTES = 32
_SCRYPT_COST = 2**14


def is_pin(text: str) -> bool:
    """Whether a text can be a PIN: four to eight ASCII digits."""
    return text.isascii() and text.isdigit() and PIN_DIGITS_MIN <= len(text) <= PIN_DIGITS_MAX


def pin_pepper(lookup_key: bytes) -> bytes:
    """The pepper of a merchant's PINs, from the key that tills receive at pairing."""
    return hmac.digest(lookup_key, b"hexiao pin pepper", hashlib.sha256)


def pin_verifier(pepper: bytes, staff: UUID, pin: str) -> bytes:
    """What is stored to check a PIN later.

    Args:
        pepper: from `pin_pepper`.
        staff: whose PIN; the same PIN of two people gives two verifiers.
        pin: digits as typed.

    Returns:
        32 bytes from scrypt (cost 2**14, about 50 ms).
    """
    peppered = hmac.digest(pepper, pin.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return Scrypt(salt=staff.bytes, length=VERIFIER_BYTES, n=_SCRYPT_COST, r=8, p=1).derive(
        peppered
    )


def pin_is_right(verifier: bytes, pepper: bytes, staff: UUID, pin: str) -> bool:
    """Whether a typed PIN is the person's; compared in constant time."""
    return hmac.compare_digest(verifier, pin_verifier(pepper, staff, pin))
