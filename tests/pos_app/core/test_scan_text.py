"""What comes out of the cleaning of scanned text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.core.scan import Symbology
from pos_app.core.scan_text import SCAN_CHARACTERS_MAX, clean_scan


@pytest.mark.parametrize(
    ("received", "text", "symbology"),
    [
        ("739120458812", "739120458812", None),
        ("  739120458812\r\n", "739120458812", None),
        ("７３９１２０４５８８１２", "739120458812", None),
        ("\ufeff7391\u200b2045\u206088\u001d12", "739120458812", None),
        ("]Q1739120458812", "739120458812", Symbology.qr),
        ("]C0739120458812", "739120458812", Symbology.code128),
        ("]E0739120458812", "739120458812", Symbology.ean13),
        ("]I0739120458812", "739120458812", Symbology.itf),
        ("]d2739120458812", "739120458812", Symbology.other),
        ("］ｑ１739120458812", "739120458812", Symbology.qr),
        ("]Q1\\000026abc123", "ABC123", Symbology.qr),
        ("abc7391k20458812", "ABC7391K20458812", None),
        ("", "", None),
        ("\x00\x01\u200d", "", None),
        ("\ud800abc", "ABC", None),
    ],
)
def test_what_surrounds_a_code_is_taken_away(
    received: str, text: str, symbology: Symbology | None
) -> None:
    cleaned = clean_scan(received)
    assert (cleaned.text, cleaned.symbology) == (text, symbology)


@pytest.mark.parametrize("received", ["*739120458812", "]C0*739120458812", "*]C0739120458812"])
def test_a_configured_prefix_is_taken_away_on_either_side_of_the_aim_prefix(received: str) -> None:
    assert clean_scan(received, prefix="*").text == "739120458812"


def test_an_unconfigured_prefix_stays() -> None:
    assert clean_scan("*739120458812").text == "*739120458812"


@given(st.text(st.characters(), max_size=300), st.text(st.characters(), max_size=3))
def test_any_text_comes_out_visible_bounded_and_upper_case(received: str, prefix: str) -> None:
    cleaned = clean_scan(received, prefix).text
    assert len(cleaned) <= SCAN_CHARACTERS_MAX
    assert cleaned == cleaned.strip()
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in cleaned)


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=60))
def test_a_code_in_our_own_alphabet_survives_every_dressing(code: str) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    assert clean_scan(f"\t]Q3{wide.lower()}\r\n").text == code


def test_only_the_beginning_of_an_endless_text_is_looked_at() -> None:
    assert clean_scan("9" * 1_000_000).text == "9" * SCAN_CHARACTERS_MAX
    assert len(clean_scan("\ufdfa" * 1_000_000).text) <= SCAN_CHARACTERS_MAX
