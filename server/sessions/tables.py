"""The table of sessions. Only the hash of a session's token is kept."""

from sqlalchemy import Column, Index, LargeBinary, Table

from server.kernel.schema import METADATA, Id, Moment

SESSION = Table(
    "session",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("owner", Id, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "merchant", "owner"),
)
