"""Tables of merchants and stores."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.kernel.schema import METADATA, Fen64, Id, Moment

merchant = Table(
    "merchant",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("short_name", String(32), nullable=False, unique=True, comment="in web addresses"),
    Column("name", Text, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("undo_minutes", SmallInteger, nullable=False),
    Column("provisional_allowed", Boolean, nullable=False),
    Column("provisional_value_max_fen", Fen64, nullable=False),
    Column("provisional_count_max", Integer, nullable=False),
    Column("provisional_hours_max", SmallInteger, nullable=False),
    Column("day_cutoff_hours", SmallInteger, nullable=False),
    Column("changed_at", Moment, nullable=False),
    CheckConstraint("undo_minutes BETWEEN 0 AND 1440", name="undo"),
    CheckConstraint(
        "provisional_value_max_fen >= 0 AND provisional_count_max >= 0"
        " AND provisional_hours_max BETWEEN 0 AND 168",
        name="provisional",
    ),
    CheckConstraint("day_cutoff_hours BETWEEN 0 AND 23", name="cutoff"),
)

store = Table(
    "store",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("store", Id, primary_key=True),
    Column("number", Integer, nullable=False, comment="as people of the chain say it"),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("phone", String(32), nullable=False),
    Column("latitude_microdegrees", Integer),
    Column("longitude_microdegrees", Integer),
    Column("datum", String(16), comment="wgs84 or gcj02; mixing them is off by 500 m"),
    Column("hours", Text, nullable=False, comment="as shown to buyers"),
    Column("open", Boolean, nullable=False, comment="false: set to rest"),
    Column(
        "legal_entity", Text, nullable=False, comment="money may not cross it without a licence"
    ),
    Column("manager", Id, comment="staff"),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("merchant", "number"),
    CheckConstraint(
        "(latitude_microdegrees IS NULL AND longitude_microdegrees IS NULL AND datum IS NULL)"
        " OR (latitude_microdegrees BETWEEN -90000000 AND 90000000"
        " AND longitude_microdegrees BETWEEN -180000000 AND 180000000"
        " AND datum IN ('wgs84', 'gcj02'))",
        name="position",
    ),
)
