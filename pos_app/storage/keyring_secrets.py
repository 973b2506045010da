"""Keys in the operating system's own key store, if it is one we know to protect them.

The library would choose a backend by itself, and some of them store nothing or store plainly. So
the backends are named here, and none other is ever used.
"""

import base64
import importlib
import logging
from collections.abc import Callable

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from pos_app.storage.secrets import SecretsTroubleError

ALLOWED_BACKENDS = (
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
)
SERVICE = "Hexiao till"

_log = logging.getLogger(__name__)


def protecting_backend() -> KeyringBackend | None:
    """The first allowed backend that works on this machine, or None."""
    for module_name, class_name in ALLOWED_BACKENDS:
        try:
            kind: Callable[[], KeyringBackend] = getattr(
                importlib.import_module(module_name), class_name
            )
            if kind.viable:  # type: ignore[attr-defined]  # a class property of the library
                return kind()
        except (ImportError, AttributeError, KeyringError, RuntimeError) as cause:
            _log.debug("key store %s cannot be used: %s", module_name, cause)
    return None


class KeyringSecrets:
    """A secret in a key store of the operating system.

    Args:
        backend: from `protecting_backend`; tests may bring a backend of their own.
        account: tells one till's keys from another's on the same machine.
    """

    def __init__(self, backend: KeyringBackend, account: str) -> None:
        self._backend = backend
        self._account = account

    def load(self) -> bytes | None:
        """See `pos_app.storage.secrets.SecretStore`."""
        try:
            text = self._backend.get_password(SERVICE, self._account)
        except (KeyringError, RuntimeError) as cause:
            raise SecretsTroubleError("key_store_locked", str(cause)) from cause
        return None if text is None else base64.b64decode(text)

    def save(self, secret: bytes) -> None:
        """See `SecretStore`; read back, because a store that forgets is worse than none."""
        text = base64.b64encode(secret).decode("ascii")
        try:
            self._backend.set_password(SERVICE, self._account, text)
        except (KeyringError, RuntimeError) as cause:
            raise SecretsTroubleError("key_store_locked", str(cause)) from cause
        if self.load() != secret:
            raise SecretsTroubleError("no_key_store", "the key store did not keep the keys")

    def erase(self) -> None:
        """See `SecretStore`."""
        try:
            if self._backend.get_password(SERVICE, self._account) is not None:
                self._backend.delete_password(SERVICE, self._account)
        except (KeyringError, RuntimeError) as cause:
            raise SecretsTroubleError("key_store_locked", str(cause)) from cause
