"""The first tables of catalog."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def _columns_of_product() -> list[sa.Column[Any]]:
    return [
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("product", sa.Uuid(), nullable=False),
        sa.Column(
            "number",
            sa.SmallInteger(),
            nullable=False,
            comment="14 bits: it travels in the QR token",
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("face_fen", sa.BigInteger(), nullable=False),
        sa.Column("uses_per_unit", sa.SmallInteger(), nullable=False),
        sa.Column("per_visit_uses_max", sa.SmallInteger(), nullable=False),
        sa.Column(
            "valid_days",
            sa.SmallInteger(),
            nullable=True,
            comment="days from payment; or the two dates below",
        ),
        sa.Column("valid_from", Moment(), nullable=True),
        sa.Column("valid_until", Moment(), nullable=True),
        sa.Column("all_stores", sa.Boolean(), nullable=False),
        sa.Column("refundable", sa.Boolean(), nullable=False),
        sa.Column("booking_required", sa.Boolean(), nullable=False),
        sa.Column("provisional_allowed", sa.Boolean(), nullable=False),
        sa.Column("attention_text", sa.Text(), nullable=True),
        sa.Column("platform_rate_bp", sa.SmallInteger(), nullable=False),
        sa.Column("level1_rate_bp", sa.SmallInteger(), nullable=False),
        sa.Column(
            "level2_rate_bp", sa.SmallInteger(), nullable=False, comment="0 until level 2 is on"
        ),
        sa.Column(
            "rule_version", sa.Integer(), nullable=False, comment="grows whenever a rate changes"
        ),
        sa.Column("on_shelf", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
    ]


def create_product() -> None:
    """Create the table `product`."""
    op.create_table(
        "product",
        *_columns_of_product(),
        sa.CheckConstraint(
            (
                "(valid_days >= 1 AND valid_from IS NULL AND valid_until IS NULL)"
                " OR (valid_days IS NULL AND valid_from < valid_until)"
            ),
            name=op.f("ck_product_validity"),
        ),
        sa.CheckConstraint(
            (
                "level1_rate_bp >= 0 AND level2_rate_bp >= 0"
                " AND level1_rate_bp + level2_rate_bp <= 3000"
            ),
            name=op.f("ck_product_commission_cap"),
        ),
        sa.CheckConstraint("number BETWEEN 0 AND 16383", name=op.f("ck_product_number")),
        sa.CheckConstraint("per_visit_uses_max >= 1", name=op.f("ck_product_per_visit")),
        sa.CheckConstraint(
            (
                "platform_rate_bp >= 0"
                " AND platform_rate_bp + level1_rate_bp + level2_rate_bp <= 10000"
            ),
            name=op.f("ck_product_shares"),
        ),
        sa.CheckConstraint("price_fen > 0 AND face_fen >= 0", name=op.f("ck_product_amounts")),
        sa.CheckConstraint("uses_per_unit BETWEEN 1 AND 63", name=op.f("ck_product_uses")),
        sa.PrimaryKeyConstraint("merchant", "product", name=op.f("pk_product")),
        sa.UniqueConstraint("merchant", "number", name=op.f("uq_product_merchant_number")),
    )


def create_product_stock() -> None:
    """Create the table `product_stock`."""
    op.create_table(
        "product_stock",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("product", sa.Uuid(), nullable=False),
        sa.Column(
            "total", sa.Integer(), nullable=True, comment="units on sale; NULL is without limit"
        ),
        sa.Column("reserved", sa.Integer(), nullable=False, comment="units ordered and not paid"),
        sa.Column("taken", sa.Integer(), nullable=False, comment="units paid and not refunded"),
        sa.CheckConstraint("reserved >= 0 AND taken >= 0", name=op.f("ck_product_stock_counts")),
        sa.CheckConstraint(
            "total IS NULL OR reserved + taken <= total",
            name=op.f("ck_product_stock_never_oversold"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant", "product"],
            ["product.merchant", "product.product"],
            name=op.f("fk_product_stock_merchant_product_product"),
        ),
        sa.PrimaryKeyConstraint("merchant", "product", name=op.f("pk_product_stock")),
    )


def create_product_store() -> None:
    """Create the table `product_store`."""
    op.create_table(
        "product_store",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("product", sa.Uuid(), nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant", "product"],
            ["product.merchant", "product.product"],
            name=op.f("fk_product_store_merchant_product_product"),
        ),
        sa.PrimaryKeyConstraint("merchant", "product", "store", name=op.f("pk_product_store")),
        comment="Stores where a product that is not for all stores can be used",
    )


def create_store_quota() -> None:
    """Create the table `store_quota`."""
    op.create_table(
        "store_quota",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.Column("product", sa.Uuid(), nullable=False),
        sa.Column(
            "quota",
            sa.Integer(),
            nullable=True,
            comment="uses this store may redeem; NULL is without limit",
        ),
        sa.Column(
            "reserved", sa.Integer(), nullable=False, comment="uses granted to tills of the store"
        ),
        sa.Column("used", sa.Integer(), nullable=False, comment="uses redeemed at the store"),
        sa.CheckConstraint("quota IS NULL OR quota >= 0", name=op.f("ck_store_quota_quota")),
        sa.CheckConstraint("reserved >= 0 AND used >= 0", name=op.f("ck_store_quota_counts")),
        sa.ForeignKeyConstraint(
            ["merchant", "product"],
            ["product.merchant", "product.product"],
            name=op.f("fk_store_quota_merchant_product_product"),
        ),
        sa.PrimaryKeyConstraint("merchant", "store", "product", name=op.f("pk_store_quota")),
        comment=(
            "Counted for every store and product, so that a quota can be set at any "
            "time; a provisional redemption may overdraw it"
        ),
    )
