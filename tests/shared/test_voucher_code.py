"""The redemption code: found by its check digit, not guessable, hidden behind its reference."""

from hypothesis import given
from hypothesis import strategies as st

from shared.voucher_code import (
    BODY_COUNT,
    CODE_DIGITS,
    VoucherCode,
    body_of,
    code_from_body,
    grouped,
    new_code,
    parse_code,
    voucher_ref,
)

codes = st.integers(0, BODY_COUNT - 1).map(code_from_body)


@given(codes)
def test_a_code_reads_back_however_it_is_grouped(code: VoucherCode) -> None:
    assert parse_code(code) == code
    assert parse_code(grouped(code)) == code
    assert parse_code(grouped(code).replace(" ", "-")) == code
    assert code_from_body(body_of(code)) == code


@given(codes, st.integers(0, CODE_DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(code: VoucherCode, place: int, shift: int) -> None:
    wrong = (int(code[place]) + shift) % 10
    assert parse_code(code[:place] + str(wrong) + code[place + 1 :]) is None


@given(codes, st.integers(0, CODE_DIGITS - 2))
def test_two_swapped_neighbours_are_always_found(code: VoucherCode, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or parse_code(swapped) is None


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_none_and_never_an_error(text: str) -> None:
    code = parse_code(text)
    assert code is None or (len(code) == CODE_DIGITS and code.isascii() and code.isdigit())


def test_digits_of_other_scripts_are_left_to_the_cleaning_of_scans() -> None:
    assert parse_code("١٢٣٤٥٦٧٨٩٠١٢") is None


def test_a_draw_that_would_favour_low_numbers_is_repeated() -> None:
    draws = iter([b"\xff" * 8, (7).to_bytes(8, "big")])
    assert body_of(new_code(lambda _count: next(draws))) == 7


@given(codes, codes)
def test_references_differ_by_code_and_by_merchant(one: VoucherCode, other: VoucherCode) -> None:
    key, other_key = b"k" * 32, b"K" * 32
    assert len(voucher_ref(key, one)) == 16
    assert voucher_ref(key, one) != voucher_ref(other_key, one)
    assert (voucher_ref(key, one) == voucher_ref(key, other)) == (one == other)
