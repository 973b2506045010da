"""The first tables of stores."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_merchant() -> None:
    """Create the table `merchant`."""
    op.create_table(
        "merchant",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("short_name", sa.String(length=32), nullable=False, comment="in web addresses"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("undo_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("provisional_allowed", sa.Boolean(), nullable=False),
        sa.Column("provisional_value_max_fen", sa.BigInteger(), nullable=False),
        sa.Column("provisional_count_max", sa.Integer(), nullable=False),
        sa.Column("provisional_hours_max", sa.SmallInteger(), nullable=False),
        sa.Column("day_cutoff_hours", sa.SmallInteger(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("day_cutoff_hours BETWEEN 0 AND 23", name=op.f("ck_merchant_cutoff")),
        sa.CheckConstraint(
            (
                "provisional_value_max_fen >= 0 AND provisional_count_max >= 0"
                " AND provisional_hours_max BETWEEN 0 AND 168"
            ),
            name=op.f("ck_merchant_provisional"),
        ),
        sa.CheckConstraint("undo_minutes BETWEEN 0 AND 1440", name=op.f("ck_merchant_undo")),
        sa.PrimaryKeyConstraint("merchant", name=op.f("pk_merchant")),
        sa.UniqueConstraint("short_name", name=op.f("uq_merchant_short_name")),
    )


def create_store() -> None:
    """Create the table `store`."""
    op.create_table(
        "store",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="as people of the chain say it"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("latitude_microdegrees", sa.Integer(), nullable=True),
        sa.Column("longitude_microdegrees", sa.Integer(), nullable=True),
        sa.Column(
            "datum",
            sa.String(length=16),
            nullable=True,
            comment="wgs84 or gcj02; mixing them is off by 500 m",
        ),
        sa.Column("hours", sa.Text(), nullable=False, comment="as shown to buyers"),
        sa.Column("open", sa.Boolean(), nullable=False, comment="false: set to rest"),
        sa.Column(
            "legal_entity",
            sa.Text(),
            nullable=False,
            comment="money may not cross it without a licence",
        ),
        sa.Column("manager", sa.Uuid(), nullable=True, comment="staff"),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            (
                "(latitude_microdegrees IS NULL AND longitude_microdegrees IS NULL"
                " AND datum IS NULL) OR (latitude_microdegrees BETWEEN -90000000 AND 90000000"
                " AND longitude_microdegrees BETWEEN -180000000 AND 180000000"
                " AND datum IN ('wgs84', 'gcj02'))"
            ),
            name=op.f("ck_store_position"),
        ),
        sa.PrimaryKeyConstraint("merchant", "store", name=op.f("pk_store")),
        sa.UniqueConstraint("merchant", "number", name=op.f("uq_store_merchant_number")),
    )
