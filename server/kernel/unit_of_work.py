"""What a service is handed: one transaction of one merchant, its time and its ids."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from shared.ids import EntropySource, IdSource, MerchantId


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """One transaction. Services never commit; whoever opened it does, once.

    Attributes:
        connection: open, inside a transaction; services hand it to stores and run no SQL.
        merchant: the tenant every row read or written belongs to.
        now: aware UTC, the same for the whole transaction.
        new_id: makes a UUIDv7.
        entropy: returns unpredictable bytes.
    """

    connection: Connection
    merchant: MerchantId
    now: datetime
    new_id: IdSource
    entropy: EntropySource


Begin = Callable[[Connection, MerchantId], UnitOfWork]
"""Binds a connection and a merchant to this program's clock and sources of ids and entropy."""
