"""The first tables of orders."""

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_sales_order() -> None:
    """Create the table `sales_order`."""
    op.create_table(
        "sales_order",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("buyer", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("chosen_store", sa.Uuid(), nullable=True),
        sa.Column("distributor", sa.Uuid(), nullable=True),
        sa.Column("cart_hash", sa.LargeBinary(), nullable=False),
        sa.Column("placed_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("paid_at", Moment(), nullable=True),
        sa.Column("paid_by", sa.Uuid(), nullable=True, comment="the payment that paid it"),
        sa.Column("refunding", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            (
                "(state IN ('pending_payment', 'cancelled')) = (paid_at IS NULL)"
                " AND (paid_at IS NULL) = (paid_by IS NULL)"
            ),
            name=op.f("ck_sales_order_paid_when_paid"),
        ),
        sa.CheckConstraint(
            "state IN ('pending_payment', 'paid', 'cancelled', 'refunded', 'in_after_sale')",
            name=op.f("ck_sales_order_known_state"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_sales_order_amount")),
        sa.PrimaryKeyConstraint("merchant", "order_id", name=op.f("pk_sales_order")),
        sa.UniqueConstraint("merchant", "number", name=op.f("uq_sales_order_merchant_number")),
    )
    op.create_index(
        op.f("ix_sales_order_merchant_buyer"), "sales_order", ["merchant", "buyer"], unique=False
    )
    op.create_index(
        op.f("ix_sales_order_merchant_placed_at"),
        "sales_order",
        ["merchant", "placed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sales_order_merchant_refunding_changed_at"),
        "sales_order",
        ["merchant", "refunding", "changed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sales_order_merchant_state_expires_at"),
        "sales_order",
        ["merchant", "state", "expires_at"],
        unique=False,
    )


def create_order_line() -> None:
    """Create the table `order_line`."""
    op.create_table(
        "order_line",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("product", sa.Uuid(), nullable=False),
        sa.Column("product_number", sa.SmallInteger(), nullable=False),
        sa.Column("product_name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.SmallInteger(), nullable=False),
        sa.Column("unit_price_fen", sa.BigInteger(), nullable=False),
        sa.Column("face_fen", sa.BigInteger(), nullable=False),
        sa.Column("uses_per_unit", sa.SmallInteger(), nullable=False),
        sa.Column("per_visit_uses_max", sa.SmallInteger(), nullable=False),
        sa.Column("valid_days", sa.SmallInteger(), nullable=True),
        sa.Column("valid_from", Moment(), nullable=True),
        sa.Column("valid_until", Moment(), nullable=True),
        sa.Column(
            "stores",
            sa.LargeBinary(),
            nullable=True,
            comment="ids of 16 bytes each, sorted; NULL is every store",
        ),
        sa.Column("refundable", sa.Boolean(), nullable=False),
        sa.Column("attention", sa.Boolean(), nullable=False),
        sa.Column("level1_rate_bp", sa.SmallInteger(), nullable=False),
        sa.Column("platform_rate_bp", sa.SmallInteger(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column(
            "voucher_ref",
            sa.LargeBinary(),
            nullable=True,
            comment="the voucher it became; NULL before payment",
        ),
        sa.CheckConstraint(
            "level1_rate_bp BETWEEN 0 AND 3000", name=op.f("ck_order_line_commission_cap")
        ),
        sa.CheckConstraint(
            "quantity >= 1 AND unit_price_fen > 0", name=op.f("ck_order_line_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["merchant", "order_id"],
            ["sales_order.merchant", "sales_order.order_id"],
            name=op.f("fk_order_line_merchant_order_id_sales_order"),
        ),
        sa.PrimaryKeyConstraint("merchant", "order_id", "line_no", name=op.f("pk_order_line")),
        sa.UniqueConstraint(
            "merchant", "voucher_ref", name=op.f("uq_order_line_merchant_voucher_ref")
        ),
    )
