"""Reads the filters of a list from its address; what makes no sense is told, not ignored."""

from datetime import date
from uuid import UUID

from shared.errors import InvalidInputError
from shared.ids import StoreId

NUMBER_MAX = 1_000_000


def store_of(text: str) -> StoreId | None:
    """A store's id, or None for an empty field.

    Raises:
        InvalidInputError: anything else.
    """
    if not text:
        return None
    try:
        return StoreId(UUID(text))
    except ValueError as cause:
        raise InvalidInputError(field="store") from cause


def day_of(text: str) -> date | None:
    """A day such as `2026-11-22`, or None for an empty field.

    Raises:
        InvalidInputError: anything else.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as cause:
        raise InvalidInputError(field="day") from cause


def number_of(text: str) -> int:
    """The number of a page, 1 for an empty field.

    Raises:
        InvalidInputError: anything but 1 to `NUMBER_MAX`.
    """
    if not text:
        return 1
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len("1000000") else 0
    if not 1 <= number <= NUMBER_MAX:
        raise InvalidInputError(field="page")
    return number
