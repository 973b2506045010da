"""The kernel's own table: work that is due after a commit."""

from sqlalchemy import Column, Index, Integer, String, Table

from server.kernel.schema import METADATA, Id, Moment

WORK = Table(
    "work",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("subject", Id, primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", Id),
    Column("leased_until", Moment),
    Column("last_failure", String(200)),
    Index("ix_work_due_at", "due_at"),
)
"""What is still to be done; see `work_queue`."""
