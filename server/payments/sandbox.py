"""A payment provider that takes no money: a page with one button, and a signed callback.

It keeps its own tables, forgets nothing over a restart and behaves like a real provider: the same
number twice is the same payment, a closed payment cannot be paid, refunds never exceed what was
paid. It refuses to start outside of a demo or a test.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import msgspec

from server.kernel.database import Connection
from server.kernel.keys import MerchantKeys
from server.kernel.settings import Environment
from server.payments.gateway import (
    Callback,
    ForgedCallbackError,
    GatewayRefusedError,
    Notification,
    PaymentAnswer,
    PaymentPrompt,
    PaymentRequest,
    PaymentStatus,
    RefundAnswer,
    RefundRequest,
    RefundStatus,
)
from server.payments.rules import SandboxPayment
from server.payments.store import sandbox as sandbox_store
from shared.errors import NotAllowedError
from shared.ids import MerchantId

Result = TypeVar("Result")

PROVIDER = "sandbox"
PAGE_PREFIX = "/sandbox/pay/"
CALLBACK_WINDOW = timedelta(seconds=300)
TIME_HEADER = "sandbox-timestamp"
SIGNATURE_HEADER = "sandbox-signature"
_REFUND_PREFIX = "sandbox-refund-"
_PAYMENT_PREFIX = "sandbox-"


class SandboxForbiddenError(NotAllowedError):
    """The sandbox provider takes no money, so it starts only in a demo or a test."""

    code = "sandbox_forbidden"


class Transact(Protocol):
    """Runs work in a transaction of its own, as `BlockingDatabase.write` does."""

    def __call__(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work`, commit, and return its result."""
        ...


class _Paid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a callback."""

    number: str
    amount_fen: int
    paid_at: datetime


def open_sandbox(
    environment: Environment,
    keys: MerchantKeys,
    transact: Transact,
    clock: Callable[[], datetime],
) -> "SandboxGateway":
    """Start the sandbox for one merchant.

    Raises:
        SandboxForbiddenError: this is not a demo or a test.
    """
    if environment not in (Environment.demo, Environment.test):
        raise SandboxForbiddenError(environment=environment.value)
    key = keys.root.derive("sandbox provider", keys.merchant.bytes)
    return SandboxGateway(keys.merchant, key, transact, clock)


@dataclass(frozen=True, slots=True)
class SandboxGateway:
    """One merchant's account at the sandbox; make it with `open_sandbox`."""

    merchant: MerchantId
    key: bytes = field(repr=False)
    transact: Transact
    clock: Callable[[], datetime]

    @property
    def provider(self) -> str:
        """See `Gateway`."""
        return PROVIDER

    def create(self, request: PaymentRequest) -> PaymentPrompt:
        """See `Gateway`; the page is on this same server."""
        now = self.clock()
        self.transact(
            lambda connection: sandbox_store.insert_payment(connection, self.merchant, request, now)
        )
        return PaymentPrompt(PAGE_PREFIX + request.number)

    def query(self, number: str) -> PaymentAnswer:
        """See `Gateway`."""
        return _payment_answer(self.look_up(number))

    def look_up(self, number: str) -> SandboxPayment:
        """What the payment page shows.

        Raises:
            GatewayRefusedError: no such payment.
        """
        found = self._read(number)
        if found is None:
            raise GatewayRefusedError(number=number)
        return found

    def _read(self, number: str) -> SandboxPayment | None:
        return self.transact(
            lambda connection: sandbox_store.read_payment(connection, self.merchant, number)
        )

    def close(self, number: str) -> PaymentAnswer:
        """See `Gateway`."""
        self._settle(number, PaymentStatus.closed)
        found = self._read(number)
        if found is None:
            return PaymentAnswer(number, PaymentStatus.closed, "", 0, self.clock())
        return _payment_answer(found)

    def pay(self, number: str) -> Callback:
        """What the button on the payment page does: pay, and tell the merchant.

        Returns:
            The callback to deliver; the same one each time for a payment made before.

        Raises:
            GatewayRefusedError: no such payment, or it is closed or overdue.
        """
        if self.clock() >= self.look_up(number).expires_at:
            self._settle(number, PaymentStatus.closed)
        self._settle(number, PaymentStatus.succeeded)
        paid = self.look_up(number)
        if paid.status is not PaymentStatus.succeeded:
            raise GatewayRefusedError(number=number, status=paid.status.value)
        return self._callback(_Paid(number, paid.amount_fen, paid.changed_at))

    def refund(self, request: RefundRequest) -> RefundAnswer:
        """See `Gateway`; a sandbox refund arrives at once."""
        now = self.clock()

        def pay_back(connection: Connection) -> bool:
            paid = sandbox_store.read_payment(connection, self.merchant, request.payment_number)
            if paid is None or paid.status is not PaymentStatus.succeeded:
                return False
            if sandbox_store.read_refund(connection, self.merchant, request.number) is None:
                number = request.payment_number
                back_fen = sandbox_store.sum_refunds_fen(connection, self.merchant, number)
                if back_fen + request.amount_fen > paid.amount_fen:
                    return False
                sandbox_store.insert_refund(connection, self.merchant, request, now)
            return True

        if not self.transact(pay_back):
            raise GatewayRefusedError(number=request.number)
        return self.query_refund(request.number)

    def query_refund(self, number: str) -> RefundAnswer:
        """See `Gateway`."""
        found = self.transact(
            lambda connection: sandbox_store.read_refund(connection, self.merchant, number)
        )
        if found is None:
            return RefundAnswer(number, RefundStatus.unknown, "", 0, self.clock())
        amount_fen, happened_at = found
        provider_number = _REFUND_PREFIX + number[:12]
        return RefundAnswer(
            number, RefundStatus.succeeded, provider_number, amount_fen, happened_at
        )

    def parse_callback(self, callback: Callback, now: datetime) -> Notification:
        """See `Gateway`."""
        time_text = callback.headers.get(TIME_HEADER, "")
        signature = callback.headers.get(SIGNATURE_HEADER, "")
        right = self._signature(time_text, callback.body)
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), right.encode("ascii")):
            raise ForgedCallbackError(what="signature")
        try:
            sent_at = datetime.fromisoformat(time_text)
            paid = msgspec.json.decode(callback.body, type=_Paid)
        except (ValueError, msgspec.MsgspecError) as cause:
            raise ForgedCallbackError(what="content") from cause
        if abs(now - sent_at) > CALLBACK_WINDOW:
            raise ForgedCallbackError(what="time")
        return PaymentAnswer(
            number=paid.number,
            status=PaymentStatus.succeeded,
            provider_number=_PAYMENT_PREFIX + paid.number[:12],
            amount_fen=paid.amount_fen,
            happened_at=paid.paid_at,
        )

    def _callback(self, paid: _Paid) -> Callback:
        body = msgspec.json.encode(paid)
        time_text = self.clock().isoformat()
        headers = {TIME_HEADER: time_text, SIGNATURE_HEADER: self._signature(time_text, body)}
        return Callback(headers, body)

    def _signature(self, time_text: str, body: bytes) -> str:
        message = time_text.encode("utf-8", "replace") + b"\n" + body
        return hmac.digest(self.key, message, hashlib.sha256).hex()

    def _settle(self, number: str, status: PaymentStatus) -> None:
        now = self.clock()
        self.transact(
            lambda connection: sandbox_store.settle_payment(
                connection, (self.merchant, number), status, now
            )
        )


def _payment_answer(found: SandboxPayment) -> PaymentAnswer:
    return PaymentAnswer(
        number=found.number,
        status=found.status,
        provider_number=_PAYMENT_PREFIX + found.number[:12],
        amount_fen=found.amount_fen,
        happened_at=found.changed_at,
    )


def sandbox_payments(connection: Connection) -> int:
    """How many payments of any merchant went through the sandbox; 0 in a real installation."""
    return sandbox_store.count_payments(connection)
