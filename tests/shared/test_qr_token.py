"""The token: fits its QR code, and nobody but the server can make one for a tenure."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import segno
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import MerchantId, TillId
from shared.qr_token import (
    FIRST_EXPIRY_DAY,
    TOKEN_CHARACTERS,
    Token,
    end_of,
    make_token,
    read_token,
    token_is_authentic,
    token_key,
)
from shared.voucher_code import BODY_COUNT, code_from_body

KEY = token_key(b"r" * 32, MerchantId(UUID(int=1)), 300, TillId(UUID(int=2)))
tenures = st.integers(1, 2**40)


@st.composite
def tokens(draw: st.DrawFn) -> tuple[Token, int]:
    """A token and the number of its tenure."""
    tenure = draw(tenures)
    token = Token(
        code=code_from_body(draw(st.integers(0, BODY_COUNT - 1))),
        feed_no=draw(st.integers(1, 2**26 - 1)),
        uses=draw(st.integers(1, 63)),
        product_number=draw(st.integers(0, 2**14 - 1)),
        expires_on=FIRST_EXPIRY_DAY + timedelta(days=draw(st.integers(0, 4095))),
        tenure_low=tenure % 256,
        random_bits=draw(st.integers(0, 2**20 - 1)),
    )
    return token, tenure


@given(tokens())
def test_a_token_reads_back_and_is_authentic(made: tuple[Token, int]) -> None:
    token, tenure = made
    text = make_token(token, tenure, KEY)
    assert len(text) == TOKEN_CHARACTERS
    assert read_token(text) == token
    assert token_is_authentic(text, tenure, KEY)


@given(tokens(), tenures)
def test_another_tenure_refuses_it_even_with_the_same_low_bits(
    made: tuple[Token, int], other: int
) -> None:
    token, tenure = made
    text = make_token(token, tenure, KEY)
    assert token_is_authentic(text, other, KEY) == (other == tenure)
    assert not token_is_authentic(text, tenure + 256, KEY)


@given(tokens(), st.integers(0, TOKEN_CHARACTERS - 1), st.sampled_from("0123456789ABCDEFGHJKMNPQ"))
def test_any_changed_character_is_noticed(
    made: tuple[Token, int], place: int, character: str
) -> None:
    token, tenure = made
    text = make_token(token, tenure, KEY)
    changed = text[:place] + character + text[place + 1 :]
    assert token_is_authentic(changed, tenure, KEY) == (changed == text)


@given(st.text(max_size=80))
def test_any_text_is_a_token_or_none_and_never_an_error(text: str) -> None:
    read_token(text)
    assert not token_is_authentic(text, 300, KEY)


def test_keys_differ_by_till_and_tenure() -> None:
    merchant, till = MerchantId(UUID(int=1)), TillId(UUID(int=2))
    assert token_key(b"r" * 32, merchant, 301, till) != KEY
    assert token_key(b"r" * 32, merchant, 300, TillId(UUID(int=3))) != KEY


@given(tokens())
def test_a_token_fits_qr_version_2_at_level_m(made: tuple[Token, int]) -> None:
    token, tenure = made
    drawn = segno.make(make_token(token, tenure, KEY), error="m", boost_error=False, micro=False)
    assert drawn.version == 2


def test_a_token_ends_with_its_last_day_in_utc() -> None:
    token = Token(code_from_body(5), 1, 1, 0, date(2026, 12, 31), 0, 0)
    assert end_of(token) == datetime(2027, 1, 1, tzinfo=UTC)
