"""What can be done with vouchers as sold: issue them, show their code, choose their store.

Who holds a voucher's uses is the business of `server.holdings`.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection, Sequence

from server.kernel.keys import MerchantKeys
from server.kernel.unit_of_work import UnitOfWork
from server.vouchers import store as voucher_store
from server.vouchers.rules import (
    STORE_MOVES_WINDOW,
    IssuedVoucher,
    StoreOutOfScopeError,
    VoucherSale,
    VoucherTerms,
    check_store_move,
)
from shared.errors import BugError, NotFoundError
from shared.ids import OrderId, StoreId, VoucherRef
from shared.redemption_rules import OrderState
from shared.voucher_code import VoucherCode, new_code, voucher_ref

LINK_SECRET_BYTES = 16
_DRAWS_MAX = 100
"""So many taken codes in a row mean a broken source of entropy, not bad luck."""


def terms_of(uow: UnitOfWork, refs: Collection[VoucherRef]) -> dict[VoucherRef, VoucherTerms]:
    """The terms of vouchers, in one SELECT; unknown ones are missing from the answer."""
    if not refs:
        return {}
    return voucher_store.read_terms(uow.connection, uow.merchant, refs)


def issue(uow: UnitOfWork, keys: MerchantKeys, sales: Sequence[VoucherSale]) -> list[IssuedVoucher]:
    """Make one voucher with one new code for each paid order line.

    Args:
        uow: the transaction in which the payment is recorded.
        keys: the merchant's.
        sales: what was paid.

    Returns:
        One voucher per sale, in the same order.

    Source: requirement row R2. Uniqueness is kept by the primary key, not by looking first.
    """
    lookup_key = keys.lookup_key()
    return [_issue_one(uow, keys, lookup_key, sale) for sale in sales]


def _issue_one(
    uow: UnitOfWork, keys: MerchantKeys, lookup_key: bytes, sale: VoucherSale
) -> IssuedVoucher:
    for _ in range(_DRAWS_MAX):
        code = new_code(uow.entropy)
        ref = voucher_ref(lookup_key, code)
        letter = keys.encrypt_code(code, uow.entropy)
        if voucher_store.insert_voucher(uow, ref, code[-4:], letter, sale):
            return IssuedVoucher(ref, code, code[-4:])
    raise BugError("the entropy source keeps returning codes that are taken")


def code_of(uow: UnitOfWork, keys: MerchantKeys, ref: VoucherRef) -> VoucherCode:
    """The redemption code of a voucher, for its buyer's code page only.

    Raises:
        NotFoundError: no such voucher.
    """
    letter = voucher_store.read_code_letter(uow.connection, uow.merchant, ref)
    if letter is None:
        raise NotFoundError(what="voucher")
    return VoucherCode(keys.decrypt_code(letter))


def vouchers_of_order(uow: UnitOfWork, order: OrderId) -> list[VoucherRef]:
    """The vouchers of an order; none before it is paid."""
    return voucher_store.read_refs_of_order(uow.connection, uow.merchant, order)


def waiting_for_store(
    uow: UnitOfWork, store: StoreId, limit: int, after: VoucherRef | None = None
) -> list[VoucherRef]:
    """Paid, still valid vouchers whose buyer chose this store, held by whomever.

    Args:
        uow: the transaction.
        store: the chosen store.
        limit: at most so many.
        after: the last voucher of the page before; without it, the first page.

    Returns:
        References in ascending order; fewer than `limit` on the last page.
    """
    return voucher_store.read_waiting(uow, store, limit, after)


def choose_store(uow: UnitOfWork, ref: VoucherRef, store: StoreId) -> bool:
    """Record where the buyer means to use a voucher; granting it is the caller's next step.

    Returns:
        False when that store was chosen already and nothing changed.

    Raises:
        NotFoundError: no such voucher.
        StoreOutOfScopeError: the voucher is not valid there.
        TooManyStoreMovesError: changed too often within the hour.

    Source: protocol rule S16 (at most five moves a voucher and hour).
    """
    voucher_store.lock_voucher(uow, ref)
    terms = terms_of(uow, [ref]).get(ref)
    if terms is None:
        raise NotFoundError(what="voucher")
    if terms.stores is not None and store not in terms.stores:
        raise StoreOutOfScopeError(store=store)
    if terms.chosen_store == store:
        return False
    check_store_move(voucher_store.count_choices(uow, ref, uow.now - STORE_MOVES_WINDOW))
    voucher_store.write_chosen_store(uow, ref, store)
    return True


def set_order_state(uow: UnitOfWork, order: OrderId, state: OrderState) -> None:
    """Tell the vouchers of an order where the order stands."""
    voucher_store.write_order_state(uow, order, state)


def freeze(uow: UnitOfWork, ref: VoucherRef, *, frozen: bool) -> None:
    """Block a voucher, or unblock it."""
    voucher_store.write_frozen(uow, ref, frozen=frozen)


def link_secret(keys: MerchantKeys, order: OrderId) -> str:
    """The 128-bit secret in the address of an order's code page.

    It is derived, so that it can be shown to its owner again although the database keeps only its
    hash.
    """
    key = keys.root.derive("code page link", keys.merchant.bytes)
    secret = hmac.digest(key, order.bytes, hashlib.sha256)[:LINK_SECRET_BYTES]
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


def open_link(uow: UnitOfWork, keys: MerchantKeys, order: OrderId) -> str:
    """Let the link of an order open its code page, and return the link's secret."""
    secret = link_secret(keys, order)
    voucher_store.insert_link(uow, order, _link_hash(secret))
    return secret


def order_of_link(uow: UnitOfWork, secret: str) -> OrderId | None:
    """The order whose codes the bearer of this secret may see, or None."""
    return voucher_store.read_order_of_link(uow.connection, uow.merchant, _link_hash(secret))


def _link_hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
