"""Keys in an encrypted file, for machines without a key store.

The promise is weaker than a key store's. With a passphrase the file is worth as much as the
passphrase. Without one the key comes from this machine's own id: a copy of the file alone opens
nowhere else, but whoever can read both the file and the machine's id can open it.
"""

import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pos_app.storage.secrets import SecretsTroubleError
from shared.ids import EntropySource

_MAGIC = b"hexiao secrets 1\n"
_SALT_BYTES = 16
_NONCE_BYTES = 12
_KEY_BYTES = 32
_ARGON_PASSES = 3
_ARGON_LANES = 4
_ARGON_MEMORY_KIB = 64 * 1024
OWNER_ONLY = 0o600
MACHINE_ID_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


def machine_secret() -> bytes:
    """What names this machine, where it has a name; otherwise the name of its user's folder."""
    for path in MACHINE_ID_FILES:
        if path.is_file() and (text := path.read_bytes().strip()):
            return b"machine " + text
    return b"user " + str(Path.home()).encode()


class FileSecrets:
    """A secret in a file that only its owner may read.

    Args:
        path: the file.
        passphrase: from a person, or from `machine_secret`.
        entropy: source of salt and nonce.
    """

    def __init__(self, path: Path, passphrase: bytes, entropy: EntropySource) -> None:
        self._path = path
        self._passphrase = passphrase
        self._entropy = entropy
        # Deriving is slow on purpose; once for each salt is enough.
        self._derived: tuple[bytes, bytes] | None = None

    def load(self) -> bytes | None:
        """See `pos_app.storage.secrets.SecretStore`."""
        try:
            stored = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as cause:
            raise SecretsTroubleError("secrets_file_unreadable", str(cause)) from cause
        if not stored.startswith(_MAGIC):
            raise SecretsTroubleError("secrets_file_unreadable", "not a file of a till's keys")
        rest = stored[len(_MAGIC) :]
        salt, nonce = rest[:_SALT_BYTES], rest[_SALT_BYTES : _SALT_BYTES + _NONCE_BYTES]
        try:
            letter = rest[_SALT_BYTES + _NONCE_BYTES :]
            return AESGCM(self._key(salt)).decrypt(nonce, letter, _MAGIC)
        except (InvalidTag, ValueError) as cause:
            raise SecretsTroubleError("wrong_passphrase", "the file does not open") from cause

    def save(self, secret: bytes) -> None:
        """See `SecretStore`; the file is replaced as a whole, never half written."""
        salt = self._derived[0] if self._derived else self._entropy(_SALT_BYTES)
        nonce = self._entropy(_NONCE_BYTES)
        letter = AESGCM(self._key(salt)).encrypt(nonce, secret, _MAGIC)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self._path, _MAGIC + salt + nonce + letter)
        except OSError as cause:
            raise SecretsTroubleError("secrets_file_unreadable", str(cause)) from cause

    def erase(self) -> None:
        """See `SecretStore`."""
        self._path.unlink(missing_ok=True)

    def _key(self, salt: bytes) -> bytes:
        if self._derived is not None and self._derived[0] == salt:
            return self._derived[1]
        kdf = Argon2id(
            salt=salt,
            length=_KEY_BYTES,
            iterations=_ARGON_PASSES,
            lanes=_ARGON_LANES,
            memory_cost=_ARGON_MEMORY_KIB,
        )
        key = kdf.derive(self._passphrase)
        self._derived = (salt, key)
        return key


def _replace(path: Path, content: bytes) -> None:
    """Write beside, make durable, then rename over; `mkstemp` makes the file owner-only."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(OWNER_ONLY)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
