"""Reads and writes of the books."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, case, func, literal, select, union_all

from server.kernel.bulk import insert_rows
from server.ledger.rules import Account, AccountKind, Balance, Entry, EntryKind, Line
from server.ledger.tables import ENTRY, LINE
from shared.ids import MerchantId

KEYS_PER_QUERY_MAX = 1_000


def insert_entries(
    connection: Connection, merchant: MerchantId, entries: Sequence[Entry], booked_at: datetime
) -> None:
    """Append entries; a cause and kind that is booked already fails the transaction."""
    headers = [
        {
            "merchant": merchant,
            "id": entry.id,
            "kind": entry.kind.value,
            "cause": entry.cause,
            "happened_at": entry.happened_at,
            "booked_at": booked_at,
        }
        for entry in entries
    ]
    insert_rows(connection, ENTRY, headers)
    lines = [
        _line_row(merchant, entry, line_no, line)
        for entry in entries
        for line_no, line in enumerate(entry.lines, 1)
    ]
    insert_rows(connection, LINE, lines)


def _line_row(merchant: MerchantId, entry: Entry, line_no: int, line: Line) -> dict[str, Any]:
    return {
        "merchant": merchant,
        "entry": entry.id,
        "line_no": line_no,
        "debit_kind": line.debit.kind.value,
        "debit_owner": line.debit.owner,
        "credit_kind": line.credit.kind.value,
        "credit_owner": line.credit.owner,
        "amount_fen": line.amount_fen,
    }


def read_lines(
    connection: Connection, merchant: MerchantId, kind: EntryKind, causes: Collection[UUID]
) -> dict[UUID, tuple[Line, ...]]:
    """The lines booked for causes under one kind, by cause."""
    found: dict[UUID, list[Line]] = {}
    for chunk in _chunks(sorted(causes)):
        query = (
            select(ENTRY.c.cause, LINE)
            .join_from(
                ENTRY,
                LINE,
                (LINE.c.merchant == ENTRY.c.merchant) & (LINE.c.entry == ENTRY.c.id),
            )
            .where(
                ENTRY.c.merchant == merchant,
                ENTRY.c.kind == kind.value,
                ENTRY.c.cause.in_(chunk),
            )
            .order_by(LINE.c.entry, LINE.c.line_no)
        )
        for row in connection.execute(query):
            found.setdefault(row.cause, []).append(_line(row))
    return {cause: tuple(lines) for cause, lines in found.items()}


def _line(row: Row[Any]) -> Line:
    return Line(
        Account(AccountKind(row.debit_kind), row.debit_owner),
        Account(AccountKind(row.credit_kind), row.credit_owner),
        row.amount_fen,
    )


def _chunks(keys: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(keys), KEYS_PER_QUERY_MAX):
        yield keys[start : start + KEYS_PER_QUERY_MAX]


def read_entries(
    connection: Connection, merchant: MerchantId, kind: EntryKind
) -> Iterator[tuple[UUID, tuple[Line, ...]]]:
    """Every entry of a kind, as cause and lines, for an audit."""
    query = (
        select(ENTRY.c.id, ENTRY.c.cause, LINE)
        .join_from(
            ENTRY,
            LINE,
            (LINE.c.merchant == ENTRY.c.merchant) & (LINE.c.entry == ENTRY.c.id),
            isouter=True,
        )
        .where(ENTRY.c.merchant == merchant, ENTRY.c.kind == kind.value)
        .order_by(ENTRY.c.id, LINE.c.line_no)
    )
    current: UUID | None = None
    cause: UUID | None = None
    lines: list[Line] = []
    for row in connection.execute(query):
        if row.id != current:
            if cause is not None:
                yield cause, tuple(lines)
            current, cause, lines = row.id, row.cause, []
        if row.amount_fen is not None:
            lines.append(_line(row))
    if cause is not None:
        yield cause, tuple(lines)


def read_balances(
    connection: Connection,
    merchant: MerchantId,
    kinds: Collection[AccountKind] | None,
    owner: UUID | None,
) -> list[Balance]:
    """Sums over all lines, by account."""
    sides = union_all(
        select(
            LINE.c.debit_kind.label("kind"),
            LINE.c.debit_owner.label("owner"),
            LINE.c.amount_fen,
            literal(1).label("is_debit"),
        ).where(LINE.c.merchant == merchant),
        select(
            LINE.c.credit_kind,
            LINE.c.credit_owner,
            LINE.c.amount_fen,
            literal(0),
        ).where(LINE.c.merchant == merchant),
    ).subquery()
    debits = func.sum(case((sides.c.is_debit == 1, sides.c.amount_fen), else_=0))
    credits_ = func.sum(case((sides.c.is_debit == 0, sides.c.amount_fen), else_=0))
    query = select(sides.c.kind, sides.c.owner, debits, credits_).group_by(
        sides.c.kind, sides.c.owner
    )
    if kinds is not None:
        query = query.where(sides.c.kind.in_([kind.value for kind in kinds]))
    if owner is not None:
        query = query.where(sides.c.owner == owner)
    return sorted(
        (
            Balance(Account(AccountKind(kind), owned_by), int(debited), int(credited))
            for kind, owned_by, debited, credited in connection.execute(query)
        ),
        key=lambda balance: (balance.account.kind.value, str(balance.account.owner)),
    )


def read_faulty_lines(connection: Connection, merchant: MerchantId, limit: int) -> list[str]:
    """Ids of entries with a line that moves nothing or moves it nowhere."""
    query = (
        select(LINE.c.entry)
        .where(
            LINE.c.merchant == merchant,
            (LINE.c.amount_fen <= 0)
            | (
                (LINE.c.debit_kind == LINE.c.credit_kind)
                & (LINE.c.debit_owner.is_not_distinct_from(LINE.c.credit_owner))
            ),
        )
        .limit(limit)
    )
    return [str(entry) for entry in connection.scalars(query)]


def read_lines_without_entry(connection: Connection, merchant: MerchantId, limit: int) -> list[str]:
    """Ids named by lines under which no entry stands."""
    query = (
        select(LINE.c.entry)
        .join_from(
            LINE,
            ENTRY,
            (LINE.c.merchant == ENTRY.c.merchant) & (LINE.c.entry == ENTRY.c.id),
            isouter=True,
        )
        .where(LINE.c.merchant == merchant, ENTRY.c.id.is_(None))
        .limit(limit)
    )
    return [str(entry) for entry in connection.scalars(query)]
