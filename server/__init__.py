"""The server: orders, vouchers, redemptions and money, with a web console for headquarters."""
