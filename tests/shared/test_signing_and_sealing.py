"""Signatures cover everything that gives a request its meaning; letters open for one key only."""

import os
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import TillId
from shared.sealing import UnreadableLetterError, seal, sealing_public_key, unseal
from shared.signing import (
    SignedRequest,
    pairing_digits,
    sign,
    signature_is_right,
    signing_public_key,
)

PRIVATE = bytes(range(32))
REQUEST = SignedRequest(
    "POST", "/v1/till/sync", TillId(UUID(int=7)), 1, "2026-11-22T12:00:00Z", "00" * 16, b"{}"
)


def test_a_signature_is_right_for_its_request() -> None:
    signature = sign(PRIVATE, REQUEST.message())
    assert signature_is_right(signing_public_key(PRIVATE), signature, REQUEST.message())


@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, method="GET"),
        replace(REQUEST, path="/v1/till/ask"),
        replace(REQUEST, till=TillId(UUID(int=8))),
        replace(REQUEST, incarnation=2),
        replace(REQUEST, sent_at="2026-11-22T12:00:01Z"),
        replace(REQUEST, nonce="11" * 16),
        replace(REQUEST, body=b"{ }"),
    ],
)
def test_a_signature_is_wrong_for_any_other_request(other: SignedRequest) -> None:
    signature = sign(PRIVATE, REQUEST.message())
    assert not signature_is_right(signing_public_key(PRIVATE), signature, other.message())


@given(st.binary(max_size=300))
def test_a_letter_opens_for_its_receiver_and_purpose_only(plain: bytes) -> None:
    receiver, stranger = os.urandom(32), os.urandom(32)
    letter = seal(plain, sealing_public_key(receiver), b"evidence", os.urandom)
    assert unseal(letter, receiver, b"evidence") == plain
    with pytest.raises(UnreadableLetterError):
        unseal(letter, stranger, b"evidence")
    with pytest.raises(UnreadableLetterError):
        unseal(letter, receiver, b"token key")


@given(st.binary(max_size=120))
def test_garbage_is_an_unreadable_letter(garbage: bytes) -> None:
    with pytest.raises(UnreadableLetterError):
        unseal(garbage, PRIVATE, b"evidence")


def test_pairing_digits_differ_with_either_key_and_with_the_nonce() -> None:
    digits = pairing_digits(b"n" * 16, b"a" * 32, b"b" * 32)
    assert len(digits) == 6
    assert digits.isdigit()
    others = {
        pairing_digits(b"m" * 16, b"a" * 32, b"b" * 32),
        pairing_digits(b"n" * 16, b"c" * 32, b"b" * 32),
        pairing_digits(b"n" * 16, b"a" * 32, b"c" * 32),
    }
    assert digits not in others
