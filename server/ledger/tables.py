"""The books of money: entries, and the transfers between accounts that they consist of.

A line moves an amount from one account to another, so no entry can be out of balance. There is no
balance column: a balance is a sum.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from server.kernel.schema import METADATA, Fen64, Id, Moment, append_only

NAME_LENGTH = 32

ENTRY = append_only(
    Table(
        "ledger_entry",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("id", Id, primary_key=True),
        Column("kind", String(NAME_LENGTH), nullable=False),
        Column("cause", Id, nullable=False),
        Column("happened_at", Moment, nullable=False),
        Column("booked_at", Moment, nullable=False),
        UniqueConstraint("merchant", "cause", "kind"),
    )
)
"""One business fact; its cause and kind are booked once."""

LINE = append_only(
    Table(
        "ledger_line",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("entry", Id, primary_key=True),
        Column("line_no", SmallInteger, primary_key=True, autoincrement=False),
        Column("debit_kind", String(NAME_LENGTH), nullable=False),
        Column("debit_owner", Id),
        Column("credit_kind", String(NAME_LENGTH), nullable=False),
        Column("credit_owner", Id),
        Column("amount_fen", Fen64, nullable=False),
        ForeignKeyConstraint(["merchant", "entry"], [ENTRY.c.merchant, ENTRY.c.id]),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint(
            "debit_kind <> credit_kind"
            " OR (debit_owner IS NOT NULL AND credit_owner IS NOT NULL"
            " AND debit_owner <> credit_owner)",
            name="two_accounts",
        ),
        Index("ix_ledger_line_debit", "merchant", "debit_kind", "debit_owner"),
        Index("ix_ledger_line_credit", "merchant", "credit_kind", "credit_owner"),
    )
)
"""A transfer: `amount_fen` leaves the credit account's side for the debit account's side."""
