"""Reads and writes the tills, their keys and their nonces."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from server.kernel.insertion import insert_if_absent
from server.tills.rules import TillIdentity, TillState
from server.tills.tables import (
    HELLO_NONCE,
    TILL,
    TILL_KEY,
)
from server.tills.values import TillRow
from shared.ids import MerchantId, StoreId, TillId

# --- tills ----------------------------------------------------------------------------------------


def add_till(connection: Connection, values: dict[str, Any]) -> None:
    """Store a new till."""
    connection.execute(insert(TILL), values)


def change_till(
    connection: Connection, merchant: MerchantId, till: TillId, values: dict[str, Any]
) -> None:
    """Change some columns of a till."""
    where = (TILL.c.merchant == merchant, TILL.c.id == till)
    connection.execute(update(TILL).where(*where).values(**values))


def add_key(connection: Connection, values: dict[str, Any]) -> None:
    """Store the public keys of one life of a till."""
    connection.execute(insert(TILL_KEY), values)


def identity_of(connection: Connection, till: TillId, incarnation: int) -> TillIdentity | None:
    """One life of a till of any merchant: a request names no merchant."""
    statement = (
        select(
            TILL.c.merchant,
            TILL.c.id,
            TILL.c.store,
            TILL_KEY.c.incarnation,
            TILL.c.incarnation,
            TILL.c.state,
            TILL_KEY.c.signing_key,
            TILL_KEY.c.sealing_key,
            TILL_KEY.c.feed_start,
        )
        .join(TILL_KEY, (TILL_KEY.c.merchant == TILL.c.merchant) & (TILL_KEY.c.till == TILL.c.id))
        .where(TILL.c.id == till, TILL_KEY.c.incarnation == incarnation)
    )
    row = connection.execute(statement).first()
    if row is None:
        return None
    values = list(row)
    values[5] = TillState(values[5])
    return TillIdentity(*values)


def standings(
    connection: Connection, merchant: MerchantId, of: Collection[TillId]
) -> dict[TillId, tuple[TillState, int]]:
    """State and present incarnation of tills, in one SELECT."""
    statement = select(TILL.c.id, TILL.c.state, TILL.c.incarnation).where(
        TILL.c.merchant == merchant, TILL.c.id.in_(of)
    )
    return {
        TillId(till): (TillState(state), incarnation)
        for till, state, incarnation in connection.execute(statement)
    }


def till_locked(connection: Connection, merchant: MerchantId, till: TillId) -> TillRow | None:
    """A till, locked until the transaction ends."""
    statement = _tills(merchant).where(TILL.c.id == till).with_for_update(of=TILL)
    row = connection.execute(statement).first()
    return None if row is None else _till(row)


def tills(
    connection: Connection, merchant: MerchantId, store: StoreId | None = None
) -> list[TillRow]:
    """The tills of a store, or of all stores, by name."""
    statement = _tills(merchant).order_by(TILL.c.name, TILL.c.id)
    if store is not None:
        statement = statement.where(TILL.c.store == store)
    return [_till(row) for row in connection.execute(statement)]


def _tills(merchant: MerchantId) -> Select[Any]:
    return (
        select(
            TILL.c.id,
            TILL.c.store,
            TILL.c.name,
            TILL.c.state,
            TILL.c.incarnation,
            TILL.c.app_version,
            TILL.c.paired_at,
            TILL.c.last_hello,
            TILL_KEY.c.signing_key,
            TILL_KEY.c.sealing_key,
        )
        .join(
            TILL_KEY,
            (TILL_KEY.c.merchant == TILL.c.merchant)
            & (TILL_KEY.c.till == TILL.c.id)
            & (TILL_KEY.c.incarnation == TILL.c.incarnation),
        )
        .where(TILL.c.merchant == merchant)
    )


def _till(row: Row[Any]) -> TillRow:
    values = list(row)
    values[3] = TillState(values[3])
    return TillRow(*values)


# --- nonces ---------------------------------------------------------------------------------------


def replace_nonce(
    connection: Connection, identity: TillIdentity, nonce: bytes, at: datetime
) -> None:
    """Make this the only nonce of a till."""
    key = {"merchant": identity.merchant, "till": identity.till}
    fresh = {"nonce": nonce, "made_at": at}
    if not insert_if_absent(connection, HELLO_NONCE, {**key, **fresh}):
        where = (HELLO_NONCE.c.merchant == identity.merchant, HELLO_NONCE.c.till == identity.till)
        connection.execute(update(HELLO_NONCE).where(*where).values(**fresh))


def take_nonce(connection: Connection, identity: TillIdentity, nonce: bytes) -> datetime | None:
    """Use a nonce up; returns when it was made, or None where it is not the newest one."""
    where = (
        HELLO_NONCE.c.merchant == identity.merchant,
        HELLO_NONCE.c.till == identity.till,
        HELLO_NONCE.c.nonce == nonce,
    )
    made_at: datetime | None = connection.execute(
        select(HELLO_NONCE.c.made_at).where(*where).with_for_update()
    ).scalar()
    if made_at is None:
        return None
    connection.execute(delete(HELLO_NONCE).where(*where))
    return made_at
