"""People who work with the product: who they are, what they may do, and what they did."""
