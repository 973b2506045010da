"""The first tables of holdings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_case() -> None:
    """Create the table `case_`."""
    op.create_table(
        "case_",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("eid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=True),
        sa.Column("opened", Moment(), nullable=False),
        sa.Column("closed", Moment(), nullable=True),
        sa.Column("ledger_entry", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("merchant", "id", name=op.f("pk_case_")),
        sa.UniqueConstraint("merchant", "eid", name=op.f("uq_case__merchant_eid")),
    )


def create_counter() -> None:
    """Create the table `counter`."""
    op.create_table(
        "counter",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "name", name=op.f("pk_counter")),
    )


def _columns_of_event() -> list[sa.Column[Any]]:
    return [
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("eid", sa.Uuid(), nullable=False),
        sa.Column("intent_hash", sa.LargeBinary(), nullable=False),
        sa.Column("voucher", sa.LargeBinary(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("lane", sa.String(length=24), nullable=False),
        sa.Column("charge", sa.String(length=24), nullable=False),
        sa.Column("charge_tenure", sa.Integer(), nullable=True),
        sa.Column("charge_feed_no", sa.Integer(), nullable=True),
        sa.Column("maker", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.Column("clerk", sa.Text(), nullable=True),
        sa.Column("happened_at", Moment(), nullable=False),
        sa.Column("first_seen", Moment(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("news_no", sa.BigInteger(), nullable=False),
    ]


def create_event() -> None:
    """Create the table `event`."""
    op.create_table(
        "event",
        *_columns_of_event(),
        sa.CheckConstraint(
            (
                "(charge = 'grant') = (charge_tenure IS NOT NULL)"
                " AND (charge = 'grant') = (charge_feed_no IS NOT NULL)"
            ),
            name=op.f("ck_event_charge_names_grant"),
        ),
        sa.CheckConstraint(
            "charge IN ('none', 'server', 'grant')", name=op.f("ck_event_known_charge")
        ),
        sa.CheckConstraint(
            "status <> 'accepted' OR charge <> 'none'", name=op.f("ck_event_somebody_paid")
        ),
        sa.CheckConstraint(
            "status IN ('accepted', 'undone', 'void', 'refused', 'pending', 'case')",
            name=op.f("ck_event_known_status"),
        ),
        sa.CheckConstraint("n >= 1", name=op.f("ck_event_uses")),
        sa.CheckConstraint("value_fen >= 0", name=op.f("ck_event_value_not_negative")),
        sa.PrimaryKeyConstraint("merchant", "eid", name=op.f("pk_event")),
        sa.UniqueConstraint("merchant", "news_no", name=op.f("uq_event_merchant_news_no")),
    )
    op.create_index(
        "ix_event_store_time", "event", ["merchant", "store", "happened_at"], unique=False
    )
    op.create_index("ix_event_voucher", "event", ["merchant", "voucher"], unique=False)


def create_event_charge() -> None:
    """Create the table `event_charge`."""
    op.create_table(
        "event_charge",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("eid", sa.Uuid(), nullable=False),
        sa.Column("tenure", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("feed_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "merchant", "eid", "tenure", "feed_no", name=op.f("pk_event_charge")
        ),
    )


def create_grant() -> None:
    """Create the table `grant_`."""
    op.create_table(
        "grant_",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("tenure", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("feed_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("voucher", sa.LargeBinary(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("out", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("random_bits", sa.Integer(), nullable=False),
        sa.Column("granted_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'recalled') OR out = 0", name=op.f("ck_grant__nothing_out_when_over")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'recalled', 'closed', 'lost')", name=op.f("ck_grant__known_state")
        ),
        sa.CheckConstraint("0 <= out AND out <= k AND k >= 1", name=op.f("ck_grant__uses")),
        sa.PrimaryKeyConstraint("merchant", "tenure", "feed_no", name=op.f("pk_grant_")),
    )
    op.create_index("ix_grant__voucher", "grant_", ["merchant", "voucher"], unique=False)
    op.create_index(
        "uq_grant__live",
        "grant_",
        ["merchant", "voucher", "tenure"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'recalled')"),
        postgresql_where=sa.text("state IN ('open', 'recalled')"),
    )


def create_holding() -> None:
    """Create the table `holding`."""
    op.create_table(
        "holding",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("voucher", sa.LargeBinary(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("out", sa.Integer(), nullable=False),
        sa.Column("redeemed", sa.Integer(), nullable=False),
        sa.Column("refunded", sa.Integer(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=False),
        sa.Column("value_left_fen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("refund_state", sa.String(length=24), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "refund_state IN ('none', 'asked', 'done')", name=op.f("ck_holding_refund_state")
        ),
        sa.CheckConstraint(
            "held + out > 0 OR value_left_fen = 0", name=op.f("ck_holding_no_value_without_uses")
        ),
        sa.CheckConstraint("pending >= 0", name=op.f("ck_holding_pending_not_negative")),
        sa.CheckConstraint(
            "sold = held + out + redeemed + refunded", name=op.f("ck_holding_uses_conserved")
        ),
        sa.CheckConstraint(
            "sold >= 1 AND held >= 0 AND out >= 0 AND redeemed >= 0 AND refunded >= 0",
            name=op.f("ck_holding_uses_not_negative"),
        ),
        sa.CheckConstraint(
            (
                "value_left_fen >= 0 AND refunded_fen >= 0"
                " AND value_left_fen + refunded_fen <= value_fen"
            ),
            name=op.f("ck_holding_value_not_negative"),
        ),
        sa.PrimaryKeyConstraint("merchant", "voucher", name=op.f("pk_holding")),
    )


def create_holding_refund() -> None:
    """Create the table `holding_refund`."""
    op.create_table(
        "holding_refund",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voucher", sa.LargeBinary(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_at", Moment(), nullable=False),
        sa.CheckConstraint("n >= 1 AND value_fen >= 0", name=op.f("ck_holding_refund_amounts")),
        sa.PrimaryKeyConstraint("merchant", "id", name=op.f("pk_holding_refund")),
    )
    op.create_index(
        "ix_holding_refund_voucher", "holding_refund", ["merchant", "voucher"], unique=False
    )


def create_pending_provisional() -> None:
    """Create the table `pending_provisional`."""
    op.create_table(
        "pending_provisional",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("voucher", sa.LargeBinary(), nullable=False),
        sa.Column("arrival_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("eid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "merchant", "voucher", "arrival_no", name=op.f("pk_pending_provisional")
        ),
        sa.UniqueConstraint("merchant", "eid", name=op.f("uq_pending_provisional_merchant_eid")),
    )


def create_tenure() -> None:
    """Create the table `tenure`."""
    op.create_table(
        "tenure",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("last_seen", Moment(), nullable=True),
        sa.Column("offline_until", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("halted", sa.Boolean(), nullable=False),
        sa.Column("risk_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'ending', 'done', 'lost', 'forked')",
            name=op.f("ck_tenure_known_state"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_tenure_number")),
        sa.CheckConstraint("risk_fen >= 0", name=op.f("ck_tenure_risk_not_negative")),
        sa.PrimaryKeyConstraint("merchant", "number", name=op.f("pk_tenure")),
    )
    op.create_index(
        "uq_tenure_active_store",
        "tenure",
        ["merchant", "store"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "uq_tenure_active_till",
        "tenure",
        ["merchant", "till"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
