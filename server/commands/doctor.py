"""`hexiao doctor`: looks a server's installation over and says what to do about what it finds.

Exit code 0 if all is well, 1 if something deserves attention, 2 if something is broken.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from server.kernel.database import Connection, open_database
from server.kernel.health import DatabaseHealth, examine
from server.kernel.settings import Environment, Settings, process_settings, root_key
from server.payments.sandbox import sandbox_payments
from shared.errors import HexiaoError

CLOCK_DIFFERENCE_MAX = timedelta(seconds=5)
DISK_FREE_BYTES_MIN = 1_073_741_824
SQLITE_PREFIX = "sqlite:///"
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class Level(StrEnum):
    """How bad a finding is; the order of the members is the order of the exit codes."""

    ok = "ok"
    """As it should be."""
    warn = "warn"
    """Works, but somebody should look."""
    fail = "fail"
    """Does not work, or must not be used like this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is, how it is, and what to do next."""

    what: str
    level: Level
    said: str
    next_step: str = ""


def main(arguments: Sequence[str]) -> int:
    """Run `hexiao doctor` and return its exit code."""
    parser = argparse.ArgumentParser(prog="hexiao doctor", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(arguments)
    findings = list(examine_installation(process_settings()))
    if options.json:
        json.dump([asdict(finding) for finding in findings], sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        for finding in findings:
            _print(finding)
    return max(list(Level).index(finding.level) for finding in findings)


def examine_installation(settings: Settings) -> Iterator[Finding]:
    """Look at everything, in the order in which a person would mend it."""
    yield _public_url(settings)
    yield _root_key(settings)
    yield from _disk(settings)
    yield from _database(settings)


def _public_url(settings: Settings) -> Finding:
    url = urlsplit(settings.public_url)
    if url.scheme == "https" or url.hostname in LOOPBACK_HOSTS:
        return Finding("public address", Level.ok, settings.public_url)
    step = "set HEXIAO_PUBLIC_URL to the https address that phones and tills use"
    return Finding("public address", Level.fail, f"{settings.public_url} is not encrypted", step)


def _root_key(settings: Settings) -> Finding:
    path = Path(settings.root_key_file)
    if not path.exists():
        step = (
            "it is made at the first start; if there was one, put its backup back before starting"
        )
        return Finding("root key", Level.warn, f"{path} does not exist", step)
    try:
        root_key(path, os.urandom)
    except (HexiaoError, OSError) as failure:
        step = "restore the file from its backup and make it readable by the server's user only"
        return Finding("root key", Level.fail, str(failure), step)
    return Finding("root key", Level.ok, f"{path}, readable by its owner only")


def _disk(settings: Settings) -> Iterator[Finding]:
    if not settings.database.startswith(SQLITE_PREFIX):
        return
    folder = Path(settings.database.removeprefix(SQLITE_PREFIX)).absolute().parent
    if not folder.exists():
        return
    free_bytes = shutil.disk_usage(folder).free
    said = f"{free_bytes // 1_048_576} MiB free in {folder}"
    if free_bytes >= DISK_FREE_BYTES_MIN:
        yield Finding("disk", Level.ok, said)
    else:
        yield Finding("disk", Level.warn, said, "make room; a full disk stops every redemption")


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.database.startswith(SQLITE_PREFIX):
        path = Path(settings.database.removeprefix(SQLITE_PREFIX))
        if not path.exists():
            step = "start the server once, or correct HEXIAO_DATABASE"
            yield Finding("database", Level.fail, f"{path} does not exist", step)
            return
    try:
        health, paid_in_sandbox = asyncio.run(_read(settings))
    except Exception as failure:  # noqa: BLE001 - whatever a driver raises is the finding
        step = "start the database, or correct HEXIAO_DATABASE"
        yield Finding("database", Level.fail, f"{type(failure).__name__}: {failure}", step)
        return
    yield from _judge_database(health)
    yield _sandbox(settings, paid_in_sandbox)


async def _read(settings: Settings) -> tuple[DatabaseHealth, int]:
    database = open_database(settings.database)
    now = datetime.fromtimestamp(time.time(), UTC)

    def read(connection: Connection) -> tuple[DatabaseHealth, int]:
        health = examine(connection, now)
        complete = not health.missing_tables
        return health, sandbox_payments(connection) if complete else 0

    try:
        return await database.read(read)
    finally:
        await database.close()


def _judge_database(health: DatabaseHealth) -> Iterator[Finding]:
    if health.damage:
        step = "stop the server and restore the last backup; then run hexiao verify"
        yield Finding("database", Level.fail, f"damaged: {health.damage}", step)
    elif health.missing_tables:
        said = "tables missing: " + ", ".join(health.missing_tables)
        yield Finding("database", Level.fail, said, "start this version of the server once")
    else:
        yield Finding("database", Level.ok, "reachable, whole and complete")
    if health.unguarded_tables:
        said = "can be changed: " + ", ".join(health.unguarded_tables)
        yield Finding(
            "append-only tables", Level.fail, said, "start the server once; it mends them"
        )
    difference = health.clock_difference
    if difference is not None and abs(difference) > CLOCK_DIFFERENCE_MAX:
        said = f"the database is {difference.total_seconds():+.1f} s off this machine"
        yield Finding("clock", Level.warn, said, "let both machines follow the same time server")


def _sandbox(settings: Settings, paid_in_sandbox: int) -> Finding:
    if settings.environment is not Environment.production:
        said = f"environment is {settings.environment}: the sandbox takes no real money"
        return Finding("payment provider", Level.ok, said)
    if paid_in_sandbox:
        said = f"{paid_in_sandbox} sandbox payments in a production database"
        step = "begin production with an empty database"
        return Finding("payment provider", Level.fail, said, step)
    return Finding("payment provider", Level.ok, "no sandbox payment in this database")


def _print(finding: Finding) -> None:
    print(f"{finding.level.value:<5} {finding.what}: {finding.said}")
    if finding.next_step:
        print(f"      → {finding.next_step}")
