"""Tables of pairing and of the tills themselves."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from server.kernel.schema import METADATA, Bytes, Id, Moment

TILL = Table(
    "till",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("store", Id, nullable=False),
    Column("name", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("incarnation", Integer, nullable=False),
    Column("app_version", String(32), nullable=False),
    Column("paired_at", Moment, nullable=False),
    Column("last_hello", Moment),
    Column("revoked_at", Moment),
    Column("revoked_by", Id),
    CheckConstraint("state IN ('active', 'revoked')", name="known_state"),
    CheckConstraint("incarnation >= 1", name="incarnation_counts_from_one"),
    Index("ix_till_id", "id"),
    Index("ix_till_store", "merchant", "store"),
)
"""A machine at a counter."""

TILL_KEY = Table(
    "till_key",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("till", Id, primary_key=True),
    Column("incarnation", Integer, primary_key=True),
    Column("signing_key", Bytes, nullable=False),
    Column("sealing_key", Bytes, nullable=False),
    Column("feed_start", Integer, nullable=False),
    Column("paired_at", Moment, nullable=False),
    ForeignKeyConstraint(["merchant", "till"], ["till.merchant", "till.id"]),
    Index("ix_till_key_till", "till"),
)
"""The public keys of each life of a till; `feed_start` is the last entry of the life before."""

PAIRING_CODE = Table(
    "pairing_code",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("code_hash", Bytes, nullable=False),
    Column("store", Id, nullable=False),
    Column("till_name", String(64), nullable=False),
    Column("till", Id),
    Column("issued_by", Id),
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    UniqueConstraint("merchant", "code_hash"),
    Index("ix_pairing_code_code_hash", "code_hash"),
)
"""One-time codes, kept only as keyed hashes; `till` names the machine that is paired again."""

PAIRING = Table(
    "pairing",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("code", Id, nullable=False),
    Column("store", Id, nullable=False),
    Column("till_name", String(64), nullable=False),
    Column("till", Id),
    Column("incarnation", Integer),
    Column("signing_key", Bytes, nullable=False),
    Column("sealing_key", Bytes, nullable=False),
    Column("server_nonce", Bytes, nullable=False),
    Column("device_name", String(64), nullable=False),
    Column("app_version", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Id),
    ForeignKeyConstraint(["merchant", "code"], ["pairing_code.merchant", "pairing_code.id"]),
    UniqueConstraint("merchant", "code"),
    CheckConstraint("state IN ('waiting', 'confirmed', 'refused')", name="known_state"),
    Index("ix_pairing_id", "id"),
)
"""A till that has shown a good code, and what headquarters made of it."""

HELLO_NONCE = Table(
    "hello_nonce",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("till", Id, primary_key=True),
    Column("nonce", Bytes, nullable=False),
    Column("made_at", Moment, nullable=False),
)
"""The newest nonce of each till: a newer one replaces it, using it deletes it."""

FAILED_ATTEMPT = Table(
    "failed_attempt",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("window_start", Moment, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""Wrong codes per address and of everybody together, counted by quarter hours.

The merchant is unknown while a code is wrong; these rows belong to `rules.INSTALLATION`.
"""
