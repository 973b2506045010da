"""The channels: journals as they came, feeds as they go, and what was found wrong with them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from server.holdings.tables.books import NAME_LENGTH
from server.kernel.schema import METADATA, Bytes, Id, Moment, append_only

TILL_HEAD = Table(
    "till_head",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("till", Id, primary_key=True),
    Column("incarnation", Integer, primary_key=True, autoincrement=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_hash", Bytes, nullable=False),
    Column("acked_seq", Integer, nullable=False),
    Column("acked_cursor", Integer, nullable=False),
    Column("last_contact", Moment, nullable=False),
    Column("forked", Boolean, nullable=False),
    CheckConstraint("0 <= acked_seq AND acked_seq <= last_seq", name="acked"),
)
"""How far one life of a till's journal has come here, and how far it has read its feed."""

JOURNAL_IN = append_only(
    Table(
        "journal_in",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("till", Id, primary_key=True),
        Column("incarnation", Integer, primary_key=True, autoincrement=False),
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("hash", Bytes, nullable=False),
        Column("bytes", Bytes, nullable=False),
        Column("result", String(NAME_LENGTH), nullable=False),
    )
)
"""Every journal event as the till wrote it, and what was made of it when it came."""

JOURNAL_BRANCH = append_only(
    Table(
        "journal_branch",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("till", Id, primary_key=True),
        Column("incarnation", Integer, primary_key=True, autoincrement=False),
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("hash", Bytes, primary_key=True),
        Column("bytes", Bytes, nullable=False),
        Column("result", String(NAME_LENGTH), nullable=False),
        Column("received_at", Moment, nullable=False),
    )
)
"""The other branch of a forked journal: kept, and processed by event id."""

ASK_IN = append_only(
    Table(
        "ask_in",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("eid", Id, primary_key=True),
        Column("till", Id, nullable=False),
        Column("voucher", Bytes, nullable=False),
        Column("n", Integer, nullable=False),
        Column("evidence", Bytes, nullable=False),
        Column("received_at", Moment, nullable=False),
    )
)
"""Every ask that was decided, with what was presented at the counter, sealed."""

FEED_OUT = append_only(
    Table(
        "feed_out",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("till", Id, primary_key=True),
        Column("feed_no", Integer, primary_key=True, autoincrement=False),
        Column("bytes", Bytes, nullable=False),
    )
)
"""Everything a till is told, as first written."""

TILL_FEED = Table(
    "till_feed",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("till", Id, primary_key=True),
    Column("next_no", Integer, nullable=False),
    Column("name", Text, nullable=False),
    CheckConstraint("next_no >= 1", name="next_no"),
)
"""The number of a till's next feed entry; its row lock hands numbers out in commit order."""

ALARM = append_only(
    Table(
        "alarm",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("id", Id, primary_key=True),
        Column("kind", String(NAME_LENGTH), nullable=False),
        Column("till", Id, nullable=False),
        Column("detail", Text, nullable=False),
        Column("raised_at", Moment, nullable=False),
        Index("ix_alarm_raised_at", "merchant", "raised_at"),
    )
)
"""What cannot happen without a stolen key, a restored disk or a fault of ours."""
