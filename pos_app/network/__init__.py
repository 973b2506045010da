"""The till's line to the server: signed requests, and errors a caller can act on."""
