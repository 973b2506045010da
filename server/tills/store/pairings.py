"""Reads and writes pairing codes, failed attempts and pairings."""

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from server.kernel.insertion import insert_if_absent
from server.tills.rules import INSTALLATION
from server.tills.tables import (
    FAILED_ATTEMPT,
    PAIRING,
    PAIRING_CODE,
)
from server.tills.values import CodeRow, Pairing
from shared.ids import MerchantId
from shared.wire import PairStatus

_CODE_COLUMNS = [PAIRING_CODE.c[field.name] for field in fields(CodeRow)]
_PAIRING_COLUMNS = [PAIRING.c[field.name] for field in fields(Pairing)]


# --- codes and failed attempts --------------------------------------------------------------------


def add_code(connection: Connection, merchant: MerchantId, code: CodeRow, code_hash: bytes) -> None:
    """Store a code under its keyed hash."""
    values = {field.name: getattr(code, field.name) for field in fields(CodeRow)}
    row = {"merchant": merchant, "code_hash": code_hash, **values}
    connection.execute(insert(PAIRING_CODE), row)


def code_of_hash(connection: Connection, code_hash: bytes) -> tuple[MerchantId, CodeRow] | None:
    """Find a code in any merchant's, locked until the transaction ends."""
    statement = select(PAIRING_CODE.c.merchant, *_CODE_COLUMNS).where(
        PAIRING_CODE.c.code_hash == code_hash
    )
    row = connection.execute(statement.with_for_update()).first()
    return None if row is None else (MerchantId(row[0]), CodeRow(*row[1:]))


def mark_code_used(connection: Connection, merchant: MerchantId, code: UUID, at: datetime) -> None:
    """Let a code open nothing any more."""
    connection.execute(
        update(PAIRING_CODE)
        .where(PAIRING_CODE.c.merchant == merchant, PAIRING_CODE.c.id == code)
        .values(used_at=at)
    )


def codes_open(connection: Connection, merchant: MerchantId, now: datetime) -> list[CodeRow]:
    """Codes that can still be shown, newest first."""
    statement = (
        select(*_CODE_COLUMNS)
        .where(
            PAIRING_CODE.c.merchant == merchant,
            PAIRING_CODE.c.used_at.is_(None),
            PAIRING_CODE.c.expires_at > now,
        )
        .order_by(PAIRING_CODE.c.issued_at.desc())
    )
    return [CodeRow(*row) for row in connection.execute(statement)]


def code_with(connection: Connection, merchant: MerchantId, code: UUID) -> CodeRow | None:
    """A code by its id, used or not."""
    row = connection.execute(
        select(*_CODE_COLUMNS).where(PAIRING_CODE.c.merchant == merchant, PAIRING_CODE.c.id == code)
    ).first()
    return None if row is None else CodeRow(*row)


def failed_attempts(connection: Connection, subject: str, window: datetime) -> int:
    """How often a subject was wrong in a window."""
    statement = select(FAILED_ATTEMPT.c.count).where(*_attempt_key(subject, window))
    return connection.execute(statement).scalar() or 0


def count_failed_attempt(connection: Connection, subject: str, window: datetime) -> None:
    """Count one more and drop the subject's older windows."""
    connection.execute(
        delete(FAILED_ATTEMPT).where(
            FAILED_ATTEMPT.c.merchant == INSTALLATION,
            FAILED_ATTEMPT.c.subject == subject,
            FAILED_ATTEMPT.c.window_start < window,
        )
    )
    row = {"merchant": INSTALLATION, "subject": subject, "window_start": window, "count": 1}
    if not insert_if_absent(connection, FAILED_ATTEMPT, row):
        connection.execute(
            update(FAILED_ATTEMPT)
            .where(*_attempt_key(subject, window))
            .values(count=FAILED_ATTEMPT.c.count + 1)
        )


def _attempt_key(subject: str, window: datetime) -> list[Any]:
    return [
        FAILED_ATTEMPT.c.merchant == INSTALLATION,
        FAILED_ATTEMPT.c.subject == subject,
        FAILED_ATTEMPT.c.window_start == window,
    ]


# --- pairings -------------------------------------------------------------------------------------


def add_pairing(connection: Connection, merchant: MerchantId, pairing: Pairing) -> None:
    """Store a claim."""
    values = {field.name: getattr(pairing, field.name) for field in fields(Pairing)}
    connection.execute(insert(PAIRING), {"merchant": merchant, **values})


def pairing_of_code(connection: Connection, merchant: MerchantId, code: UUID) -> Pairing | None:
    """The claim that used a code."""
    row = connection.execute(
        select(*_PAIRING_COLUMNS).where(PAIRING.c.merchant == merchant, PAIRING.c.code == code)
    ).first()
    return None if row is None else _pairing(row)


def pairing_anywhere(connection: Connection, pairing: UUID) -> tuple[MerchantId, Pairing] | None:
    """Find a pairing in any merchant's: a till that is being paired knows no merchant."""
    row = connection.execute(
        select(PAIRING.c.merchant, *_PAIRING_COLUMNS).where(PAIRING.c.id == pairing)
    ).first()
    return None if row is None else (MerchantId(row[0]), _pairing(row[1:]))


def pairing_locked(connection: Connection, merchant: MerchantId, pairing: UUID) -> Pairing | None:
    """A pairing, locked until the transaction ends."""
    row = connection.execute(
        select(*_PAIRING_COLUMNS)
        .where(PAIRING.c.merchant == merchant, PAIRING.c.id == pairing)
        .with_for_update()
    ).first()
    return None if row is None else _pairing(row)


def pairings_waiting(connection: Connection, merchant: MerchantId, now: datetime) -> list[Pairing]:
    """Claims that headquarters may still decide, oldest first."""
    statement = (
        select(*_PAIRING_COLUMNS)
        .where(
            PAIRING.c.merchant == merchant,
            PAIRING.c.state == PairStatus.waiting,
            PAIRING.c.expires_at > now,
        )
        .order_by(PAIRING.c.claimed_at)
    )
    return [_pairing(row) for row in connection.execute(statement)]


def decide_pairing(
    connection: Connection, merchant: MerchantId, pairing: UUID, decision: dict[str, Any]
) -> None:
    """Write down what headquarters decided."""
    connection.execute(
        update(PAIRING)
        .where(PAIRING.c.merchant == merchant, PAIRING.c.id == pairing)
        .values(**decision)
    )


def _pairing(row: Any) -> Pairing:  # noqa: ANN401 - a row, or the rest of one
    values = dict(zip((field.name for field in fields(Pairing)), row, strict=True))
    values["state"] = PairStatus(values["state"])
    return Pairing(**values)
