"""Reads and writes sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from server.sessions.tables import SESSION
from shared.ids import MerchantId


def add(
    connection: Connection, merchant: MerchantId, row: tuple[bytes, UUID, datetime, datetime]
) -> None:
    """Keep a new session: token hash, owner, opened at, expires at."""
    token_hash, owner, opened_at, expires_at = row
    connection.execute(
        insert(SESSION).values(
            merchant=merchant,
            token_hash=token_hash,
            owner=owner,
            opened_at=opened_at,
            expires_at=expires_at,
        )
    )


def owner_of(
    connection: Connection, merchant: MerchantId, token_hash: bytes, now: datetime
) -> UUID | None:
    """The owner of a session that has not expired at `now`."""
    found: UUID | None = connection.execute(
        select(SESSION.c.owner).where(
            SESSION.c.merchant == merchant,
            SESSION.c.token_hash == token_hash,
            SESSION.c.expires_at > now,
        )
    ).scalar_one_or_none()
    return found


def remove(connection: Connection, merchant: MerchantId, token_hash: bytes) -> None:
    """Forget one session."""
    connection.execute(
        delete(SESSION).where(SESSION.c.merchant == merchant, SESSION.c.token_hash == token_hash)
    )


def remove_of_owner(connection: Connection, merchant: MerchantId, owner: UUID) -> None:
    """Forget every session of an owner."""
    connection.execute(
        delete(SESSION).where(SESSION.c.merchant == merchant, SESSION.c.owner == owner)
    )


def remove_expired(connection: Connection, merchant: MerchantId, now: datetime) -> None:
    """Forget what has expired at `now`."""
    connection.execute(
        delete(SESSION).where(SESSION.c.merchant == merchant, SESSION.c.expires_at <= now)
    )
