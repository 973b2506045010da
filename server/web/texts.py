"""What the closed lists of the product are called on a page: states, lanes, roles, accounts.

Each table maps a member's value to its English text; tests prove the tables complete.
"""

from collections.abc import Mapping
from enum import StrEnum

from server.holdings.states import Lane
from server.ledger.rules import AccountKind
from server.orders.rules import Stage
from server.staff.rules import Role
from server.tills.rules import TillState
from server.web.language import marked
from shared.wire import EventStatus


class VoucherState(StrEnum):
    """What a voucher is to its buyer."""

    to_use = "to_use"
    """At least one use is left and it can be shown at a counter."""
    used = "used"
    """Every use was redeemed."""
    refunding = "refunding"
    """A refund was asked for and waits for a till."""
    refunded = "refunded"
    """What was left has been refunded."""
    expired = "expired"
    """Its last day has passed with uses left."""


class VoucherTab(StrEnum):
    """How a buyer's vouchers are sorted."""

    to_use = "to_use"
    """Can be shown at a counter, or waits for payment."""
    used = "used"
    """Used up or expired."""
    refunded = "refunded"
    """Refunded, or about to be."""


EVENT_STATUS: Mapping[str, str] = {
    EventStatus.accepted: marked("Redeemed"),
    EventStatus.refused: marked("Refused"),
    EventStatus.void: marked("Void"),
    EventStatus.undone: marked("Undone"),
    EventStatus.pending: marked("Being confirmed"),
    EventStatus.case: marked("In dispute"),
}
STAGE: Mapping[str, str] = {
    Stage.pending_payment: marked("Waiting for payment"),
    Stage.to_redeem: marked("To redeem"),
    Stage.redeemed: marked("Redeemed"),
    Stage.refunding: marked("Refund under way"),
    Stage.refunded: marked("Refunded"),
    Stage.in_after_sale: marked("Claim open"),
    Stage.cancelled: marked("Cancelled"),
}
VOUCHER_STATE: Mapping[str, str] = {
    VoucherState.to_use: marked("To use"),
    VoucherState.used: marked("Used"),
    VoucherState.refunding: marked("Refund under way"),
    VoucherState.refunded: marked("Refunded"),
    VoucherState.expired: marked("Expired"),
}
VOUCHER_TAB: Mapping[str, str] = {
    VoucherTab.to_use: marked("To use"),
    VoucherTab.used: marked("Used"),
    VoucherTab.refunded: marked("Refunds"),
}
LANE: Mapping[str, str] = {
    Lane.held: marked("Held by the till"),
    Lane.ask: marked("Asked the server"),
    Lane.provisional: marked("Accepted offline"),
    Lane.void: marked("Given up"),
}
ROLE: Mapping[str, str] = {
    Role.clerk: marked("Clerk"),
    Role.store_manager: marked("Store manager"),
    Role.operator: marked("Operations"),
    Role.finance: marked("Finance"),
    Role.auditor: marked("Audit"),
    Role.platform_admin: marked("Administrator"),
}
TILL_STATE: Mapping[str, str] = {
    TillState.active: marked("In use"),
    TillState.revoked: marked("Revoked"),
}
ACCOUNT: Mapping[str, str] = {
    AccountKind.provider_clearing: marked("Money at the payment provider"),
    AccountKind.voucher_liability: marked("Vouchers sold and not used"),
    AccountKind.store_payable: marked("Owed to store"),
    AccountKind.commission_pending: marked("Commission, pending"),
    AccountKind.commission_available: marked("Commission, available"),
    AccountKind.platform_revenue: marked("Platform revenue"),
    AccountKind.fee_expense: marked("Payment fees"),
    AccountKind.declared_risk: marked("Declared risk of lost tills"),
    AccountKind.risk_clearing: marked("Counter-account of declared risk"),
    AccountKind.in_transit: marked("On the way to a bank"),
    AccountKind.receivable: marked("To be paid back to us"),
}

TABLES: Mapping[str, Mapping[str, str]] = {
    "status_name": EVENT_STATUS,
    "stage_name": STAGE,
    "voucher_state_name": VOUCHER_STATE,
    "voucher_tab_name": VOUCHER_TAB,
    "lane_name": LANE,
    "role_name": ROLE,
    "till_state_name": TILL_STATE,
    "account_name": ACCOUNT,
}
"""By the name of the template filter that reads the table."""
