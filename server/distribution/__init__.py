"""Distributors: their links, what they agreed to, and how a redeemed amount is shared."""
