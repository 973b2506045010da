"""The edge for people of the chain: log in, see redemptions, stores, orders, books and tills."""
