"""What can be done with the books of money: book, sum up, check."""

from collections.abc import Collection, Sequence
from uuid import UUID

from server.kernel.unit_of_work import UnitOfWork
from server.ledger import store as ledger_store
from server.ledger.rules import (
    FINDINGS_MAX,
    AccountKind,
    Balance,
    Checked,
    Entry,
    EntryKind,
    Finding,
    Line,
)


def post(uow: UnitOfWork, entries: Sequence[Entry]) -> None:
    """Book facts, for ever.

    Args:
        uow: the transaction in which the facts are recorded.
        entries: each cause at most once under each kind; a second time fails the transaction, so
            callers find out from their own records whether a fact is new.
    """
    if entries:
        ledger_store.insert_entries(uow.connection, uow.merchant, entries, uow.now)


def lines_of(
    uow: UnitOfWork, kind: EntryKind, causes: Collection[UUID]
) -> dict[UUID, tuple[Line, ...]]:
    """What was booked for causes under one kind; causes without lines are missing."""
    return ledger_store.read_lines(uow.connection, uow.merchant, kind, causes)


def balances(
    uow: UnitOfWork, kinds: Collection[AccountKind] | None = None, owner: UUID | None = None
) -> list[Balance]:
    """Sums of accounts, in fen.

    Args:
        uow: the transaction.
        kinds: only these kinds of accounts; all by default.
        owner: only accounts of this owner.

    Returns:
        One balance for each account that was ever booked, in order of kind and owner.
    """
    return ledger_store.read_balances(uow.connection, uow.merchant, kinds, owner)


def check(uow: UnitOfWork) -> list[Finding]:
    """Prove that the books are balanced: all debits equal all credits, and no line stands alone."""
    name = "ledger is balanced"
    findings = [
        Finding(name, entry, "a line moves no money or moves it nowhere")
        for entry in ledger_store.read_faulty_lines(uow.connection, uow.merchant, FINDINGS_MAX)
    ]
    findings += [
        Finding(name, entry, "a line belongs to no entry")
        for entry in ledger_store.read_lines_without_entry(
            uow.connection, uow.merchant, FINDINGS_MAX
        )
    ]
    every = balances(uow)
    debits_fen = sum(balance.debits_fen for balance in every)
    credits_fen = sum(balance.credits_fen for balance in every)
    if debits_fen != credits_fen:
        what = f"debits {debits_fen} fen, credits {credits_fen} fen"
        findings.append(Finding(name, "all accounts", what))
    return findings


def audit(uow: UnitOfWork) -> Checked:
    """The same as `check`, counted, for a report."""
    findings = tuple(check(uow)[:FINDINGS_MAX])
    return Checked("the ledger is balanced", len(balances(uow)), findings)


def entries_of_kind(uow: UnitOfWork, kind: EntryKind) -> dict[UUID, tuple[Line, ...]]:
    """The lines of every entry of a kind, by cause; for an audit only, because it reads all."""
    return dict(ledger_store.read_entries(uow.connection, uow.merchant, kind))
