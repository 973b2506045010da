"""`hexiao verify --database URL`: proves the books from their own rows, and says what it proved.

Exit code 0 if everything holds, 1 if something does not, 2 if the database could not be read.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from uuid_utils.compat import uuid7

from server.holdings import audit as holdings_audit
from server.kernel.database import Connection, open_database
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import Checked
from server.redemption import audit as redemption_audit
from shared.errors import InvalidInputError, KnownError
from shared.ids import MerchantId

HOLDS, DOES_NOT_HOLD, USAGE = 0, 1, 2
SQLITE_PREFIX = "sqlite:///"


class UnreadableDatabaseError(KnownError):
    """The database is not there, or is not one of this product's."""


def main(arguments: Sequence[str]) -> int:
    """Check every merchant's books and print what came of each check.

    Args:
        arguments: the words after `verify`.
    """
    parser = argparse.ArgumentParser(prog="hexiao verify", description=__doc__)
    parser.add_argument("--database", required=True, help="such as sqlite:///hexiao.sqlite")
    try:
        url: str = parser.parse_args(arguments).database
    except SystemExit as stopped:
        return USAGE if stopped.code else HOLDS
    try:
        results = verify(url)
    except (InvalidInputError, KnownError) as failure:
        print(f"cannot read {url}: {failure}", file=sys.stderr)
        return USAGE
    return _report(results)


def verify(url: str) -> dict[MerchantId, list[Checked]]:
    """Run every check on one snapshot of a database.

    Raises:
        UnreadableDatabaseError: there is no such database, or it has other tables.
        InvalidInputError: the URL names no kind of database that is known.
    """
    if url.startswith(SQLITE_PREFIX) and not Path(url.removeprefix(SQLITE_PREFIX)).is_file():
        raise UnreadableDatabaseError("there is no such file")
    return asyncio.run(_read(url))


async def _read(url: str) -> dict[MerchantId, list[Checked]]:
    database = open_database(url)
    try:
        return await database.read(_check_everything)
    except InvalidInputError:
        raise
    except OSError as failure:
        raise UnreadableDatabaseError(str(failure)) from failure
    finally:
        await database.close()


def _check_everything(connection: Connection) -> dict[MerchantId, list[Checked]]:
    # Without one snapshot, what is redeemed while we read would look like a fault.
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ")
    if not holdings_audit.has_books(connection):
        raise UnreadableDatabaseError("it has none of this product's tables")
    now = datetime.fromtimestamp(time.time(), UTC)
    results = {}
    for merchant in holdings_audit.merchants_with_books(connection):
        uow = UnitOfWork(connection, merchant, now, uuid7, os.urandom)
        results[merchant] = [
            ledger.audit(uow),
            *holdings_audit.audit(uow),
            *redemption_audit.audit(uow),
        ]
    return results


def _report(results: dict[MerchantId, list[Checked]]) -> int:
    if not results:
        print("no merchant has any books yet; there is nothing to check")
    for merchant, checks in results.items():
        print(f"merchant {merchant}")
        for check in checks:
            _print_check(check)
    failed = sum(bool(check.findings) for checks in results.values() for check in checks)
    total = sum(len(checks) for checks in results.values())
    print(f"{total - failed} checks hold, {failed} do not")
    return DOES_NOT_HOLD if failed else HOLDS


def _print_check(check: Checked) -> None:
    word = "FAILED" if check.findings else "ok"
    print(f"  {word:<7} {check.name} ({check.looked_at} looked at)")
    for finding in check.findings:
        print(f"          {finding.record}: {finding.what}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
