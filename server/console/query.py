"""Reads the filters of a list from its address; what makes no sense is told, not ignored."""

from datetime import date
from uuid import UUID

from shared.errors import InvalidInputError
from shared.ids import StoreId

NUMBER_MAX = 1_000_000
YEARS = range(2000, 9000)
"""A business day has a moment before and one after it, in every time zone."""


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
        InvalidInputError: anything else, or of another age.
    """
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as cause:
        raise InvalidInputError(field="day") from cause
    if day.year not in YEARS:
        raise InvalidInputError(field="day")
    return day


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
