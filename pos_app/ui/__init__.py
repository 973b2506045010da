"""What the counter looks like: widgets that take values and tell intents."""
