"""The first tables of payments."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_payment() -> None:
    """Create the table `payment`."""
    op.create_table(
        "payment",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("payment", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column(
            "number", sa.String(length=32), nullable=False, comment="ours, sent to the provider"
        ),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("provider_number", sa.String(length=64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_amount")),
        sa.PrimaryKeyConstraint("merchant", "payment", name=op.f("pk_payment")),
        sa.UniqueConstraint("merchant", "number", name=op.f("uq_payment_merchant_number")),
    )
    op.create_index(
        op.f("ix_payment_merchant_order_id"), "payment", ["merchant", "order_id"], unique=False
    )
    op.create_index(
        op.f("ix_payment_merchant_state_expires_at"),
        "payment",
        ["merchant", "state", "expires_at"],
        unique=False,
    )


def create_sandbox_payment() -> None:
    """Create the table `sandbox_payment`."""
    op.create_table(
        "sandbox_payment",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("return_path", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "number", name=op.f("pk_sandbox_payment")),
        comment="What the sandbox provider remembers; used in a demo or a test only",
    )


def create_sandbox_refund() -> None:
    """Create the table `sandbox_refund`."""
    op.create_table(
        "sandbox_refund",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("payment_number", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "number", name=op.f("pk_sandbox_refund")),
        comment="What the sandbox provider has paid back",
    )


def create_refund() -> None:
    """Create the table `refund`."""
    op.create_table(
        "refund",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("refund", sa.Uuid(), nullable=False),
        sa.Column("payment", sa.Uuid(), nullable=False),
        sa.Column(
            "number", sa.String(length=32), nullable=False, comment="ours, sent to the provider"
        ),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False, comment="what it answers; refunded once"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("provider_number", sa.String(length=64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_refund_amount")),
        sa.ForeignKeyConstraint(
            ["merchant", "payment"],
            ["payment.merchant", "payment.payment"],
            name=op.f("fk_refund_merchant_payment_payment"),
        ),
        sa.PrimaryKeyConstraint("merchant", "refund", name=op.f("pk_refund")),
        sa.UniqueConstraint("merchant", "cause", name=op.f("uq_refund_merchant_cause")),
        sa.UniqueConstraint("merchant", "number", name=op.f("uq_refund_merchant_number")),
    )
    op.create_index(
        op.f("ix_refund_merchant_payment"), "refund", ["merchant", "payment"], unique=False
    )
