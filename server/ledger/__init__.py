"""Double entry: every fen that moves, booked once and never changed."""
