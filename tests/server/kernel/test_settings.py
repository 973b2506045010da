"""Settings: declared once, checked, and the key file is the owner's alone."""

import os
from pathlib import Path

import pytest

from server.kernel.settings import (
    Environment,
    Settings,
    UnsafeKeyFileError,
    root_key,
    settings_from,
)
from shared.errors import InvalidInputError


def test_the_defaults_are_for_production() -> None:
    assert settings_from({}) == Settings()
    assert Settings().environment is Environment.production


def test_a_variable_overrides_its_setting() -> None:
    settings = settings_from({"HEXIAO_ENVIRONMENT": "demo", "HEXIAO_DATABASE": "sqlite:///x"})
    assert settings.environment is Environment.demo
    assert settings.database == "sqlite:///x"


def test_an_unknown_environment_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(InvalidInputError) as refused:
        settings_from({"HEXIAO_ENVIRONMENT": "staging"})
    assert "demo" in str(refused.value)


def test_the_root_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "hexiao.key"
    made = root_key(path, os.urandom)
    assert path.stat().st_mode & 0o777 == 0o600
    assert root_key(path, os.urandom) == made


@pytest.mark.parametrize("spoil", ["short", "open"])
def test_a_short_or_open_key_file_is_refused(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "hexiao.key"
    path.write_bytes(bytes(16 if spoil == "short" else 32))
    path.chmod(0o600 if spoil == "short" else 0o644)
    with pytest.raises(UnsafeKeyFileError):
        root_key(path, os.urandom)
