"""When uses are granted to a store, called back, or refunded.

Source: protocol rules S1, S2, S9 and S16.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.catalog import service as catalog
from server.holdings.books import Terms, close_books, open_vouchers
from server.holdings.rules import granting as rules
from server.holdings.rules.facts import Fact, Released
from server.holdings.rules.records import Holding, Tenure
from server.holdings.states import GrantState, TenureState
from server.holdings.store import reads as read_store
from server.holdings.store import tenures as tenure_store
from server.holdings.store.load import OpenBooks, keep_tenure
from server.holdings.values import OpenGrant
from server.kernel.keys import RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.vouchers import service as vouchers
from server.vouchers.rules import VoucherTerms
from shared.errors import NotFoundError
from shared.feed import GrantEntry, VoucherCard
from shared.ids import MerchantId, ProductId, StoreId, VoucherRef
from shared.money import Fen, value_of_uses
from shared.qr_token import RANDOM_BITS, Token, make_token, token_key
from shared.redemption_rules import OrderState, RefundState
from shared.voucher_code import VoucherCode

GRANTS_PER_CHUNK = 1_000
RANDOM_MASK = (1 << RANDOM_BITS) - 1


def open_holdings(uow: UnitOfWork, sold: Sequence[tuple[VoucherRef, int, int]]) -> None:
    """Begin the books of vouchers just paid for; the server holds every use.

    Args:
        uow: the transaction that issues the vouchers.
        sold: reference, uses (at least 1) and what they were paid with in fen.
    """
    read_store.insert_holdings(uow.connection, uow.merchant, sold)


def grant_to_store(
    uow: UnitOfWork, refs: Collection[VoucherRef], store: StoreId
) -> dict[VoucherRef, int]:
    """Grant all free uses of vouchers to the keeper of a store.

    Args:
        uow: a writing transaction.
        refs: at most some thousand vouchers.
        store: where they are meant to be used.

    Returns:
        For each voucher that the keeper now has an open grant of, the grant's number in its feed.
        Missing are those that cannot be granted: no keeper, not valid there, nothing free, a refund
        asked for, something undecided, the store's quota used up.

    Source: protocol rules S1 and S16; the store's quota is reserved in the same transaction.
    """
    tenure = tenure_store.keeper_of(uow, store)
    if tenure is None or not refs:
        return {}
    opened = open_vouchers(uow, refs)
    tenure = opened.books.tenures.get(tenure.number) or keep_tenure(opened, tenure)
    terms = vouchers.terms_of(uow, opened.books.holdings.keys())
    _grant_free(uow, opened, tenure, terms)
    close_books(uow, opened, terms)
    return {
        grant.voucher: grant.key.feed_no
        for grant in opened.books.grants.values()
        if grant.key.tenure == tenure.number and grant.state is GrantState.open
    }


def _grant_free(uow: UnitOfWork, opened: OpenBooks, tenure: Tenure, terms: Terms) -> None:
    books = opened.books
    free = [
        (books.holdings[ref], terms[ref])
        for ref in sorted(books.holdings)
        if ref in terms
        and rules.can_grant(books, ref, tenure)
        and _is_usable(terms[ref], tenure.store, uow.now)
    ]
    left = _quota_left(uow, tenure.store, {of.product for _, of in free})
    for holding, of in free:
        uses = min(holding.held, left.get(of.product, holding.held))
        if uses <= 0:
            continue
        if of.product in left:
            left[of.product] -= uses
        entry = _entry(tenure, holding, of, uses)
        rules.grant(books, tenure, entry, _random_bits(uow))


def _quota_left(
    uow: UnitOfWork, store: StoreId, products: Collection[ProductId]
) -> dict[ProductId, int]:
    quotas = catalog.quotas(uow, [(store, product) for product in sorted(products)])
    return {product: quota.left for (_, product), quota in quotas.items()}


def _is_usable(of: VoucherTerms, store: StoreId, now: datetime) -> bool:
    is_in_scope = of.stores is None or store in of.stores
    is_in_order = of.order_state is OrderState.paid and not of.frozen
    return is_in_scope and is_in_order and now < of.valid_until


def _random_bits(uow: UnitOfWork) -> int:
    return int.from_bytes(uow.entropy(4), "big") & RANDOM_MASK


def _entry(tenure: Tenure, holding: Holding, of: VoucherTerms, uses: int) -> GrantEntry:
    card = VoucherCard(
        last_four=of.last_four,
        value_fen=value_of_uses(Fen(holding.value_left_fen), uses, holding.left),
        face_fen=of.face_fen,
        order_number=of.order_number,
        uses_total=of.uses_total,
        attention=of.attention,
        booked_slot=of.booked_slot,
    )
    return GrantEntry(
        feed_no=0,
        tenure=tenure.number,
        voucher_ref=holding.voucher,
        uses=uses,
        product_number=of.product_number,
        valid_from=of.valid_from,
        valid_until=of.valid_until,
        per_visit_uses_max=of.per_visit_uses_max,
        card=card,
    )


def grant_waiting(uow: UnitOfWork, store: StoreId, limit: int = GRANTS_PER_CHUNK) -> int:
    """Grant vouchers whose buyer chose a store and that nobody holds, to the store's keeper.

    Call it again, each time in a transaction of its own, until it returns 0.

    Args:
        uow: a writing transaction.
        store: the chosen store.
        limit: at most so many.

    Returns:
        How many were granted.

    Source: protocol rule S16.
    """
    after: VoucherRef | None = None
    while True:
        page = grant_waiting_page(uow, store, after, limit)
        if page.granted or page.last is None:
            return page.granted
        after = page.last


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """How many of a page were granted, and where the next page begins; None after the last."""

    granted: int
    last: VoucherRef | None


def grant_waiting_page(
    uow: UnitOfWork, store: StoreId, after: VoucherRef | None, limit: int = GRANTS_PER_CHUNK
) -> WaitingPage:
    """Like `grant_waiting`, for one page of the vouchers that chose a store."""
    refs = vouchers.waiting_for_store(uow, store, limit, after)
    found = read_store.read_holdings(uow.connection, uow.merchant, refs)
    free = [ref for ref in refs if ref in found and _nobody_holds(found[ref])]
    granted = len(grant_to_store(uow, free, store))
    return WaitingPage(granted, refs[-1] if len(refs) == limit else None)


def _nobody_holds(holding: Holding) -> bool:
    nothing_out = holding.held > 0 and holding.out == 0
    return nothing_out and holding.refund_state is RefundState.none


def grant_again(uow: UnitOfWork, facts: Sequence[Fact]) -> None:
    """Grant what was called back to the store that its buyer chose last, maybe the same again.

    Args:
        uow: the transaction in which the releases came.
        facts: what happened in it.
    """
    released = {fact.voucher: fact for fact in facts if isinstance(fact, Released)}
    recalled = {ref for ref, fact in released.items() if fact.recalled}
    by_store: dict[StoreId, list[VoucherRef]] = {}
    for ref, of in vouchers.terms_of(uow, recalled).items():
        if of.chosen_store is not None:
            by_store.setdefault(of.chosen_store, []).append(ref)
    for store, refs in sorted(by_store.items()):
        grant_to_store(uow, refs, store)


def recall(uow: UnitOfWork, ref: VoucherRef) -> None:
    """Ask tills for every open grant of a voucher; only their releases bring the uses back."""
    opened = open_vouchers(uow, [ref])
    rules.recall_all(opened.books, ref)
    close_books(uow, opened)


def request_refund(uow: UnitOfWork, ref: VoucherRef) -> RefundState:
    """Ask for the refund of everything that is left of a voucher.

    It runs at once if no till holds a use, otherwise when the last release has come in. Each run
    leaves a row for `refunds_of` and an entry in the ledger.

    Returns:
        `done` if it has run already, else `asked`.

    Raises:
        NotFoundError: no such voucher.
    """
    opened = open_vouchers(uow, [ref])
    if ref not in opened.books.holdings:
        raise NotFoundError(what="voucher")
    rules.request_refund(opened.books, ref)
    close_books(uow, opened)
    return opened.books.holdings[ref].refund_state


def open_grant(uow: UnitOfWork, ref: VoucherRef) -> OpenGrant | None:
    """The grant that a keeper may redeem from now, for the token on the code page, or None."""
    for grant, tenure in read_store.read_live_grants(uow.connection, uow.merchant, ref):
        if grant.state is not GrantState.open or tenure.state is not TenureState.active:
            continue
        terms = vouchers.terms_of(uow, [ref])[ref]
        last_moment = terms.valid_until - timedelta(microseconds=1)
        return OpenGrant(
            tenure=tenure.number,
            feed_no=grant.key.feed_no,
            uses=grant.uses,
            uses_left=grant.out,
            random_bits=grant.random_bits,
            till=tenure.till,
            store=tenure.store,
            product_number=terms.product_number,
            expires_on=last_moment.date(),
        )
    return None


def token_text(root_key: RootKey, merchant: MerchantId, grant: OpenGrant, code: VoucherCode) -> str:
    """Write the token of a grant: 38 characters for the QR code on the buyer's phone."""
    token = Token(
        code=code,
        feed_no=grant.feed_no,
        uses=grant.uses,
        product_number=grant.product_number,
        expires_on=grant.expires_on,
        tenure_low=grant.tenure % 256,
        random_bits=grant.random_bits,
    )
    return make_token(token, grant.tenure, keeper_key(root_key, merchant, grant))


def keeper_key(root_key: RootKey, merchant: MerchantId, grant: OpenGrant) -> bytes:
    """The key of the tenure that a grant belongs to."""
    return token_key(root_key.secret, merchant, grant.tenure, grant.till)
