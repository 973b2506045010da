"""The first tables of staff."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_audit() -> None:
    """Create the table `audit`."""
    op.create_table(
        "audit",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column(
            "actor",
            sa.Uuid(),
            nullable=True,
            comment="staff; NULL for the program itself or somebody unknown",
        ),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False, comment="JSON object of text; no secrets"),
        sa.PrimaryKeyConstraint("merchant", "id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_merchant_at"), "audit", ["merchant", "at"], unique=False)


def create_staff() -> None:
    """Create the table `staff`."""
    op.create_table(
        "staff",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column(
            "password_hash", sa.Text(), nullable=True, comment="argon2id; NULL cannot log in"
        ),
        sa.Column(
            "pin_verifier",
            sa.LargeBinary(),
            nullable=True,
            comment="peppered; NULL cannot unlock a till",
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "staff", name=op.f("pk_staff")),
        sa.UniqueConstraint("merchant", "login", name=op.f("uq_staff_merchant_login")),
    )


def create_wrong_log_in() -> None:
    """Create the table `wrong_log_in`."""
    op.create_table(
        "wrong_log_in",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column(
            "login_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="also of names that do not exist",
        ),
        sa.Column(
            "count", sa.Integer(), nullable=False, comment="in a row, counted when one begins"
        ),
        sa.Column("last_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "login_hash", name=op.f("pk_wrong_log_in")),
    )


def create_staff_store() -> None:
    """Create the table `staff_store`."""
    op.create_table(
        "staff_store",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False, comment="false: worked there once"),
        sa.ForeignKeyConstraint(
            ["merchant", "staff"],
            ["staff.merchant", "staff.staff"],
            name=op.f("fk_staff_store_merchant_staff_staff"),
        ),
        sa.PrimaryKeyConstraint("merchant", "staff", "store", name=op.f("pk_staff_store")),
    )
    op.create_index(
        op.f("ix_staff_store_merchant_store"), "staff_store", ["merchant", "store"], unique=False
    )
