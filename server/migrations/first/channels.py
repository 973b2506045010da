"""The first tables of channels."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_alarm() -> None:
    """Create the table `alarm`."""
    op.create_table(
        "alarm",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "id", name=op.f("pk_alarm")),
    )
    op.create_index("ix_alarm_raised_at", "alarm", ["merchant", "raised_at"], unique=False)


def create_ask_in() -> None:
    """Create the table `ask_in`."""
    op.create_table(
        "ask_in",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("eid", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("voucher", sa.LargeBinary(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "eid", name=op.f("pk_ask_in")),
    )


def create_feed_out() -> None:
    """Create the table `feed_out`."""
    op.create_table(
        "feed_out",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("feed_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "till", "feed_no", name=op.f("pk_feed_out")),
    )


def create_journal_branch() -> None:
    """Create the table `journal_branch`."""
    op.create_table(
        "journal_branch",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("incarnation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("result", sa.String(length=24), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint(
            "merchant", "till", "incarnation", "seq", "hash", name=op.f("pk_journal_branch")
        ),
    )


def create_journal_in() -> None:
    """Create the table `journal_in`."""
    op.create_table(
        "journal_in",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("incarnation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("result", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint(
            "merchant", "till", "incarnation", "seq", name=op.f("pk_journal_in")
        ),
    )


def create_till_feed() -> None:
    """Create the table `till_feed`."""
    op.create_table(
        "till_feed",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("next_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("next_no >= 1", name=op.f("ck_till_feed_next_no")),
        sa.PrimaryKeyConstraint("merchant", "till", name=op.f("pk_till_feed")),
    )


def create_till_head() -> None:
    """Create the table `till_head`."""
    op.create_table(
        "till_head",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("till", sa.Uuid(), nullable=False),
        sa.Column("incarnation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.Column("acked_seq", sa.Integer(), nullable=False),
        sa.Column("acked_cursor", sa.Integer(), nullable=False),
        sa.Column("last_contact", Moment(), nullable=False),
        sa.Column("forked", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "0 <= acked_seq AND acked_seq <= last_seq", name=op.f("ck_till_head_acked")
        ),
        sa.PrimaryKeyConstraint("merchant", "till", "incarnation", name=op.f("pk_till_head")),
    )
