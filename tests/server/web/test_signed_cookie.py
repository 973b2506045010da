"""Cookies nobody can make up."""

from uuid import UUID

from server.kernel.keys import RootKey
from server.web.router import local_path
from server.web.signed_cookie import cookie_seal
from shared.ids import MerchantId

ROOT = RootKey(bytes(range(32)))
ONE = MerchantId(UUID(int=1))
OTHER = MerchantId(UUID(int=2))


def test_a_cookie_of_ours_opens() -> None:
    seal = cookie_seal(ROOT, "buyer", ONE)

    assert seal.opened(seal.sealed("abc")) == "abc"


def test_anything_else_does_not() -> None:
    seal = cookie_seal(ROOT, "buyer", ONE)
    sealed = seal.sealed("abc")

    for forged in (None, "", "abc", ".", "abd" + sealed[3:], sealed[:-1], sealed + "0", "é.é"):
        assert seal.opened(forged) is None
    assert cookie_seal(ROOT, "sender", ONE).opened(sealed) is None
    assert cookie_seal(ROOT, "buyer", OTHER).opened(sealed) is None


def test_only_paths_of_this_server_are_returned_to() -> None:
    assert local_path("/s/sample?x=1") == "/s/sample?x=1"
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil", "x", "", "/a\nb"):
        assert local_path(elsewhere) == "/"
