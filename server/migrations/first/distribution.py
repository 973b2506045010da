"""The first tables of distribution."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_distributor() -> None:
    """Create the table `distributor`."""
    op.create_table(
        "distributor",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("distributor", sa.Uuid(), nullable=False),
        sa.Column("link_code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "level",
            sa.SmallInteger(),
            nullable=False,
            comment="1 only, until level 2 is switched on",
        ),
        sa.Column(
            "agreement_accepted_at",
            Moment(),
            nullable=True,
            comment="before the first distribution",
        ),
        sa.Column("joined_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 2", name=op.f("ck_distributor_two_levels_at_most")),
        sa.PrimaryKeyConstraint("merchant", "distributor", name=op.f("pk_distributor")),
        sa.UniqueConstraint(
            "merchant", "link_code", name=op.f("uq_distributor_merchant_link_code")
        ),
    )
