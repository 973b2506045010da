"""Sealed letters: bytes that only the holder of one X25519 private key can open.

Used for what must not lie about in clear: the token key and the lookup key on their way to a till,
and the scanned text on its way to the server, which the till itself cannot read back.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.errors import DomainError
from shared.ids import EntropySource

KEY_BYTES = 32
PURPOSE_LOOKUP_KEY = b"lookup key"
"""The merchant's lookup key, to a till at pairing."""
PURPOSE_TOKEN_KEY = b"token key"
"""A tenure's token key, to its keeper, in the feed's `keep`."""
PURPOSE_EVIDENCE = b"evidence"
"""The text as scanned or typed, to the server."""
_NONCE = bytes(12)  # each letter has a key of its own, so one fixed nonce is never used twice


class UnreadableLetterError(DomainError):
    """A sealed letter was cut, changed, or meant for another key or purpose."""

    code = "unreadable_letter"


def sealing_public_key(private_key: bytes) -> bytes:
    """The public half, 32 bytes, of a raw X25519 private key."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def seal(plain: bytes, receiver: bytes, purpose: bytes, entropy: EntropySource) -> bytes:
    """Close a letter.

    Args:
        plain: what to send.
        receiver: raw X25519 public key, 32 bytes.
        purpose: names the use; opening needs the same words.
        entropy: source of the letter's own key.

    Returns:
        The sender's one-time public key (32 bytes), the text and its tag (16 bytes).
    """
    once = X25519PrivateKey.from_private_bytes(entropy(KEY_BYTES))
    public = once.public_key().public_bytes_raw()
    shared_secret = once.exchange(X25519PublicKey.from_public_bytes(receiver))
    cipher = AESGCM(_letter_key(shared_secret, public + receiver, purpose))
    return public + cipher.encrypt(_NONCE, plain, purpose)


def unseal(letter: bytes, private_key: bytes, purpose: bytes) -> bytes:
    """Open a letter.

    Raises:
        UnreadableLetterError: it was changed, or is for another key or purpose.
    """
    receiver = X25519PrivateKey.from_private_bytes(private_key)
    public, text = letter[:KEY_BYTES], letter[KEY_BYTES:]
    try:
        shared_secret = receiver.exchange(X25519PublicKey.from_public_bytes(public))
        own = receiver.public_key().public_bytes_raw()
        key = _letter_key(shared_secret, public + own, purpose)
        return AESGCM(key).decrypt(_NONCE, text, purpose)
    except (InvalidTag, ValueError) as cause:
        raise UnreadableLetterError(purpose=purpose.decode(errors="replace")) from cause


def _letter_key(shared_secret: bytes, keys: bytes, purpose: bytes) -> bytes:
    info = b"hexiao letter" + purpose
    return HKDF(SHA256(), KEY_BYTES, salt=keys, info=info).derive(shared_secret)
