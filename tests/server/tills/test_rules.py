"""Pairing codes as people type them, limits by the quarter hour, and who may be heard."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from server.tills import rules
from server.tills.rules import TillIdentity, TillState
from shared.clock import utc
from shared.ids import MerchantId, StoreId, TillId
from shared.signing import SignedRequest, sign, signing_public_key
from tests.server.database_under_test import seeded_entropy

NOW = utc(2026, 3, 2, 10)
KEY = bytes(range(32))
TILL = TillId(UUID(int=3))
IDENTITY = TillIdentity(
    merchant=MerchantId(UUID(int=1)),
    till=TILL,
    store=StoreId(UUID(int=2)),
    incarnation=1,
    current_incarnation=1,
    state=TillState.active,
    signing_key=signing_public_key(KEY),
    sealing_key=bytes(32),
    feed_start=0,
)
REQUEST = SignedRequest(
    method="POST",
    path="/v1/till/sync",
    till=TILL,
    incarnation=1,
    sent_at=NOW.isoformat(),
    nonce="0" * 32,
    body=b"{}",
)


def test_codes_are_eight_characters_that_read_back_as_themselves() -> None:
    entropy = seeded_entropy(1)
    codes = {rules.new_code(entropy) for _ in range(500)}
    assert len(codes) == 500
    assert all(rules.cleaned_code(rules.grouped(code)) == code for code in codes)


@pytest.mark.parametrize(
    "typed", ["ABCD-01EF", "abcd01ef", " AB CD-O1EF ", "ABCD-OIEF", "abcd-olef"]
)
def test_what_people_mistake_reads_the_same(typed: str) -> None:
    assert rules.cleaned_code(typed) == "ABCD01EF"


@pytest.mark.parametrize("typed", ["", "ABCD-01E", "ABCD-01EFF", "ABCD-01EU", "ABCD-01E🦆"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert rules.cleaned_code(typed) is None


def test_a_code_is_kept_under_a_key() -> None:
    assert rules.code_hash("ABCD01EF", KEY) != rules.code_hash("ABCD01EF", bytes(32))


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("not an address", "unknown"),
    ],
)
def test_one_guesser_has_one_name(address: str, counted_as: str) -> None:
    assert rules.guesser(address) == counted_as


def test_attempts_are_counted_by_the_quarter_hour() -> None:
    assert rules.window_start(NOW + timedelta(minutes=14, seconds=59)) == NOW
    assert rules.window_start(NOW + timedelta(minutes=15)) == NOW + timedelta(minutes=15)


def test_a_request_signed_by_the_till_and_timely_is_heard() -> None:
    rules.check_request(IDENTITY, REQUEST, sign(KEY, REQUEST.message()), NOW)


@pytest.mark.parametrize(
    "changed",
    [
        replace(REQUEST, method="GET"),
        replace(REQUEST, path="/v1/till/ask"),
        replace(REQUEST, till=TillId(UUID(int=4))),
        replace(REQUEST, incarnation=2),
        replace(REQUEST, sent_at=(NOW + timedelta(seconds=1)).isoformat()),
        replace(REQUEST, nonce="1" * 32),
        replace(REQUEST, body=b"{ }"),
    ],
)
def test_no_part_of_a_request_can_be_changed(changed: SignedRequest) -> None:
    with pytest.raises(rules.WrongSignatureError):
        rules.check_request(IDENTITY, changed, sign(KEY, REQUEST.message()), NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_request_far_from_the_servers_time_is_told_that_time(seconds: int) -> None:
    now = NOW + timedelta(seconds=seconds)
    with pytest.raises(rules.UntimelyRequestError) as refused:
        rules.check_request(IDENTITY, REQUEST, sign(KEY, REQUEST.message()), now)
    assert refused.value.facts["server_time"] == now.isoformat()


@pytest.mark.parametrize(
    "text", ["", "now", "2026-03-02", "2026-03-02T10:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_time_without_a_zone_or_a_meaning_is_refused(text: str) -> None:
    with pytest.raises(rules.UnsignedRequestError):
        rules.read_moment(text)


def test_only_the_present_life_of_a_till_that_is_not_switched_off_works() -> None:
    rules.require_working(IDENTITY)
    with pytest.raises(rules.OldIncarnationError):
        rules.require_working(replace(IDENTITY, current_incarnation=2))
    with pytest.raises(rules.RevokedTillError):
        rules.require_working(replace(IDENTITY, state=TillState.revoked))
    rules.require_present_life(replace(IDENTITY, state=TillState.revoked))
