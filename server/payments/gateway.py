"""What a payment provider is to us: six calls that WeChat Pay, the sandbox and others implement.

A gateway talks to a network, so it is called between two transactions and never inside one. Every
call names our own number, made and stored before; a call without an answer is followed by a query
under the same number, never by a new number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.errors import DomainError, KnownError, NotAllowedError


class GatewayUnreachableError(KnownError):
    """No answer: the outcome is unknown and has to be queried."""


class GatewayRefusedError(DomainError):
    """The provider answered that it will not do this; nothing happened."""

    code = "payment_provider_refused"


class ForgedCallbackError(NotAllowedError):
    """A callback whose signature is wrong, or whose time is not now."""

    code = "forged_callback"


class PaymentStatus(StrEnum):
    """Where a payment stands at the provider."""

    open = "open"
    """Waiting for the buyer."""
    succeeded = "succeeded"
    """The money is there."""
    closed = "closed"
    """It can no longer be paid."""


class RefundStatus(StrEnum):
    """Where a refund stands at the provider."""

    processing = "processing"
    """Taken in; the money is on its way."""
    succeeded = "succeeded"
    """The buyer has the money."""
    failed = "failed"
    """It will not arrive; a person has to look."""
    unknown = "unknown"
    """The provider has never heard of this number; it may be sent."""


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A payment to open.

    Attributes:
        number: ours, 32 characters, unique for ever.
        amount_fen: above 0.
        description: what the buyer reads at the provider.
        expires_at: after that it cannot be paid, aware UTC.
        return_path: where the buyer's browser goes afterwards, a path on this server.
    """

    number: str
    amount_fen: int
    description: str
    expires_at: datetime
    return_path: str


@dataclass(frozen=True, slots=True)
class PaymentPrompt:
    """What the buyer's browser needs: a page to open, or parameters for the provider's script."""

    page: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaymentAnswer:
    """What the provider says of a payment, in answer to a query or by callback.

    Attributes:
        number: ours.
        status: as of now.
        provider_number: the provider's, empty before there is one.
        amount_fen: what was or is to be paid.
        happened_at: when it was paid, or when it was asked about; aware UTC.
    """

    number: str
    status: PaymentStatus
    provider_number: str
    amount_fen: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """A refund to send.

    Attributes:
        number: ours, 32 characters, unique for ever.
        payment_number: of the payment it belongs to.
        amount_fen: above 0.
        paid_fen: what the payment was.
        why: what the buyer reads.
    """

    number: str
    payment_number: str
    amount_fen: int
    paid_fen: int
    why: str


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """What the provider says of a refund; fields as in `PaymentAnswer`."""

    number: str
    status: RefundStatus
    provider_number: str
    amount_fen: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Callback:
    """A request of the provider to us, as it arrived; header names in lower case."""

    headers: Mapping[str, str]
    body: bytes


Notification = PaymentAnswer | RefundAnswer
"""What a genuine callback says."""


class Gateway(Protocol):
    """One merchant's account at one provider."""

    @property
    def provider(self) -> str:
        """The provider's name as stored with each payment."""
        ...

    def create(self, request: PaymentRequest) -> PaymentPrompt:
        """Open a payment; the same number again gives the same payment.

        Raises:
            GatewayUnreachableError: unknown outcome; query.
            GatewayRefusedError: nothing was opened.
        """
        ...

    def query(self, number: str) -> PaymentAnswer:
        """Where a payment stands.

        Raises:
            GatewayUnreachableError: no answer.
            GatewayRefusedError: no such payment.
        """
        ...

    def close(self, number: str) -> PaymentAnswer:
        """Let a payment no longer be paid; the answer says if it was paid just before.

        A payment that the provider never heard of counts as closed.
        """
        ...

    def refund(self, request: RefundRequest) -> RefundAnswer:
        """Send money back; the same number again sends nothing twice."""
        ...

    def query_refund(self, number: str) -> RefundAnswer:
        """Where a refund stands."""
        ...

    def parse_callback(self, callback: Callback, now: datetime) -> Notification:
        """Read a callback once its signature and time are found right.

        Raises:
            ForgedCallbackError: they are not, or the content makes no sense.
        """
        ...


def send_or_ask(gateway: Gateway, request: RefundRequest, *, sent_before: bool) -> RefundAnswer:
    """Send a refund; if it was sent before, first ask what became of it.

    Raises:
        GatewayUnreachableError: unknown outcome; call again later with `sent_before`.
        GatewayRefusedError: the provider will not do it.
    """
    if sent_before:
        answer = gateway.query_refund(request.number)
        if answer.status is not RefundStatus.unknown:
            return answer
    return gateway.refund(request)
