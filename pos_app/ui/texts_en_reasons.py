"""What each reason says to a clerk in English, and what the facts are called."""

from pos_app.ui.text_keys import ReasonText
from shared.reasons import FactName, Reason

ENGLISH_REASONS: dict[Reason, ReasonText] = {
    Reason.accepted: ReasonText(
        "Redeemed", "The redemption is recorded.", "Hand over the goods or service."
    ),
    Reason.accepted_offline: ReasonText(
        "Accepted offline, pending",
        "No network. Accepted by the offline rules, confirmed when back online.",
        "Hand over the goods or service.",
    ),
    Reason.unknown: ReasonText(
        "Unknown code",
        "The code is well formed, but no voucher has it.",
        "Compare the code, then scan again or type it.",
    ),
    Reason.bad_format: ReasonText(
        "Incomplete code",
        "What was read is not a whole code.",
        "Scan again, or press F2 and type the 12 digits.",
    ),
    Reason.already_redeemed: ReasonText(
        "Already used",
        "This voucher was redeemed before.",
        "Tell the customer when and where, as shown.",
    ),
    Reason.just_redeemed_here: ReasonText(
        "Just redeemed here",
        "This till redeemed it a moment ago. It was not redeemed twice.",
        "Nothing to do.",
    ),
    Reason.exhausted: ReasonText(
        "No uses left", "Too few uses are left on this voucher.", "Tell the customer what was used."
    ),
    Reason.wrong_store: ReasonText(
        "Not valid at this store",
        "This voucher is for other stores.",
        "Tell the customer which stores take it.",
    ),
    Reason.not_yet_valid: ReasonText(
        "Not yet valid",
        "The validity of this voucher has not begun.",
        "Ask the customer to come back when it has.",
    ),
    Reason.expired: ReasonText(
        "Expired",
        "The validity of this voucher is over.",
        "Point the customer to the refund on the order page.",
    ),
    Reason.blackout: ReasonText(
        "Not valid at this time",
        "The product cannot be used at this hour.",
        "Tell the customer when it can be used.",
    ),
    Reason.refunded: ReasonText(
        "Refunded",
        "The customer has the money back.",
        "Do not redeem. The order page shows the refund.",
    ),
    Reason.refunding: ReasonText(
        "Refund pending",
        "The customer asked for a refund, so the voucher rests.",
        "Do not redeem. The order page shows the progress.",
    ),
    Reason.frozen: ReasonText(
        "Blocked", "Headquarters blocked this voucher.", "Contact headquarters."
    ),
    Reason.unpaid: ReasonText(
        "Not paid", "The order has not been paid.", "Ask the customer to pay, then scan again."
    ),
    Reason.product_not_here: ReasonText(
        "Not at this till", "This till does not take this product.", "Use another till."
    ),
    Reason.ambiguous: ReasonText(
        "Several vouchers match",
        "The code stands for more than one voucher.",
        "Choose the voucher to redeem.",
    ),
    Reason.signature_invalid: ReasonText(
        "Code not genuine",
        "No keeper of this store can have been given this QR code.",
        "Ask for a refreshed code page, or type the 12 digits.",
    ),
    Reason.signature_expired: ReasonText(
        "QR code too old",
        "The QR code was shown too late. It may be a screenshot.",
        "Ask the customer to refresh the code page.",
    ),
    Reason.offline_forbidden: ReasonText(
        "Needs the network",
        "This voucher must be checked online, and the line is down.",
        "Restore the network and try again.",
    ),
    Reason.offline_limit: ReasonText(
        "Offline limit reached",
        "No more can be accepted offline by number, value or time.",
        "Restore the network, then press F5.",
    ),
    Reason.clock_skew: ReasonText(
        "Clock is wrong",
        "This till's clock cannot be trusted to judge validity.",
        "Restore the network or set the clock, then try again.",
    ),
    Reason.device_revoked: ReasonText(
        "Till switched off",
        "Headquarters switched this till off.",
        "Contact headquarters to pair it again.",
    ),
    Reason.no_permission: ReasonText(
        "No permission",
        "This cashier may not redeem.",
        "Change the cashier or ask the manager.",
    ),
    Reason.outcome_unknown: ReasonText(
        "Outcome unknown, checking",
        "The server has not answered. This redemption is being looked up.",
        "Wait. Do not redeem it again.",
    ),
    Reason.internal: ReasonText(
        "System error",
        "The program failed, and nothing was completed.",
        "Note the error number and call support.",
    ),
    Reason.held_elsewhere: ReasonText(
        "Bound to another store",
        "The customer chose to use it at another store.",
        "Call that store, or let the customer choose this one.",
    ),
    Reason.held_here_other_till: ReasonText(
        "At another till here",
        "Another till of this store has it and does not answer.",
        "Redeem it there, or check that till's network.",
    ),
    Reason.out_of_stock: ReasonText(
        "Out of stock",
        "The product's total stock is used up.",
        "Tell the customer and contact headquarters.",
    ),
    Reason.quota_used: ReasonText(
        "Store quota used up",
        "This store has redeemed as many as it may.",
        "Suggest another store, or ask for more quota.",
    ),
    Reason.store_closed: ReasonText(
        "Store is resting",
        "This store is set to closed.",
        "Ask the manager to open it, then redeem.",
    ),
    Reason.booking_required: ReasonText(
        "Booking needed",
        "The product needs a booked slot, and none covers now.",
        "Ask the customer to book and come at that time.",
    ),
    Reason.order_cancelled: ReasonText(
        "Order cancelled",
        "The order was cancelled before it was paid.",
        "Ask the customer to order again.",
    ),
    Reason.in_after_sale: ReasonText(
        "Complaint open",
        "A complaint about this order is being handled.",
        "Wait until it is settled.",
    ),
    Reason.awaiting_release: ReasonText(
        "On its way back",
        "The voucher is being handed back to the server.",
        "Wait a moment and scan again.",
    ),
    Reason.quarantined: ReasonText(
        "Till quarantined",
        "This till's data went back in time, so it stopped to prevent double use.",
        "Contact headquarters to pair it again.",
    ),
    Reason.lease_over: ReasonText(
        "Offline too long",
        "This till was without contact too long and rests.",
        "Restore the network. It resumes by itself.",
    ),
    Reason.practice: ReasonText(
        "Practice",
        "This is practice. No voucher was redeemed.",
        "Leave practice mode before serving customers.",
    ),
}

ENGLISH_FACTS: dict[FactName, str] = {
    FactName.product: "Product",
    FactName.last_four: "Code ends in",
    FactName.received: "Received",
    FactName.received_length: "Length",
    FactName.happened_at: "When",
    FactName.store: "Store",
    FactName.till: "Till",
    FactName.clerk: "Cashier",
    FactName.uses_left: "Uses left",
    FactName.uses_total: "Uses in all",
    FactName.uses_taken: "Redeemed now",
    FactName.value_fen: "Value",
    FactName.valid_from: "Valid from",
    FactName.valid_until: "Valid until",
    FactName.usable_stores: "Stores",
    FactName.order_number: "Order",
    FactName.last_contact: "Last contact",
    FactName.seconds_ago: "How long ago",
    FactName.error_id: "Error number",
}
