"""What can be done with orders: place, pay, move between stores, refund, look at."""

from server.orders.service.paying import (
    PaidOrder,
    PaidOutcome,
    paid,
    payment_request,
    start_payment,
)
from server.orders.service.placing import (
    PlacedOrder,
    cancel,
    choose_store,
    expire_unpaid,
    place,
)
from server.orders.service.reading import (
    OrderView,
    VoucherView,
    list_orders,
    order_of_buyer,
    order_of_link,
    orders_of_buyer,
    view_of,
)
from server.orders.service.refunding import request_refund, settle_refunds

__all__ = [
    "OrderView",
    "PaidOrder",
    "PaidOutcome",
    "PlacedOrder",
    "VoucherView",
    "cancel",
    "choose_store",
    "expire_unpaid",
    "list_orders",
    "order_of_buyer",
    "order_of_link",
    "orders_of_buyer",
    "paid",
    "payment_request",
    "place",
    "request_refund",
    "settle_refunds",
    "start_payment",
    "view_of",
]
