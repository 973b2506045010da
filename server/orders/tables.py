"""Tables of orders; the lines keep the terms of the moment they were ordered."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.kernel.schema import METADATA, Bytes, Fen64, Id, Moment

sales_order = Table(
    "sales_order",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("order_id", Id, primary_key=True),
    Column("number", String(16), nullable=False),
    Column("buyer", Id),
    Column("state", String(32), nullable=False),
    Column("amount_fen", Fen64, nullable=False),
    Column("chosen_store", Id),
    Column("distributor", Id),
    Column("cart_hash", Bytes, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("paid_at", Moment),
    Column("paid_by", Id, comment="the payment that paid it"),
    Column("refunding", Boolean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("merchant", "number"),
    CheckConstraint("amount_fen > 0", name="amount"),
    CheckConstraint(
        "state IN ('pending_payment', 'paid', 'cancelled', 'refunded', 'in_after_sale')",
        name="known_state",
    ),
    CheckConstraint(
        "(state IN ('pending_payment', 'cancelled')) = (paid_at IS NULL)"
        " AND (paid_at IS NULL) = (paid_by IS NULL)",
        name="paid_when_paid",
    ),
    Index(None, "merchant", "state", "expires_at"),
    Index(None, "merchant", "buyer"),
    Index(None, "merchant", "placed_at"),
    Index(None, "merchant", "refunding", "changed_at"),
)

order_line = Table(
    "order_line",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("order_id", Id, primary_key=True),
    Column("line_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("product", Id, nullable=False),
    Column("product_number", SmallInteger, nullable=False),
    Column("product_name", Text, nullable=False),
    Column("quantity", SmallInteger, nullable=False),
    Column("unit_price_fen", Fen64, nullable=False),
    Column("face_fen", Fen64, nullable=False),
    Column("uses_per_unit", SmallInteger, nullable=False),
    Column("per_visit_uses_max", SmallInteger, nullable=False),
    Column("valid_days", SmallInteger),
    Column("valid_from", Moment),
    Column("valid_until", Moment),
    Column("stores", Bytes, comment="ids of 16 bytes each, sorted; NULL is every store"),
    Column("refundable", Boolean, nullable=False),
    Column("attention", Boolean, nullable=False),
    Column("level1_rate_bp", SmallInteger, nullable=False),
    Column("platform_rate_bp", SmallInteger, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("voucher_ref", Bytes, comment="the voucher it became; NULL before payment"),
    ForeignKeyConstraint(
        ["merchant", "order_id"], [sales_order.c.merchant, sales_order.c.order_id]
    ),
    UniqueConstraint("merchant", "voucher_ref"),
    CheckConstraint("quantity >= 1 AND unit_price_fen > 0", name="amounts"),
    CheckConstraint("level1_rate_bp BETWEEN 0 AND 3000", name="commission_cap"),
)
