"""Reads and writes of what tills send: journals with their heads, and asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from server.holdings.rules.records import Head, HeadKey
from server.holdings.states import JournalResult
from server.holdings.tables import (
    ASK_IN,
    JOURNAL_BRANCH,
    JOURNAL_IN,
    TILL_HEAD,
)
from server.kernel.bulk import among, insert_rows, update_rows
from server.kernel.insertion import insert_if_absent
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import EventId, MerchantId, TillId, VoucherRef
from shared.journal import FIRST_HASH


def lock_heads(uow: UnitOfWork, keys: Collection[HeadKey]) -> dict[HeadKey, Head]:
    """Lock the heads of journals in key order, beginning those that are new."""
    found = _read_heads(uow, keys)
    missing = sorted(set(keys) - found.keys())
    if missing:
        for till, incarnation in missing:
            _begin_head(uow, till, incarnation)
        found = _read_heads(uow, keys)
    return found


def _read_heads(uow: UnitOfWork, keys: Collection[HeadKey]) -> dict[HeadKey, Head]:
    table = TILL_HEAD.c
    tills = sorted({till for till, _ in keys})
    query = (
        select(TILL_HEAD)
        .where(table.merchant == uow.merchant, among(uow.connection, table.till, tills))
        .order_by(table.till, table.incarnation)
        .with_for_update()
    )
    heads = [head_of_row(row) for row in uow.connection.execute(query)]
    return {head.key: head for head in heads if head.key in keys}


def head_of_row(row: Row[Any]) -> Head:
    """A head as stored."""
    return Head(
        TillId(row.till),
        row.incarnation,
        row.last_seq,
        row.last_hash,
        row.acked_seq,
        row.acked_cursor,
        row.last_contact,
        row.forked,
    )


def _begin_head(uow: UnitOfWork, till: TillId, incarnation: int) -> None:
    row = {
        "merchant": uow.merchant,
        "till": till,
        "incarnation": incarnation,
        "last_seq": 0,
        "last_hash": FIRST_HASH,
        "acked_seq": 0,
        "acked_cursor": 0,
        "last_contact": uow.now,
        "forked": False,
    }
    insert_if_absent(uow.connection, TILL_HEAD, row)


def save_heads(uow: UnitOfWork, heads: Collection[Head]) -> None:
    """Write heads that were locked before."""
    rows = [
        {
            "merchant": uow.merchant,
            "till": head.till,
            "incarnation": head.incarnation,
            "last_seq": head.last_seq,
            "last_hash": head.last_hash,
            "acked_seq": head.acked_seq,
            "acked_cursor": head.acked_cursor,
            "last_contact": head.last_contact,
            "forked": head.forked,
        }
        for head in heads
    ]
    update_rows(uow.connection, TILL_HEAD, ("merchant", "till", "incarnation"), (), rows)


def newest_incarnation(connection: Connection, merchant: MerchantId, till: TillId) -> int:
    """The latest life of a till's journal that was heard of, 0 for none."""
    query = select(func.max(TILL_HEAD.c.incarnation)).where(
        TILL_HEAD.c.merchant == merchant, TILL_HEAD.c.till == till
    )
    return int(connection.execute(query).scalar() or 0)


def last_contacts(
    connection: Connection, merchant: MerchantId, tills: Collection[TillId]
) -> dict[TillId, datetime]:
    """When tills were last heard of; those never heard of are missing."""
    table = TILL_HEAD.c
    query = (
        select(table.till, table.last_contact)
        .where(table.merchant == merchant, table.till.in_(tills))
        .order_by(table.last_contact)
    )
    return {TillId(row.till): row.last_contact for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One journal event as it is kept."""

    till: TillId
    incarnation: int
    seq: int
    event_hash: bytes
    raw: bytes
    result: JournalResult


def insert_journal(uow: UnitOfWork, rows: Sequence[JournalRow]) -> None:
    """Append events to the journals kept here."""
    insert_rows(uow.connection, JOURNAL_IN, [_journal_values(uow, row) for row in rows])


def insert_branch(uow: UnitOfWork, rows: Sequence[JournalRow]) -> None:
    """Keep events of the other branch of a forked journal, each once."""
    for row in rows:
        values = _journal_values(uow, row) | {"received_at": uow.now}
        insert_if_absent(uow.connection, JOURNAL_BRANCH, values)


def _journal_values(uow: UnitOfWork, row: JournalRow) -> dict[str, Any]:
    return {
        "merchant": uow.merchant,
        "till": row.till,
        "incarnation": row.incarnation,
        "seq": row.seq,
        "hash": row.event_hash,
        "bytes": row.raw,
        "result": row.result.value,
    }


def read_journal(
    connection: Connection, merchant: MerchantId, key: HeadKey, seqs: range
) -> dict[int, JournalRow]:
    """Events of a journal that are kept here, by number."""
    table = JOURNAL_IN.c
    query = select(JOURNAL_IN).where(
        table.merchant == merchant,
        table.till == key[0],
        table.incarnation == key[1],
        table.seq.between(seqs.start, seqs.stop - 1),
    )
    return {row.seq: journal_row(row) for row in connection.execute(query)}


def journal_row(row: Row[Any]) -> JournalRow:
    """A journal event as stored."""
    # By mapping, because a row's attributes `hash` and `bytes` are names of other things.
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return JournalRow(
        TillId(values["till"]),
        values["incarnation"],
        values["seq"],
        values["hash"],
        values["bytes"],
        JournalResult(values["result"]),
    )


@dataclass(frozen=True, slots=True)
class AskRow:
    """An ask that was decided."""

    eid: EventId
    till: TillId
    voucher: VoucherRef
    uses: int
    evidence: bytes


def insert_asks(uow: UnitOfWork, rows: Sequence[AskRow]) -> None:
    """Keep asks with what was presented."""
    values = [
        {
            "merchant": uow.merchant,
            "eid": row.eid,
            "till": row.till,
            "voucher": row.voucher,
            "n": row.uses,
            "evidence": row.evidence,
            "received_at": uow.now,
        }
        for row in rows
    ]
    insert_rows(uow.connection, ASK_IN, values)
