"""The first tables of kernel."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_work() -> None:
    """Create the table `work`."""
    op.create_table(
        "work",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", Moment(), nullable=True),
        sa.Column("last_failure", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("merchant", "kind", "subject", name=op.f("pk_work")),
    )
    op.create_index("ix_work_due_at", "work", ["due_at"], unique=False)
