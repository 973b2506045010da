"""Every setting of the server, once: its name, type, default and meaning.

Settings come from the environment with the prefix `HEXIAO_`; commands may override some by options.
No secret is a setting: `root_key_file` names the file that holds it.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

from server.kernel.keys import ROOT_KEY_BYTES, RootKey
from shared.errors import InvalidInputError
from shared.ids import EntropySource


class Environment(StrEnum):
    """What an installation is for."""

    production = "production"
    """Real money."""
    demo = "demo"
    """To look at; the sandbox payment provider may run, with a banner on every page."""
    test = "test"
    """The project's own tests."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The server's settings.

    Attributes:
        environment: production, demo or test.
        database: URL of the database.
        root_key_file: file with the installation's 32-byte key, readable by the owner only.
        public_url: how phones and tills reach this server, for links and QR codes.
        log_level: debug, info, warning or error.
    """

    environment: Environment = Environment.production
    database: str = "sqlite:///hexiao.sqlite"
    root_key_file: str = "hexiao.key"
    public_url: str = "http://127.0.0.1:8000"
    log_level: str = "info"


def settings_from(variables: Mapping[str, str]) -> Settings:
    """Read settings from environment variables such as `HEXIAO_DATABASE`.

    Raises:
        InvalidInputError: a value is not one of those allowed.
    """
    given = {
        field.name: variables[f"HEXIAO_{field.name.upper()}"]
        for field in fields(Settings)
        if f"HEXIAO_{field.name.upper()}" in variables
    }
    name = given.pop("environment", Environment.production.value)
    allowed = [environment.value for environment in Environment]
    if name not in allowed:
        raise InvalidInputError(setting="HEXIAO_ENVIRONMENT", allowed=", ".join(allowed))
    return Settings(environment=Environment(name), **given)


def process_settings() -> Settings:
    """The settings of this process."""
    return settings_from(os.environ)


class UnsafeKeyFileError(InvalidInputError):
    """The root key's file is of the wrong size or can be read by others."""

    code = "unsafe_key_file"


def root_key(path: Path, entropy: EntropySource) -> RootKey:
    """Read the installation's key, making the file at the first start.

    Args:
        path: the file; created with mode 0600.
        entropy: source of a new key.

    Raises:
        UnsafeKeyFileError: wrong size, or readable by group or others.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR), "wb") as file:
            file.write(entropy(ROOT_KEY_BYTES))
    secret = path.read_bytes()
    mode = path.stat().st_mode
    if len(secret) != ROOT_KEY_BYTES or mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnsafeKeyFileError(file=str(path))
    return RootKey(secret)
