"""Opening, finding and ending the session of a person who proved who they are.

The token is new at every log-in, so a token somebody planted in a browser before is worth nothing.
"""

import hashlib
from datetime import timedelta
from uuid import UUID

from server.kernel.unit_of_work import UnitOfWork
from server.sessions import store

TOKEN_BYTES = 32
LIFETIME = timedelta(hours=12)
"""One working day; after it the person logs in again."""


def open_session(uow: UnitOfWork, owner: UUID) -> str:
    """Open a session and return its token, which is shown to nobody but the owner's browser.

    Args:
        uow: the transaction.
        owner: who logged in.

    Returns:
        64 hexadecimal characters, good for `LIFETIME`.
    """
    token = uow.entropy(TOKEN_BYTES)
    store.remove_expired(uow.connection, uow.merchant, uow.now)
    row = (_hashed(token), owner, uow.now, uow.now + LIFETIME)
    store.add(uow.connection, uow.merchant, row)
    return token.hex()


def owner_of(uow: UnitOfWork, token: str) -> UUID | None:
    """Whose session a token is, or None when it is unknown, ended or expired."""
    raw = _raw(token)
    if raw is None:
        return None
    return store.owner_of(uow.connection, uow.merchant, _hashed(raw), uow.now)


def end_session(uow: UnitOfWork, token: str) -> None:
    """End the session of a token; an unknown token is nothing to end."""
    raw = _raw(token)
    if raw is not None:
        store.remove(uow.connection, uow.merchant, _hashed(raw))


def end_every_session(uow: UnitOfWork, owner: UUID) -> None:
    """Log a person out everywhere, as after a change of password or role."""
    store.remove_of_owner(uow.connection, uow.merchant, owner)


def _raw(token: str) -> bytes | None:
    try:
        raw = bytes.fromhex(token)
    except ValueError:
        return None
    return raw if len(raw) == TOKEN_BYTES else None


def _hashed(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
