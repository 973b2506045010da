"""The one pairing that waits for headquarters, as the server answered it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pos_app.storage.moments import from_microseconds, to_microseconds

_KEEP = text(
    "INSERT OR REPLACE INTO pairing (one, pairing, server_nonce, store_name, server_url,"
    " expires_at) VALUES (1, :pairing, :server_nonce, :store_name, :server_url, :expires_at)"
)


@dataclass(frozen=True, slots=True)
class OpenPairing:
    """The server has taken the code and waits for headquarters.

    Attributes:
        pairing: its id.
        server_nonce: from which the six digits come.
        store_name: the store this till will belong to.
        server_url: where the server is.
        expires_at: until when headquarters may answer, aware UTC.
    """

    pairing: UUID
    server_nonce: bytes
    store_name: str
    server_url: str
    expires_at: datetime


def keep(connection: Connection, opened: OpenPairing) -> None:
    """Write the open pairing down, in place of any earlier one."""
    values = {
        "pairing": opened.pairing.bytes,
        "server_nonce": opened.server_nonce,
        "store_name": opened.store_name,
        "server_url": opened.server_url,
        "expires_at": to_microseconds(opened.expires_at),
    }
    connection.execute(_KEEP, values)


def read(connection: Connection) -> OpenPairing | None:
    """The open pairing, or None."""
    row = connection.execute(text("SELECT * FROM pairing")).one_or_none()
    if row is None:
        return None
    return OpenPairing(
        pairing=UUID(bytes=row.pairing),
        server_nonce=row.server_nonce,
        store_name=row.store_name,
        server_url=row.server_url,
        expires_at=from_microseconds(row.expires_at),
    )


def forget(connection: Connection) -> None:
    """There is no open pairing any more."""
    connection.execute(text("DELETE FROM pairing"))
