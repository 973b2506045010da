"""Password hashing with argon2id: slow on purpose, so it runs outside every transaction.

The edge calls it in a worker thread between the two short transactions of a log-in.
"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
"""The library's defaults, which follow RFC 9106's low-memory recommendation."""


def hash_password(password: str) -> str:
    """The argon2id hash under which a password is stored, with its parameters and salt."""
    return _hasher.hash(password)


def password_is_right(stored: str | None, password: str) -> bool:
    """Whether a typed password is the stored one.

    Args:
        stored: the hash, or None for an unknown person; that takes as long and is always wrong.
        password: as typed.
    """
    try:
        _hasher.verify(stored or _hash_of_nothing(), password)
    except (InvalidHashError, VerificationError):
        return False
    return stored is not None


@cache
def _hash_of_nothing() -> str:
    return _hasher.hash("nobody has this password")
