"""What the till and the server have in common: pure values and rules, no I/O and no clock."""
