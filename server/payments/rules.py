"""How payments and refunds move from state to state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.payments.gateway import PaymentStatus
from shared.errors import BugError, ConflictError
from shared.ids import OrderId


class PaymentState(StrEnum):
    """Where one payment stands in our books."""

    planned = "planned"
    """Numbered and stored; the provider may or may not have heard of it."""
    open = "open"
    """The provider waits for the buyer."""
    succeeded = "succeeded"
    """Paid."""
    closed = "closed"
    """Can no longer be paid."""


class RefundState(StrEnum):
    """Where one refund payment stands in our books."""

    planned = "planned"
    """Numbered and stored, never sent."""
    submitted = "submitted"
    """Sent at least once; unless the provider answered, its outcome has to be queried."""
    succeeded = "succeeded"
    """The buyer has the money."""
    failed = "failed"
    """The provider gave up; a person has to look."""


PAYMENT_MOVES: Mapping[PaymentState, frozenset[PaymentState]] = {
    PaymentState.planned: frozenset(
        {PaymentState.open, PaymentState.succeeded, PaymentState.closed}
    ),
    PaymentState.open: frozenset({PaymentState.succeeded, PaymentState.closed}),
    # A payment that we closed may have been paid the moment before.
    PaymentState.closed: frozenset({PaymentState.succeeded}),
    PaymentState.succeeded: frozenset(),
}
REFUND_MOVES: Mapping[RefundState, frozenset[RefundState]] = {
    RefundState.planned: frozenset({RefundState.submitted}),
    RefundState.submitted: frozenset({RefundState.succeeded, RefundState.failed}),
    RefundState.failed: frozenset({RefundState.submitted}),
    RefundState.succeeded: frozenset(),
}


class AmountMismatchError(ConflictError):
    """The provider reports another amount than was asked for."""

    code = "amount_mismatch"


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt to pay an order.

    Attributes:
        id: of the payment.
        order: what is paid.
        number: ours, sent to the provider.
        provider: its name.
        amount_fen: above 0.
        state: as of now.
        expires_at: after that it is closed, aware UTC.
        provider_number: the provider's, or empty.
    """

    id: UUID
    order: OrderId
    number: str
    provider: str
    amount_fen: int
    state: PaymentState
    expires_at: datetime
    provider_number: str


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back to a buyer.

    Attributes:
        id: of the refund.
        payment: from which it is paid back.
        number: ours, sent to the provider.
        amount_fen: above 0.
        cause: what it answers; one refund per cause.
        why: what the buyer reads.
        state: as of now.
    """

    id: UUID
    payment: UUID
    number: str
    amount_fen: int
    cause: UUID
    why: str
    state: RefundState


@dataclass(frozen=True, slots=True)
class SandboxPayment:
    """A payment as the sandbox provider sees it."""

    number: str
    amount_fen: int
    description: str
    status: PaymentStatus
    return_path: str
    expires_at: datetime
    changed_at: datetime


def check_payment_move(before: PaymentState, after: PaymentState) -> None:
    """Refuse a move that the table does not have.

    Raises:
        BugError: our code tried what cannot be.
    """
    if after not in PAYMENT_MOVES[before]:
        raise BugError(f"a payment cannot go from {before} to {after}")


def check_refund_move(before: RefundState, after: RefundState) -> None:
    """Refuse a move that the table does not have.

    Raises:
        BugError: our code tried what cannot be.
    """
    if after not in REFUND_MOVES[before]:
        raise BugError(f"a refund cannot go from {before} to {after}")
