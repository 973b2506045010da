"""What a database does when it cannot go on: named here, so that no edge needs its library."""

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError

DATABASE_UNAVAILABLE = (OperationalError, InterfaceError, NoFreeConnectionError, ConnectionError)
"""The database is down, busy or out of reach: the same request may succeed later."""
DATABASE_FAILURE = (SQLAlchemyError, OSError)
"""Anything that went wrong below a store."""
