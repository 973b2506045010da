"""Anything at all may be presented at a counter."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.core.presented import (
    Garbage,
    ShownCode,
    ShownPairingCode,
    ShownToken,
    looks_like_voucher,
    read_presented,
)
from pos_app.core.scan_text import clean_scan
from shared.qr_token import Token, make_token
from shared.reasons import FactName
from shared.voucher_code import code_from_body, grouped

CODE = code_from_body(12_345_678_901)
TOKEN = make_token(Token(CODE, 9, 1, 5, date(2026, 12, 24), 7, 77), 7, b"k" * 32)


def test_twelve_digits_are_a_code_however_grouped() -> None:
    for text in (CODE, grouped(CODE), "-".join((CODE[:4], CODE[4:8], CODE[8:]))):
        shown = read_presented(text)
        assert isinstance(shown, ShownCode)
        assert shown.code == CODE


def test_a_token_names_its_code() -> None:
    shown = read_presented(TOKEN)
    assert isinstance(shown, ShownToken)
    assert shown.code == CODE


def test_a_token_read_in_lower_case_is_the_same() -> None:
    assert read_presented(clean_scan(TOKEN.lower()).text) == read_presented(TOKEN)


@pytest.mark.parametrize("text", ["ABCD-1234", "abcd 1234", "OIL01234"])
def test_eight_characters_may_pair_a_till(text: str) -> None:
    assert isinstance(read_presented(text), ShownPairingCode)


def test_a_wrong_digit_is_garbage_and_is_not_repeated_whole() -> None:
    wrong = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)
    shown = read_presented(wrong)
    assert isinstance(shown, Garbage)
    assert wrong[:8] not in " ".join(fact.value for fact in shown.facts())


def test_long_garbage_is_shown_shortened_with_its_length() -> None:
    facts = {fact.name: fact.value for fact in Garbage("x" * 4000).facts()}
    assert facts[FactName.received_length] == "4000"
    assert len(facts[FactName.received]) < 40


def test_codes_are_never_in_a_repr() -> None:
    assert CODE not in repr(read_presented(CODE))
    assert CODE not in repr(read_presented(TOKEN))


@given(st.text(max_size=200))
def test_any_text_is_read_as_something(text: str) -> None:
    shown = read_presented(clean_scan(text).text)
    if isinstance(shown, Garbage):
        assert shown.facts()
    looks_like_voucher(text)
