"""Tables of distribution."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.kernel.schema import METADATA, Id, Moment

distributor = Table(
    "distributor",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("distributor", Id, primary_key=True),
    Column("link_code", String(8), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("level", SmallInteger, nullable=False, comment="1 only, until level 2 is switched on"),
    Column("agreement_accepted_at", Moment, comment="before the first distribution"),
    Column("joined_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("merchant", "link_code"),
    CheckConstraint("level BETWEEN 1 AND 2", name="two_levels_at_most"),
)
