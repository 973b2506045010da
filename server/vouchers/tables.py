"""Tables of vouchers: frozen terms, encrypted codes, store choices, code page links."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.kernel.schema import METADATA, Bytes, Fen64, Id, Moment

store_scope = Table(
    "store_scope",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("scope", Bytes, primary_key=True, comment="hash of `stores`"),
    Column("stores", Bytes, nullable=False, comment="ids of 16 bytes each, sorted"),
    comment="Sets of stores, each stored once, that vouchers are valid at",
)

voucher = Table(
    "voucher",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("voucher_ref", Bytes, primary_key=True),
    Column("order_id", Id, nullable=False),
    Column("order_number", String(32), nullable=False),
    Column("order_state", String(32), nullable=False),
    Column("product", Id, nullable=False),
    Column("product_number", SmallInteger, nullable=False),
    Column("product_name", Text, nullable=False),
    Column("last_four", String(4), nullable=False),
    Column("code_letter", Bytes, nullable=False, comment="the code, encrypted"),
    Column("uses_total", SmallInteger, nullable=False),
    Column("value_fen", Fen64, nullable=False),
    Column("face_fen", Fen64, nullable=False),
    Column("valid_from", Moment, nullable=False),
    Column("valid_until", Moment, nullable=False),
    Column("scope", Bytes, comment="key of store_scope; NULL is every store"),
    Column("per_visit_uses_max", SmallInteger, nullable=False),
    Column("frozen", Boolean, nullable=False),
    Column("attention", Boolean, nullable=False),
    Column("booked_slot", Text),
    Column("chosen_store", Id),
    Column("distributor", Id),
    Column("level1_rate_bp", SmallInteger, nullable=False),
    Column("platform_rate_bp", SmallInteger, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("issued_at", Moment, nullable=False),
    CheckConstraint("uses_total BETWEEN 1 AND 63", name="uses_total"),
    CheckConstraint("value_fen >= 0 AND face_fen >= 0", name="amounts"),
    CheckConstraint("valid_from < valid_until", name="validity"),
    CheckConstraint("per_visit_uses_max >= 1", name="per_visit"),
    CheckConstraint("level1_rate_bp BETWEEN 0 AND 3000", name="commission_cap"),
    CheckConstraint(
        "platform_rate_bp >= 0 AND level1_rate_bp + platform_rate_bp <= 10000", name="shares"
    ),
    Index(None, "merchant", "order_id"),
    Index(None, "merchant", "chosen_store", "voucher_ref"),
)

store_choice = Table(
    "store_choice",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("voucher_ref", Bytes, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("store", Id, nullable=False),
    Column("chosen_at", Moment, nullable=False),
    comment="Every time a buyer chose or changed the store of a voucher",
)

code_page_link = Table(
    "code_page_link",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("order_id", Id, primary_key=True),
    Column("secret_hash", Bytes, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("merchant", "secret_hash"),
    comment="Who shows the secret of a link may see the codes of its order",
)
