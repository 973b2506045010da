"""The first tables of tills."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_failed_attempt() -> None:
    """Create the table `failed_attempt`."""
    op.create_table(
        "failed_attempt",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("window_start", Moment(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "merchant", "subject", "window_start", name=op.f("pk_failed_attempt")
        ),
    )


def create_hello_nonce() -> None:
    """Create the table `hello_nonce`."""
    op.create_table(
        "hello_nonce",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "till", name=op.f("pk_hello_nonce")),
    )


def create_pairing_code() -> None:
    """Create the table `pairing_code`."""
    op.create_table(
        "pairing_code",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.Column("till_name", sa.String(length=64), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("merchant", "id", name=op.f("pk_pairing_code")),
        sa.UniqueConstraint(
            "merchant", "code_hash", name=op.f("uq_pairing_code_merchant_code_hash")
        ),
    )
    op.create_index("ix_pairing_code_code_hash", "pairing_code", ["code_hash"], unique=False)


def create_till() -> None:
    """Create the table `till`."""
    op.create_table(
        "till",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("incarnation", sa.Integer(), nullable=False),
        sa.Column("app_version", sa.String(length=32), nullable=False),
        sa.Column("paired_at", Moment(), nullable=False),
        sa.Column("last_hello", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('active', 'revoked')", name=op.f("ck_till_known_state")),
        sa.CheckConstraint("incarnation >= 1", name=op.f("ck_till_incarnation_counts_from_one")),
        sa.PrimaryKeyConstraint("merchant", "id", name=op.f("pk_till")),
    )
    op.create_index("ix_till_id", "till", ["id"], unique=False)
    op.create_index("ix_till_store", "till", ["merchant", "store"], unique=False)


def create_pairing() -> None:
    """Create the table `pairing`."""
    op.create_table(
        "pairing",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Uuid(), nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.Column("till_name", sa.String(length=64), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=True),
        sa.Column("incarnation", sa.Integer(), nullable=True),
        sa.Column("signing_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealing_key", sa.LargeBinary(), nullable=False),
        sa.Column("server_nonce", sa.LargeBinary(), nullable=False),
        sa.Column("device_name", sa.String(length=64), nullable=False),
        sa.Column("app_version", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("claimed_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'confirmed', 'refused')", name=op.f("ck_pairing_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["merchant", "code"],
            ["pairing_code.merchant", "pairing_code.id"],
            name=op.f("fk_pairing_merchant_code_pairing_code"),
        ),
        sa.PrimaryKeyConstraint("merchant", "id", name=op.f("pk_pairing")),
        sa.UniqueConstraint("merchant", "code", name=op.f("uq_pairing_merchant_code")),
    )
    op.create_index("ix_pairing_id", "pairing", ["id"], unique=False)


def create_till_key() -> None:
    """Create the table `till_key`."""
    op.create_table(
        "till_key",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("incarnation", sa.Integer(), nullable=False),
        sa.Column("signing_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealing_key", sa.LargeBinary(), nullable=False),
        sa.Column("feed_start", sa.Integer(), nullable=False),
        sa.Column("paired_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant", "till"],
            ["till.merchant", "till.id"],
            name=op.f("fk_till_key_merchant_till_till"),
        ),
        sa.PrimaryKeyConstraint("merchant", "till", "incarnation", name=op.f("pk_till_key")),
    )
    op.create_index("ix_till_key_till", "till_key", ["till"], unique=False)
