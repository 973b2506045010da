"""The first tables of vouchers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.kernel.schema import Moment


def create_code_page_link() -> None:
    """Create the table `code_page_link`."""
    op.create_table(
        "code_page_link",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "order_id", name=op.f("pk_code_page_link")),
        sa.UniqueConstraint(
            "merchant", "secret_hash", name=op.f("uq_code_page_link_merchant_secret_hash")
        ),
        comment="Who shows the secret of a link may see the codes of its order",
    )


def create_store_choice() -> None:
    """Create the table `store_choice`."""
    op.create_table(
        "store_choice",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("voucher_ref", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "voucher_ref", "id", name=op.f("pk_store_choice")),
        comment="Every time a buyer chose or changed the store of a voucher",
    )


def create_store_scope() -> None:
    """Create the table `store_scope`."""
    op.create_table(
        "store_scope",
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.LargeBinary(), nullable=False, comment="hash of `stores`"),
        sa.Column(
            "stores", sa.LargeBinary(), nullable=False, comment="ids of 16 bytes each, sorted"
        ),
        sa.PrimaryKeyConstraint("merchant", "scope", name=op.f("pk_store_scope")),
        comment="Sets of stores, each stored once, that vouchers are valid at",
    )


def _columns_of_voucher() -> list[sa.Column[Any]]:
    return [
        sa.Column("merchant", sa.Uuid(), nullable=False),
        sa.Column("voucher_ref", sa.LargeBinary(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("order_state", sa.String(length=32), nullable=False),
        sa.Column("product", sa.Uuid(), nullable=False),
        sa.Column("product_number", sa.SmallInteger(), nullable=False),
        sa.Column("product_name", sa.Text(), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("code_letter", sa.LargeBinary(), nullable=False, comment="the code, encrypted"),
        sa.Column("uses_total", sa.SmallInteger(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=False),
        sa.Column("face_fen", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_until", Moment(), nullable=False),
        sa.Column(
            "scope",
            sa.LargeBinary(),
            nullable=True,
            comment="key of store_scope; NULL is every store",
        ),
        sa.Column("per_visit_uses_max", sa.SmallInteger(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("attention", sa.Boolean(), nullable=False),
        sa.Column("booked_slot", sa.Text(), nullable=True),
        sa.Column("chosen_store", sa.Uuid(), nullable=True),
        sa.Column("distributor", sa.Uuid(), nullable=True),
        sa.Column("level1_rate_bp", sa.SmallInteger(), nullable=False),
        sa.Column("platform_rate_bp", sa.SmallInteger(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
    ]


def create_voucher() -> None:
    """Create the table `voucher`."""
    op.create_table(
        "voucher",
        *_columns_of_voucher(),
        sa.CheckConstraint(
            "level1_rate_bp BETWEEN 0 AND 3000", name=op.f("ck_voucher_commission_cap")
        ),
        sa.CheckConstraint("per_visit_uses_max >= 1", name=op.f("ck_voucher_per_visit")),
        sa.CheckConstraint(
            "platform_rate_bp >= 0 AND level1_rate_bp + platform_rate_bp <= 10000",
            name=op.f("ck_voucher_shares"),
        ),
        sa.CheckConstraint("uses_total BETWEEN 1 AND 63", name=op.f("ck_voucher_uses_total")),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_voucher_validity")),
        sa.CheckConstraint("value_fen >= 0 AND face_fen >= 0", name=op.f("ck_voucher_amounts")),
        sa.PrimaryKeyConstraint("merchant", "voucher_ref", name=op.f("pk_voucher")),
    )
    op.create_index(
        op.f("ix_voucher_merchant_chosen_store_voucher_ref"),
        "voucher",
        ["merchant", "chosen_store", "voucher_ref"],
        unique=False,
    )
    op.create_index(
        op.f("ix_voucher_merchant_order_id"), "voucher", ["merchant", "order_id"], unique=False
    )
