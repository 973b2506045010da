"""The life of an order: placed, paid, turned into vouchers, refunded."""
