"""Keys at rest: protected, or refused; never silently plain."""

import os
import stat
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring

from pos_app.core.till_keys import new_keys
from pos_app.storage.file_secrets import FileSecrets, machine_secret
from pos_app.storage.keyring_secrets import ALLOWED_BACKENDS, KeyringSecrets
from pos_app.storage.secrets import MemorySecrets, SecretsTroubleError, load_keys, save_keys

KEYS = new_keys(os.urandom)
NULL = NullKeyring()  # type: ignore[no-untyped-call]  # keyring's own
FAIL = FailKeyring()  # type: ignore[no-untyped-call]  # keyring's own


class DictionaryKeyring(KeyringBackend):
    """A key store that keeps what it is given."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def file_secrets(path: Path, passphrase: bytes = b"tea") -> FileSecrets:
    return FileSecrets(path, passphrase, os.urandom)


class TestFile:
    def test_opens_with_its_passphrase_only(self, tmp_path: Path) -> None:
        path = tmp_path / "keys"
        save_keys(file_secrets(path), KEYS)
        assert load_keys(file_secrets(path)) == KEYS
        with pytest.raises(SecretsTroubleError) as refused:
            load_keys(file_secrets(path, b"coffee"))
        assert refused.value.code == "wrong_passphrase"

    def test_is_its_owners_alone_and_shows_no_key(self, tmp_path: Path) -> None:
        path = tmp_path / "keys"
        save_keys(file_secrets(path), KEYS)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert KEYS.signing not in path.read_bytes()
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("content", [b"", b"hexiao secrets 1\n", b"x" * 200])
    def test_that_is_damaged_is_named(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "keys"
        path.write_bytes(content)
        with pytest.raises(SecretsTroubleError):
            load_keys(file_secrets(path))

    def test_is_gone_after_erasing(self, tmp_path: Path) -> None:
        store = file_secrets(tmp_path / "keys")
        save_keys(store, KEYS)
        store.erase()
        store.erase()
        assert load_keys(store) is None

    def test_without_passphrase_hangs_on_this_machine(self) -> None:
        assert machine_secret() == machine_secret()
        assert len(machine_secret()) > len(b"machine ")


class TestKeyring:
    def test_keeps_and_erases(self) -> None:
        store = KeyringSecrets(DictionaryKeyring(), "till 1")
        save_keys(store, KEYS)
        assert load_keys(store) == KEYS
        store.erase()
        assert load_keys(store) is None

    def test_keeps_two_tills_apart(self) -> None:
        backend = DictionaryKeyring()
        save_keys(KeyringSecrets(backend, "till 1"), KEYS)
        assert load_keys(KeyringSecrets(backend, "till 2")) is None

    def test_that_forgets_is_refused(self) -> None:
        with pytest.raises(SecretsTroubleError):
            save_keys(KeyringSecrets(NULL, "till 1"), KEYS)

    def test_that_always_fails_is_refused(self) -> None:
        with pytest.raises(SecretsTroubleError):
            load_keys(KeyringSecrets(FAIL, "till 1"))

    def test_only_protecting_stores_are_ever_chosen(self) -> None:
        for module_name, _ in ALLOWED_BACKENDS:
            assert not module_name.endswith((".null", ".fail", ".chainer"))
            assert "alt" not in module_name


def test_a_store_in_memory_keeps_what_it_is_given() -> None:
    store = MemorySecrets()
    save_keys(store, KEYS)
    assert load_keys(store) == KEYS


def test_keys_are_never_shown() -> None:
    assert repr(KEYS) == "TillKeys()"
