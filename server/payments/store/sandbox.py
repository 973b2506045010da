"""Reads and writes what the sandbox provider remembers."""

from datetime import datetime

from sqlalchemy import func, select, update

from server.kernel.database import Connection
from server.kernel.insertion import insert_if_absent
from server.payments.gateway import PaymentRequest, PaymentStatus, RefundRequest
from server.payments.rules import SandboxPayment
from server.payments.tables import sandbox_payment, sandbox_refund
from shared.ids import MerchantId


def insert_payment(
    connection: Connection, merchant: MerchantId, request: PaymentRequest, now: datetime
) -> None:
    """Open a payment unless its number is known."""
    row = {
        "merchant": merchant,
        "number": request.number,
        "amount_fen": request.amount_fen,
        "description": request.description,
        "status": PaymentStatus.open.value,
        "return_path": request.return_path,
        "expires_at": request.expires_at,
        "changed_at": now,
    }
    insert_if_absent(connection, sandbox_payment, row)


def read_payment(
    connection: Connection, merchant: MerchantId, number: str
) -> SandboxPayment | None:
    """One payment."""
    query = select(sandbox_payment).where(
        sandbox_payment.c.merchant == merchant, sandbox_payment.c.number == number
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return SandboxPayment(
        number=row.number,
        amount_fen=row.amount_fen,
        description=row.description,
        status=PaymentStatus(row.status),
        return_path=row.return_path,
        expires_at=row.expires_at,
        changed_at=row.changed_at,
    )


def settle_payment(
    connection: Connection, key: tuple[MerchantId, str], status: PaymentStatus, now: datetime
) -> None:
    """Move an open payment on; a settled one stays as it is."""
    merchant, number = key
    connection.execute(
        update(sandbox_payment)
        .where(
            sandbox_payment.c.merchant == merchant,
            sandbox_payment.c.number == number,
            sandbox_payment.c.status == PaymentStatus.open.value,
        )
        .values(status=status.value, changed_at=now)
    )


def insert_refund(
    connection: Connection, merchant: MerchantId, request: RefundRequest, now: datetime
) -> None:
    """Pay money back unless the number is known."""
    row = {
        "merchant": merchant,
        "number": request.number,
        "payment_number": request.payment_number,
        "amount_fen": request.amount_fen,
        "changed_at": now,
    }
    insert_if_absent(connection, sandbox_refund, row)


def read_refund(
    connection: Connection, merchant: MerchantId, number: str
) -> tuple[int, datetime] | None:
    """Amount in fen and time of a refund."""
    query = select(sandbox_refund.c.amount_fen, sandbox_refund.c.changed_at).where(
        sandbox_refund.c.merchant == merchant, sandbox_refund.c.number == number
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def sum_refunds_fen(connection: Connection, merchant: MerchantId, payment_number: str) -> int:
    """What was paid back of a payment."""
    query = select(func.coalesce(func.sum(sandbox_refund.c.amount_fen), 0)).where(
        sandbox_refund.c.merchant == merchant,
        sandbox_refund.c.payment_number == payment_number,
    )
    return int(connection.execute(query).scalar_one())


def count_payments(connection: Connection) -> int:
    """How many payments of any merchant the sandbox has seen."""
    query = select(func.count()).select_from(sandbox_payment)
    return int(connection.execute(query).scalar_one())
