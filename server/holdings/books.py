"""Opens the books for a batch and closes them again: every writing service goes through here.

Closing books what the facts mean for quotas, refunds and declared risks, and numbers what tills
are told. It is the only place that writes a feed.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from uuid import UUID

from server.catalog import service as catalog
from server.catalog.rules import QuotaMove
from server.holdings.rules.books import number_feed
from server.holdings.rules.facts import Refunded, RiskDeclared, RiskSettled
from server.holdings.rules.granting import follow_tenure
from server.holdings.store import feeds, load, save
from server.holdings.store import reads as read_store
from server.holdings.store.load import OpenBooks, Wanted
from server.holdings.values import RefundDone
from server.kernel.unit_of_work import UnitOfWork
from server.ledger import service as ledger
from server.ledger.rules import Account, AccountKind, Entry, EntryKind, Line
from server.vouchers import service as vouchers
from server.vouchers.rules import VoucherTerms
from shared.ids import ProductId, StoreId, VoucherRef

LIABILITY = Account(AccountKind.voucher_liability)
CLEARING = Account(AccountKind.provider_clearing)
RISK_CLEARING = Account(AccountKind.risk_clearing)

Terms = Mapping[VoucherRef, VoucherTerms]


def open_books(uow: UnitOfWork, wanted: Wanted) -> OpenBooks:
    """Lock and load what a batch names; grants follow their tenures at once."""
    opened = load.open_books(uow.connection, uow.merchant, uow.now, wanted)
    for grant in list(opened.books.grants.values()):
        follow_tenure(opened.books, grant)
    return opened


def open_vouchers(uow: UnitOfWork, refs: Collection[VoucherRef]) -> OpenBooks:
    """Lock and load vouchers with their grants and pending events."""
    return open_books(uow, Wanted(vouchers=set(refs)))


def terms_needed(uow: UnitOfWork, opened: OpenBooks) -> Terms:
    """The terms of the vouchers whose quotas or money a batch has moved."""
    return vouchers.terms_of(uow, {change.voucher for change in opened.books.quota_changes})


def close_books(uow: UnitOfWork, opened: OpenBooks, terms: Terms | None = None) -> None:
    """Save everything that changed.

    Args:
        uow: the transaction that opened the books.
        opened: from `open_books`, after rules were applied.
        terms: from `terms_needed`, where the caller has read them already.
    """
    connection, merchant, books = uow.connection, uow.merchant, opened.books
    save.save_holdings(connection, merchant, opened)
    save.save_tenures(connection, merchant, opened)
    _book_money(uow, opened)
    _move_quotas(uow, opened, terms_needed(uow, opened) if terms is None else terms)
    save.save_cases_and_alarms(uow, books.facts)
    tills = Counter(told.till for told in books.told)
    next_numbers = {till: feeds.take_feed_numbers(uow, till, tills[till]) for till in sorted(tills)}
    feeds.insert_feed(uow, number_feed(books, next_numbers))
    save.save_grants(connection, merchant, opened)
    save.save_events(connection, merchant, opened)


def _move_quotas(uow: UnitOfWork, opened: OpenBooks, terms: Terms) -> None:
    reserved: Counter[tuple[StoreId, ProductId]] = Counter()
    used: Counter[tuple[StoreId, ProductId]] = Counter()
    for change in opened.books.quota_changes:
        pair = change.store, terms[change.voucher].product
        reserved[pair] += change.reserved
        used[pair] += change.used
    moves = [
        QuotaMove(store, product, reserved[store, product], used[store, product])
        for store, product in sorted(reserved)
        if reserved[store, product] or used[store, product]
    ]
    if moves:
        catalog.move_quotas(uow, moves)


def _book_money(uow: UnitOfWork, opened: OpenBooks) -> None:
    entries = []
    risks: Counter[tuple[StoreId, int]] = Counter()
    for fact in opened.books.facts:
        match fact:
            case Refunded(voucher, uses, value_fen):
                refund = RefundDone(uow.new_id(), voucher, uses, value_fen, uow.now)
                read_store.insert_refund(uow.connection, uow.merchant, refund)
                lines = _lines(LIABILITY, CLEARING, value_fen)
                entries.append(_entry(uow, EntryKind.refunded, refund.id, lines))
            case RiskDeclared(store, tenure, value_fen):
                risks[store, tenure] += value_fen
            case RiskSettled(eid, store, value_fen):
                lines = _lines(RISK_CLEARING, _risk_of(store), value_fen)
                entries.append(_entry(uow, EntryKind.risk_settled, eid, lines))
            case _:
                pass
    for (store, _tenure), value_fen in sorted(risks.items()):
        lines = _lines(_risk_of(store), RISK_CLEARING, value_fen)
        entries.append(_entry(uow, EntryKind.risk_declared, uow.new_id(), lines))
    ledger.post(uow, entries)


def _risk_of(store: StoreId) -> Account:
    return Account(AccountKind.declared_risk, store)


def _lines(debit: Account, credit: Account, amount_fen: int) -> tuple[Line, ...]:
    return (Line(debit, credit, amount_fen),) if amount_fen else ()


def _entry(uow: UnitOfWork, kind: EntryKind, cause: UUID, lines: tuple[Line, ...]) -> Entry:
    return Entry(uow.new_id(), kind, cause, uow.now, lines)
