"""What a database does when it cannot go on: named here, so that no edge needs its library."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError

DATA_EXCEPTIONS = "22"
"""Class of SQLSTATE codes: a value that the database cannot take, such as a text with a NUL."""
DATABASE_UNAVAILABLE = (OperationalError, InterfaceError, NoFreeConnectionError, ConnectionError)
"""The database is down, busy or out of reach: the same request may succeed later."""
DATABASE_FAILURE = (SQLAlchemyError, OSError)
"""Anything that went wrong below a store."""


def is_unacceptable_value(failure: Exception) -> bool:
    """Whether a visitor sent something that the database cannot even compare with."""
    if not isinstance(failure, DBAPIError):
        return False
    return str(getattr(failure.orig, "sqlstate", None)).startswith(DATA_EXCEPTIONS)
