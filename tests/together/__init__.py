"""Till and server together, in one process, through random histories."""
