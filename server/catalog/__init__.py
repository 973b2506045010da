"""What is sold: products, their total stock, and each store's quota of it."""
