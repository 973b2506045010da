"""Opens the installation for a command: one transaction of one merchant, and the root key."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from uuid_utils.compat import uuid7

from server.kernel.database import BlockingDatabase, Connection
from server.kernel.keys import RootKey
from server.kernel.settings import Settings, root_key
from server.kernel.unit_of_work import UnitOfWork
from server.stores import service as stores
from server.stores.rules import Merchant
from shared.errors import InvalidInputError, NotFoundError

Result = TypeVar("Result")


class WhichMerchantError(InvalidInputError):
    """There are several merchants, or none; `--merchant` has to name one."""

    code = "which_merchant"


def in_transaction(
    settings: Settings, merchant: str | None, work: Callable[[UnitOfWork], Result]
) -> Result:
    """Run `work` for a merchant and commit it.

    Args:
        settings: of the installation.
        merchant: short name; may be None where there is only one.
        work: what to do.

    Raises:
        WhichMerchantError: no merchant is meant clearly.
    """

    def begin(connection: Connection) -> Result:
        named = _merchant(connection, merchant)
        now = datetime.fromtimestamp(time.time(), UTC)
        return work(UnitOfWork(connection, named.id, now, uuid7, os.urandom))

    database = BlockingDatabase(settings.database)
    try:
        return database.write(begin)
    finally:
        database.close()


def key_of(settings: Settings) -> RootKey:
    """The installation's key."""
    return root_key(Path(settings.root_key_file), os.urandom)


def _merchant(connection: Connection, short_name: str | None) -> Merchant:
    every = stores.merchants(connection)
    if short_name is None:
        if len(every) != 1:
            names = ", ".join(merchant.short_name for merchant in every)
            raise WhichMerchantError(merchants=names or "none")
        return every[0]
    for merchant in every:
        if merchant.short_name == short_name:
            return merchant
    raise NotFoundError(merchant=short_name)
