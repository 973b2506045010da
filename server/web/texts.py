"""What the closed lists of the product are called on a page: states, reasons, lanes.

Each table maps a member's value to its English text; tests prove the tables complete.
"""

from collections.abc import Mapping

from server.web.language import marked
from shared.redemption_rules import OrderState
from shared.wire import EventStatus

EVENT_STATUS: Mapping[str, str] = {
    EventStatus.accepted: marked("Redeemed"),
    EventStatus.refused: marked("Refused"),
    EventStatus.void: marked("Void"),
    EventStatus.undone: marked("Undone"),
    EventStatus.pending: marked("Being confirmed"),
    EventStatus.case: marked("In dispute"),
}
ORDER_STATE: Mapping[str, str] = {
    OrderState.pending_payment: marked("Waiting for payment"),
    OrderState.paid: marked("Paid"),
    OrderState.cancelled: marked("Cancelled"),
    OrderState.refunded: marked("Refunded"),
    OrderState.in_after_sale: marked("Claim open"),
}

TABLES: Mapping[str, Mapping[str, str]] = {
    "status_name": EVENT_STATUS,
    "order_state_name": ORDER_STATE,
}
"""By the name of the template filter that reads the table."""
