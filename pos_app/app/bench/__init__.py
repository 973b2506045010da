"""The till measured as a cashier meets it: the real window, real key events, a real disk."""
