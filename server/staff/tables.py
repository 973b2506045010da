"""Tables of staff: people, their stores, wrong log-ins, and the audit trail."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.kernel.schema import METADATA, Bytes, Id, Moment, append_only

staff = Table(
    "staff",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("staff", Id, primary_key=True),
    Column("login", String(100), nullable=False),
    Column("name", Text, nullable=False),
    Column("short_name", String(100), nullable=False),
    Column("role", String(32), nullable=False),
    Column("password_hash", Text, comment="argon2id; NULL cannot log in"),
    Column("pin_verifier", Bytes, comment="peppered; NULL cannot unlock a till"),
    Column("active", Boolean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("merchant", "login"),
)

staff_store = Table(
    "staff_store",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("staff", Id, primary_key=True),
    Column("store", Id, primary_key=True),
    Column("current", Boolean, nullable=False, comment="false: worked there once"),
    ForeignKeyConstraint(["merchant", "staff"], [staff.c.merchant, staff.c.staff]),
    Index(None, "merchant", "store"),
)

wrong_log_in = Table(
    "wrong_log_in",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("login_hash", Bytes, primary_key=True, comment="also of names that do not exist"),
    Column("count", Integer, nullable=False, comment="in a row, counted when one begins"),
    Column("last_at", Moment, nullable=False),
)

audit = append_only(
    Table(
        "audit",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("id", Id, primary_key=True),
        Column("at", Moment, nullable=False),
        Column("actor", Id, comment="staff; NULL for the program itself or somebody unknown"),
        Column("action", String(64), nullable=False),
        Column("subject", Text, nullable=False),
        Column("facts", Text, nullable=False, comment="JSON object of text; no secrets"),
        Index(None, "merchant", "at"),
    )
)
