"""A PIN is checked without being kept, and its verifier is worth nothing without the pepper."""

from uuid import UUID

import pytest

from shared.pin import VERIFIER_BYTES, is_pin, pin_is_right, pin_pepper, pin_verifier

SOMEBODY, ANOTHER = UUID(int=1), UUID(int=2)
PEPPER = pin_pepper(bytes(range(32)))


def test_only_the_persons_own_pin_is_right() -> None:
    verifier = pin_verifier(PEPPER, SOMEBODY, "2468")
    assert len(verifier) == VERIFIER_BYTES
    assert pin_is_right(verifier, PEPPER, SOMEBODY, "2468")
    assert not pin_is_right(verifier, PEPPER, SOMEBODY, "2469")
    assert not pin_is_right(verifier, PEPPER, ANOTHER, "2468")
    assert not pin_is_right(verifier, pin_pepper(bytes(32)), SOMEBODY, "2468")
    assert not pin_is_right(verifier, PEPPER, SOMEBODY, "\ud800")


@pytest.mark.parametrize(
    ("text", "fits"),
    [("1234", True), ("12345678", True), ("123", False), ("123456789", False), ("１２３４", False)],
)
def test_a_pin_has_four_to_eight_digits(text: str, fits: bool) -> None:
    assert is_pin(text) == fits
