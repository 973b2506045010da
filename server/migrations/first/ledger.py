"""The first tables of ledger."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_ledger_entry() -> None:
    """Create the table `ledger_entry`."""
    op.create_table(
        "ledger_entry",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("happened_at", Moment(), nullable=False),
        sa.Column("booked_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint(
            "merchant", "cause", "kind", name=op.f("uq_ledger_entry_merchant_cause_kind")
        ),
    )


def create_ledger_line() -> None:
    """Create the table `ledger_line`."""
    op.create_table(
        "ledger_line",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("entry", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("debit_kind", sa.String(length=32), nullable=False),
        sa.Column("debit_owner", sa.Uuid(), nullable=True),
        sa.Column("credit_kind", sa.String(length=32), nullable=False),
        sa.Column("credit_owner", sa.Uuid(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_ledger_line_amount")),
        sa.CheckConstraint(
            (
                "debit_kind <> credit_kind OR (debit_owner IS NOT NULL"
                " AND credit_owner IS NOT NULL AND debit_owner <> credit_owner)"
            ),
            name=op.f("ck_ledger_line_two_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant", "entry"],
            ["ledger_entry.merchant", "ledger_entry.id"],
            name=op.f("fk_ledger_line_merchant_entry_ledger_entry"),
        ),
        sa.PrimaryKeyConstraint("merchant", "entry", "line_no", name=op.f("pk_ledger_line")),
    )
    op.create_index(
        "ix_ledger_line_credit",
        "ledger_line",
        ["merchant", "credit_kind", "credit_owner"],
        unique=False,
    )
    op.create_index(
        "ix_ledger_line_debit",
        "ledger_line",
        ["merchant", "debit_kind", "debit_owner"],
        unique=False,
    )
