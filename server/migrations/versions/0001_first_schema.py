"""The first schema."""

from alembic import op

from server.migrations.first import (
    catalog,
    channels,
    distribution,
    holdings,
    kernel,
    ledger,
    orders,
    payments,
    sessions,
    staff,
    stores,
    tills,
    vouchers,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CREATED = (
    channels.create_alarm,
    channels.create_ask_in,
    staff.create_audit,
    holdings.create_case,
    vouchers.create_code_page_link,
    holdings.create_counter,
    distribution.create_distributor,
    holdings.create_event,
    holdings.create_event_charge,
    tills.create_failed_attempt,
    channels.create_feed_out,
    holdings.create_grant,
    tills.create_hello_nonce,
    holdings.create_holding,
    holdings.create_holding_refund,
    channels.create_journal_branch,
    channels.create_journal_in,
    ledger.create_ledger_entry,
    stores.create_merchant,
    tills.create_pairing_code,
    payments.create_payment,
    holdings.create_pending_provisional,
    catalog.create_product,
    orders.create_sales_order,
    payments.create_sandbox_payment,
    payments.create_sandbox_refund,
    sessions.create_session,
    staff.create_staff,
    stores.create_store,
    vouchers.create_store_choice,
    vouchers.create_store_scope,
    holdings.create_tenure,
    tills.create_till,
    channels.create_till_feed,
    channels.create_till_head,
    vouchers.create_voucher,
    kernel.create_work,
    staff.create_wrong_log_in,
    ledger.create_ledger_line,
    orders.create_order_line,
    tills.create_pairing,
    catalog.create_product_stock,
    catalog.create_product_store,
    payments.create_refund,
    staff.create_staff_store,
    catalog.create_store_quota,
    tills.create_till_key,
)
"""In an order in which every table comes after those it refers to."""

DROPPED = (
    "till_key",
    "store_quota",
    "staff_store",
    "refund",
    "product_store",
    "product_stock",
    "pairing",
    "order_line",
    "ledger_line",
    "wrong_log_in",
    "work",
    "voucher",
    "till_head",
    "till_feed",
    "till",
    "tenure",
    "store_scope",
    "store_choice",
    "store",
    "staff",
    "session",
    "sandbox_refund",
    "sandbox_payment",
    "sales_order",
    "product",
    "pending_provisional",
    "payment",
    "pairing_code",
    "merchant",
    "ledger_entry",
    "journal_in",
    "journal_branch",
    "holding_refund",
    "holding",
    "hello_nonce",
    "grant_",
    "feed_out",
    "failed_attempt",
    "event_charge",
    "event",
    "distributor",
    "counter",
    "code_page_link",
    "case_",
    "audit",
    "ask_in",
    "alarm",
)


def upgrade() -> None:
    """Create every table."""
    for create in CREATED:
        create()


def downgrade() -> None:
    """Drop every table."""
    for name in DROPPED:
        op.drop_table(name)
