"""The doctor: well when all is well, and one finding with a next step for each thing broken."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from server.app import create_schema
from server.commands.doctor import Finding, Level, examine_installation, main
from server.kernel.database import BlockingDatabase, Connection
from server.kernel.settings import Environment, Settings, root_key


@pytest.fixture
def healthy(tmp_path: Path) -> Settings:
    """An installation as it should be."""
    settings = Settings(
        database=f"sqlite:///{tmp_path / 'hexiao.sqlite'}",
        root_key_file=str(tmp_path / "hexiao.key"),
        public_url="https://shop.example",
    )
    create_schema(settings)
    root_key(Path(settings.root_key_file), os.urandom)
    return settings


def found(settings: Settings, what: str) -> Finding:
    """The worst finding about one thing."""
    about = [one for one in examine_installation(settings) if one.what == what]
    return max(about, key=lambda one: list(Level).index(one.level))


def change(settings: Settings, statement: str) -> None:
    """Do something to the database that the product never does."""

    def execute(connection: Connection) -> None:
        connection.execute(text(statement))

    database = BlockingDatabase(settings.database)
    database.write(execute)
    database.close()


def test_a_healthy_installation_has_nothing_to_mend(healthy: Settings) -> None:
    assert {one.level for one in examine_installation(healthy)} == {Level.ok}


def test_plain_http_to_other_machines_fails(healthy: Settings) -> None:
    unsafe = replace(healthy, public_url="http://shop.example")
    assert found(unsafe, "public address").level is Level.fail


def test_a_root_key_that_others_can_read_fails(healthy: Settings) -> None:
    Path(healthy.root_key_file).chmod(0o644)
    assert found(healthy, "root key").level is Level.fail


def test_a_missing_root_key_asks_for_its_backup(healthy: Settings) -> None:
    Path(healthy.root_key_file).unlink()
    finding = found(healthy, "root key")
    assert finding.level is Level.warn
    assert "backup" in finding.next_step


def test_a_missing_database_fails_and_is_not_made(healthy: Settings, tmp_path: Path) -> None:
    elsewhere = replace(healthy, database=f"sqlite:///{tmp_path / 'other.sqlite'}")
    assert found(elsewhere, "database").level is Level.fail
    assert not (tmp_path / "other.sqlite").exists()


def test_a_damaged_database_fails(healthy: Settings) -> None:
    path = Path(healthy.database.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    path.write_bytes(bytes(content))
    assert found(healthy, "database").level is Level.fail


def test_a_missing_table_is_named(healthy: Settings) -> None:
    change(healthy, "DROP TABLE pending_provisional")
    assert "pending_provisional" in found(healthy, "database").said


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_an_append_only_table_without_one_of_its_triggers_is_named(
    healthy: Settings, verb: str
) -> None:
    change(healthy, f"DROP TRIGGER ledger_line_no_{verb}")
    assert "ledger_line" in found(healthy, "append-only tables").said


def test_sandbox_payments_are_fine_in_a_demo_and_fail_in_production(healthy: Settings) -> None:
    change(
        healthy,
        "INSERT INTO sandbox_payment (merchant, number, amount_fen, description, status,"
        " return_path, expires_at, changed_at) VALUES"
        " ('00000000000000000000000000000001', 'n', 1, 'd', 'open', '/',"
        " '2026-01-01', '2026-01-01')",
    )
    assert found(healthy, "payment provider").level is Level.fail
    demo = replace(healthy, environment=Environment.demo)
    assert found(demo, "payment provider").level is Level.ok


def test_the_command_prints_json_and_its_exit_code_is_the_worst_level(
    healthy: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEXIAO_DATABASE", healthy.database)
    monkeypatch.setenv("HEXIAO_ROOT_KEY_FILE", healthy.root_key_file)
    monkeypatch.setenv("HEXIAO_PUBLIC_URL", healthy.public_url)
    assert main(["--json"]) == 0
    assert {one["level"] for one in json.loads(capsys.readouterr().out)} == {"ok"}
    Path(healthy.root_key_file).unlink()
    assert main([]) == 1
    assert "warn  root key" in capsys.readouterr().out
