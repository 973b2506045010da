"""Tables of the catalog: products, where they are usable, total stock and store quotas."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from server.kernel.schema import METADATA, Fen64, Id, Moment

product = Table(
    "product",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("product", Id, primary_key=True),
    Column("number", SmallInteger, nullable=False, comment="14 bits: it travels in the QR token"),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("price_fen", Fen64, nullable=False),
    Column("face_fen", Fen64, nullable=False),
    Column("uses_per_unit", SmallInteger, nullable=False),
    Column("per_visit_uses_max", SmallInteger, nullable=False),
    Column("valid_days", SmallInteger, comment="days from payment; or the two dates below"),
    Column("valid_from", Moment),
    Column("valid_until", Moment),
    Column("all_stores", Boolean, nullable=False),
    Column("refundable", Boolean, nullable=False),
    Column("booking_required", Boolean, nullable=False),
    Column("provisional_allowed", Boolean, nullable=False),
    Column("attention_text", Text),
    Column("platform_rate_bp", SmallInteger, nullable=False),
    Column("level1_rate_bp", SmallInteger, nullable=False),
    Column("level2_rate_bp", SmallInteger, nullable=False, comment="0 until level 2 is on"),
    Column("rule_version", Integer, nullable=False, comment="grows whenever a rate changes"),
    Column("on_shelf", Boolean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("merchant", "number"),
    CheckConstraint("number BETWEEN 0 AND 16383", name="number"),
    CheckConstraint("price_fen > 0 AND face_fen >= 0", name="amounts"),
    CheckConstraint("uses_per_unit BETWEEN 1 AND 63", name="uses"),
    CheckConstraint("per_visit_uses_max >= 1", name="per_visit"),
    CheckConstraint(
        "(valid_days >= 1 AND valid_from IS NULL AND valid_until IS NULL)"
        " OR (valid_days IS NULL AND valid_from < valid_until)",
        name="validity",
    ),
    CheckConstraint(
        "level1_rate_bp >= 0 AND level2_rate_bp >= 0 AND level1_rate_bp + level2_rate_bp <= 3000",
        name="commission_cap",
    ),
    CheckConstraint(
        "platform_rate_bp >= 0 AND platform_rate_bp + level1_rate_bp + level2_rate_bp <= 10000",
        name="shares",
    ),
)

product_store = Table(
    "product_store",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("product", Id, primary_key=True),
    Column("store", Id, primary_key=True),
    ForeignKeyConstraint(["merchant", "product"], [product.c.merchant, product.c.product]),
    comment="Stores where a product that is not for all stores can be used",
)

product_stock = Table(
    "product_stock",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("product", Id, primary_key=True),
    Column("total", Integer, comment="units on sale; NULL is without limit"),
    Column("reserved", Integer, nullable=False, comment="units ordered and not paid"),
    Column("taken", Integer, nullable=False, comment="units paid and not refunded"),
    ForeignKeyConstraint(["merchant", "product"], [product.c.merchant, product.c.product]),
    CheckConstraint("reserved >= 0 AND taken >= 0", name="counts"),
    CheckConstraint("total IS NULL OR reserved + taken <= total", name="never_oversold"),
)

store_quota = Table(
    "store_quota",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("store", Id, primary_key=True),
    Column("product", Id, primary_key=True),
    Column("quota", Integer, comment="uses this store may redeem; NULL is without limit"),
    Column("reserved", Integer, nullable=False, comment="uses granted to tills of the store"),
    Column("used", Integer, nullable=False, comment="uses redeemed at the store"),
    ForeignKeyConstraint(["merchant", "product"], [product.c.merchant, product.c.product]),
    CheckConstraint("quota IS NULL OR quota >= 0", name="quota"),
    CheckConstraint("reserved >= 0 AND used >= 0", name="counts"),
    comment="Counted for every store and product, so that a quota can be set at any time; a "
    "provisional redemption may overdraw it",
)
