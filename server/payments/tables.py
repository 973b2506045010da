"""Tables of payments and refunds, and the sandbox provider's own memory."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.kernel.schema import METADATA, Fen64, Id, Moment

NUMBER_LENGTH = 32

payment = Table(
    "payment",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("payment", Id, primary_key=True),
    Column("order_id", Id, nullable=False),
    Column("number", String(NUMBER_LENGTH), nullable=False, comment="ours, sent to the provider"),
    Column("provider", String(32), nullable=False),
    Column("amount_fen", Fen64, nullable=False),
    Column("state", String(16), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("provider_number", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("merchant", "number"),
    CheckConstraint("amount_fen > 0", name="amount"),
    Index(None, "merchant", "order_id"),
    Index(None, "merchant", "state", "expires_at"),
)

refund = Table(
    "refund",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("refund", Id, primary_key=True),
    Column("payment", Id, nullable=False),
    Column("number", String(NUMBER_LENGTH), nullable=False, comment="ours, sent to the provider"),
    Column("amount_fen", Fen64, nullable=False),
    Column("cause", Id, nullable=False, comment="what it answers; refunded once"),
    Column("why", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("provider_number", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    ForeignKeyConstraint(["merchant", "payment"], [payment.c.merchant, payment.c.payment]),
    UniqueConstraint("merchant", "number"),
    UniqueConstraint("merchant", "cause"),
    CheckConstraint("amount_fen > 0", name="amount"),
    Index(None, "merchant", "payment"),
)

sandbox_payment = Table(
    "sandbox_payment",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("number", String(NUMBER_LENGTH), primary_key=True),
    Column("amount_fen", Fen64, nullable=False),
    Column("description", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("return_path", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    comment="What the sandbox provider remembers; used in a demo or a test only",
)

sandbox_refund = Table(
    "sandbox_refund",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("number", String(NUMBER_LENGTH), primary_key=True),
    Column("payment_number", String(NUMBER_LENGTH), nullable=False),
    Column("amount_fen", Fen64, nullable=False),
    Column("changed_at", Moment, nullable=False),
    comment="What the sandbox provider has paid back",
)
