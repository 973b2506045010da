"""The sandbox behaves like a provider: idempotent, signed, exact, and never in production."""

from dataclasses import replace
from datetime import timedelta

import pytest

from server.kernel.database import BlockingDatabase
from server.kernel.keys import RootKey
from server.kernel.settings import Environment
from server.payments.gateway import (
    Callback,
    ForgedCallbackError,
    Gateway,
    GatewayRefusedError,
    PaymentAnswer,
    PaymentRequest,
    PaymentStatus,
    RefundRequest,
    RefundStatus,
    send_or_ask,
)
from server.payments.sandbox import (
    SIGNATURE_HEADER,
    TIME_HEADER,
    SandboxForbiddenError,
    SandboxGateway,
    open_sandbox,
)
from tests.server.database_under_test import MERCHANT, NOW

KEYS = RootKey(bytes(range(32))).of(MERCHANT)
NUMBER = "0123456789abcdef0123456789abcdef"
REQUEST = PaymentRequest(NUMBER, 8_800, "1234567890", NOW + timedelta(minutes=15), "/back")
REFUND = RefundRequest("f" * 32, NUMBER, 3_000, 8_800, "why")


@pytest.fixture
def sandbox(database: BlockingDatabase) -> SandboxGateway:
    return open_sandbox(Environment.test, KEYS, database.write, lambda: NOW)


@pytest.fixture
def opened(sandbox: SandboxGateway) -> SandboxGateway:
    sandbox.create(REQUEST)
    return sandbox


def at(sandbox: SandboxGateway, minutes: int) -> SandboxGateway:
    return replace(sandbox, clock=lambda: NOW + timedelta(minutes=minutes))


def test_it_is_a_gateway(sandbox: SandboxGateway) -> None:
    gateway: Gateway = sandbox
    assert gateway.provider == "sandbox"


def test_it_refuses_to_start_where_money_is_real(database: BlockingDatabase) -> None:
    open_sandbox(Environment.demo, KEYS, database.write, lambda: NOW)
    with pytest.raises(SandboxForbiddenError):
        open_sandbox(Environment.production, KEYS, database.write, lambda: NOW)


class TestPaying:
    def test_leads_to_a_page_and_waits(self, sandbox: SandboxGateway) -> None:
        assert sandbox.create(REQUEST).page == f"/sandbox/pay/{NUMBER}"
        assert sandbox.query(NUMBER).status is PaymentStatus.open

    def test_tells_the_merchant_by_a_signed_callback(self, opened: SandboxGateway) -> None:
        callback = opened.pay(NUMBER)
        assert opened.parse_callback(callback, NOW) == PaymentAnswer(
            NUMBER, PaymentStatus.succeeded, "sandbox-0123456789ab", 8_800, NOW
        )

    def test_twice_is_paying_once(self, opened: SandboxGateway) -> None:
        first = opened.parse_callback(opened.pay(NUMBER), NOW)
        opened.create(replace(REQUEST, amount_fen=1))
        assert at(opened, 1).parse_callback(at(opened, 1).pay(NUMBER), NOW) == first

    def test_is_refused_once_it_is_closed(self, opened: SandboxGateway) -> None:
        assert opened.close(NUMBER).status is PaymentStatus.closed
        with pytest.raises(GatewayRefusedError):
            opened.pay(NUMBER)

    def test_cannot_be_closed_once_it_is_paid(self, opened: SandboxGateway) -> None:
        opened.pay(NUMBER)
        assert opened.close(NUMBER).status is PaymentStatus.succeeded

    def test_is_refused_when_its_time_is_over(self, opened: SandboxGateway) -> None:
        with pytest.raises(GatewayRefusedError):
            at(opened, 15).pay(NUMBER)
        assert opened.query(NUMBER).status is PaymentStatus.closed

    def test_of_an_unknown_number_is_refused(self, sandbox: SandboxGateway) -> None:
        with pytest.raises(GatewayRefusedError):
            sandbox.pay(NUMBER)
        assert sandbox.close(NUMBER).status is PaymentStatus.closed


class TestCallbacks:
    def test_changed_ones_are_forged(self, opened: SandboxGateway) -> None:
        callback = opened.pay(NUMBER)
        richer = Callback(callback.headers, callback.body.replace(b"8800", b"9900"))
        unsigned = Callback({TIME_HEADER: callback.headers[TIME_HEADER]}, callback.body)
        shifted = Callback(
            {**callback.headers, TIME_HEADER: (NOW + timedelta(days=1)).isoformat()}, callback.body
        )
        nonsense = Callback({SIGNATURE_HEADER: "签名", TIME_HEADER: "\ud800"}, b"\xff")
        for forged in (richer, unsigned, shifted, nonsense):
            with pytest.raises(ForgedCallbackError):
                opened.parse_callback(forged, NOW)

    def test_of_another_merchants_key_are_forged(
        self, opened: SandboxGateway, database: BlockingDatabase
    ) -> None:
        other_keys = RootKey(bytes(32)).of(MERCHANT)
        other = open_sandbox(Environment.test, other_keys, database.write, lambda: NOW)
        with pytest.raises(ForgedCallbackError):
            opened.parse_callback(other.pay(NUMBER), NOW)

    def test_old_ones_are_refused(self, opened: SandboxGateway) -> None:
        callback = opened.pay(NUMBER)
        with pytest.raises(ForgedCallbackError):
            opened.parse_callback(callback, NOW + timedelta(seconds=301))


class TestRefunds:
    def test_arrive_at_once_and_once(self, opened: SandboxGateway) -> None:
        opened.pay(NUMBER)
        for _ in range(2):
            answer = opened.refund(REFUND)
            assert (answer.status, answer.amount_fen) == (RefundStatus.succeeded, 3_000)
        opened.refund(replace(REFUND, number="e" * 32, amount_fen=5_800))

    def test_never_exceed_what_was_paid(self, opened: SandboxGateway) -> None:
        opened.pay(NUMBER)
        opened.refund(REFUND)
        with pytest.raises(GatewayRefusedError):
            opened.refund(replace(REFUND, number="e" * 32, amount_fen=5_801))

    def test_of_what_was_not_paid_are_refused(self, opened: SandboxGateway) -> None:
        with pytest.raises(GatewayRefusedError):
            opened.refund(REFUND)

    def test_that_may_have_been_sent_are_asked_about_first(self, opened: SandboxGateway) -> None:
        opened.pay(NUMBER)
        assert opened.query_refund(REFUND.number).status is RefundStatus.unknown
        assert send_or_ask(opened, REFUND, sent_before=True).status is RefundStatus.succeeded
        assert send_or_ask(opened, REFUND, sent_before=True).amount_fen == 3_000
