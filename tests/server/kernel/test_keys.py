"""Derived keys: different for every purpose and merchant, never shown."""

import os
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from server.kernel.keys import RootKey
from shared.ids import MerchantId

ROOT = RootKey(bytes(range(32)))
ONE, OTHER = MerchantId(UUID(int=1)), MerchantId(UUID(int=2))


def test_every_purpose_and_merchant_has_a_key_of_its_own() -> None:
    keys = {
        ROOT.of(ONE).lookup_key(),
        ROOT.of(OTHER).lookup_key(),
        ROOT.of(ONE).sealing_private_key(),
        ROOT.derive("sessions"),
    }
    assert len(keys) == 4


def test_a_code_is_read_back_by_its_own_merchant_only() -> None:
    letter = ROOT.of(ONE).encrypt_code("218791337999", os.urandom)
    assert b"2187" not in letter
    assert ROOT.of(ONE).decrypt_code(letter) == "218791337999"
    with pytest.raises(InvalidTag):
        ROOT.of(OTHER).decrypt_code(letter)


def test_no_key_is_shown_by_its_owner() -> None:
    assert "secret" not in repr(ROOT)
    assert repr(ROOT.secret) not in repr(ROOT.of(ONE))
