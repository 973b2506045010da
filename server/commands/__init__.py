"""Commands of whoever runs the server, beside the running of it."""
