"""Where the till's keys are kept: a protocol, the form in which they are stored, and which store.

The operating system's key store comes first. A file is used only when a person asks for it, because
its promise is weaker; nothing ever falls back to it, or to no protection, by itself.
"""

from pathlib import Path
from typing import Protocol

import msgspec

from pos_app.core.till_keys import TillKeys
from shared.errors import KnownError


class SecretsTroubleError(KnownError):
    """The key store cannot be used; `code` says why and texts say what to do.

    Attributes:
        code: `no_key_store`, `key_store_locked`, `secrets_file_unreadable` or
            `wrong_passphrase`.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class SecretStore(Protocol):
    """Keeps one small secret.

    Every method raises `SecretsTroubleError` where the store cannot be used.
    """

    def load(self) -> bytes | None:
        """The secret, or None where none was saved."""
        ...

    def save(self, secret: bytes) -> None:
        """Keep a secret in place of any earlier one; it is durable when this returns."""
        ...

    def erase(self) -> None:
        """Destroy the secret, if there is one."""
        ...


class _StoredKeys(msgspec.Struct, frozen=True):
    signing: bytes
    sealing: bytes
    lookup: bytes


def load_keys(store: SecretStore) -> TillKeys | None:
    """The till's keys, or None where none were saved.

    Raises:
        SecretsTroubleError: the store cannot be used, or holds something else.
    """
    secret = store.load()
    if secret is None:
        return None
    try:
        stored = msgspec.json.decode(secret, type=_StoredKeys)
    except msgspec.DecodeError as cause:
        raise SecretsTroubleError("secrets_file_unreadable", "not a till's keys") from cause
    return TillKeys(stored.signing, stored.sealing, stored.lookup)


def save_keys(store: SecretStore, keys: TillKeys) -> None:
    """Keep the till's keys.

    Raises:
        SecretsTroubleError: the store cannot be used; nothing was kept.
    """
    store.save(msgspec.json.encode(_StoredKeys(keys.signing, keys.sealing, keys.lookup)))


class MemorySecrets:
    """Keeps the secret as long as the program runs; for tests and simulations."""

    def __init__(self) -> None:
        self._secret: bytes | None = None

    def load(self) -> bytes | None:
        """See `SecretStore`."""
        return self._secret

    def save(self, secret: bytes) -> None:
        """See `SecretStore`."""
        self._secret = secret

    def erase(self) -> None:
        """See `SecretStore`."""
        self._secret = None


def account_of(data_folder: Path) -> str:
    """The name under which a data folder's keys stand in a shared key store."""
    return str(data_folder.resolve())
