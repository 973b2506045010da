"""The first tables of sessions."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_session() -> None:
    """Create the table `session`."""
    op.create_table(
        "session",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "token_hash", name=op.f("pk_session")),
    )
    op.create_index(
        op.f("ix_session_merchant_owner"), "session", ["merchant", "owner"], unique=False
    )
