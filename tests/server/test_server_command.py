"""`hexiao server …` at its own machine: what it refuses, and how it ends."""

import io
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.__main__ import is_this_machine, main
from server.staff import service as staff
from server.staff.rules import Role
from server.tills.rules import cleaned_code
from shared import wire
from tests.server.api.running_server import World, serving, world_in
from tests.server.database_under_test import copy_of_sqlite_file


def test_plain_http_is_refused_beyond_this_machine(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["run", "--host", "0.0.0.0", "--database", f"sqlite:///{tmp_path}/x.sqlite"]
    assert main(arguments) == 2
    assert "plain_http_refused" in capsys.readouterr().err


def test_sqlite_with_two_processes_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["run", "--workers", "2", "--database", f"sqlite:///{tmp_path}/x.sqlite"]
    assert main(arguments) == 2
    assert "sqlite_single_worker" in capsys.readouterr().err
    assert not (tmp_path / "x.sqlite").exists()


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("a.cn", False)],
)
def test_which_addresses_are_this_machine(host: str, *, here: bool) -> None:
    assert is_this_machine(host) is here


@pytest.fixture
def world(sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    with copy_of_sqlite_file(sqlite_template, tmp_path) as url, world_in(url, tmp_path) as made:
        yield made


def command(world: World, *words: str) -> int:
    where = ["--database", world.database_url, "--root-key-file", str(world.key_file)]
    return main([words[0], *where, *words[1:]])


def test_a_till_is_paired_from_the_command_line(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(world, "pairing-code", "--store", "Store 2", "--till", "Counter") == 0
    code = capsys.readouterr().out.strip().splitlines()[-1]
    assert cleaned_code(code) is not None
    assert command(world, "pairing-code", "--store", "Nowhere", "--till", "Counter") == 2
    assert "not_found" in capsys.readouterr().err
    assert command(world, "confirm-pairing", "123456") == 2


def test_an_administrator_is_appointed_with_a_password_from_a_pipe(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse battery\n"))
    assert command(world, "create-admin", "--login", "Boss", "--name", "The Boss") == 0
    assert capsys.readouterr().out.strip().splitlines()[-1] == "boss"
    person = world.do(lambda uow: staff.person_of_login(uow, "boss"))
    assert person is not None
    assert person.role is Role.platform_admin
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert command(world, "create-admin", "--login", "boss") == 2
    assert "weak_password" in capsys.readouterr().err


def test_a_server_told_to_end_sends_its_long_polls_home_at_once(world: World) -> None:
    answered: list[int] = []
    with serving(world, workers=1):
        till = world.till()
        while till.sync().feed:
            pass
        message = till.sync_message([], wait_seconds=25)
        poll = threading.Thread(
            target=lambda: answered.append(till.send(wire.PATH_SYNC, message).status)
        )
        poll.start()
        for _ in range(5):
            till.sync()
    poll.join(10)
    assert answered == [200]
    records = [json.loads(line) for line in world.lines if line.startswith("{")]
    assert not [record for record in records if record["level"] == "error"]
