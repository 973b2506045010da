"""Reads and writes vouchers."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, select, update

from server.kernel.database import Connection
from server.kernel.insertion import insert_if_absent
from server.kernel.unit_of_work import UnitOfWork
from server.vouchers.rules import SplitTerms, VoucherSale, VoucherTerms
from server.vouchers.tables import code_page_link, store_choice, store_scope, voucher
from shared.ids import DistributorId, MerchantId, OrderId, ProductId, StoreId, VoucherRef
from shared.redemption_rules import OrderState

_STORE_ID_BYTES = 16
_SCOPE_BYTES = 16
_NOT_TERMS = {"merchant", "code_letter", "scope", "issued_at"}
_terms_columns = [column for column in voucher.columns if column.name not in _NOT_TERMS]


def read_terms(
    connection: Connection, merchant: MerchantId, refs: Collection[VoucherRef]
) -> dict[VoucherRef, VoucherTerms]:
    """The terms of those vouchers that exist, in one SELECT."""
    query = (
        select(*_terms_columns, store_scope.c.stores)
        .select_from(
            voucher.outerjoin(
                store_scope,
                and_(
                    store_scope.c.merchant == voucher.c.merchant,
                    store_scope.c.scope == voucher.c.scope,
                ),
            )
        )
        .where(voucher.c.merchant == merchant, voucher.c.voucher_ref.in_(refs))
    )
    found = [_terms(row) for row in connection.execute(query)]
    return {terms.voucher_ref: terms for terms in found}


def _terms(row: Row[*tuple[Any, ...]]) -> VoucherTerms:
    return VoucherTerms(
        voucher_ref=VoucherRef(row.voucher_ref),
        order=OrderId(row.order_id),
        order_number=row.order_number,
        product=ProductId(row.product),
        product_number=row.product_number,
        product_name=row.product_name,
        last_four=row.last_four,
        uses_total=row.uses_total,
        value_fen=row.value_fen,
        face_fen=row.face_fen,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        stores=None if row.stores is None else _unpack_stores(row.stores),
        per_visit_uses_max=row.per_visit_uses_max,
        frozen=row.frozen,
        order_state=OrderState(row.order_state),
        attention=row.attention,
        booked_slot=row.booked_slot,
        chosen_store=None if row.chosen_store is None else StoreId(row.chosen_store),
        split=SplitTerms(
            distributor=None if row.distributor is None else DistributorId(row.distributor),
            level1_rate_bp=row.level1_rate_bp,
            platform_rate_bp=row.platform_rate_bp,
            rule_version=row.rule_version,
        ),
    )


def insert_voucher(
    uow: UnitOfWork, ref: VoucherRef, last_four: str, code_letter: bytes, sale: VoucherSale
) -> bool:
    """Insert a paid voucher; false when another voucher already has this code."""
    return insert_if_absent(
        uow.connection,
        voucher,
        {
            "merchant": uow.merchant,
            "voucher_ref": ref,
            "order_id": sale.order,
            "order_number": sale.order_number,
            "order_state": OrderState.paid.value,
            "product": sale.product,
            "product_number": sale.product_number,
            "product_name": sale.product_name,
            "last_four": last_four,
            "code_letter": code_letter,
            "uses_total": sale.uses_total,
            "value_fen": sale.value_fen,
            "face_fen": sale.face_fen,
            "valid_from": sale.valid_from,
            "valid_until": sale.valid_until,
            "scope": _keep_scope(uow, sale.stores),
            "per_visit_uses_max": sale.per_visit_uses_max,
            "frozen": False,
            "attention": sale.attention,
            "booked_slot": sale.booked_slot,
            "chosen_store": sale.chosen_store,
            "distributor": sale.split.distributor,
            "level1_rate_bp": sale.split.level1_rate_bp,
            "platform_rate_bp": sale.split.platform_rate_bp,
            "rule_version": sale.split.rule_version,
            "issued_at": uow.now,
        },
    )


def _keep_scope(uow: UnitOfWork, stores: frozenset[StoreId] | None) -> bytes | None:
    if stores is None:
        return None
    packed = b"".join(sorted(store.bytes for store in stores))
    scope = hashlib.sha256(packed).digest()[:_SCOPE_BYTES]
    row = {"merchant": uow.merchant, "scope": scope, "stores": packed}
    insert_if_absent(uow.connection, store_scope, row)
    return scope


def _unpack_stores(packed: bytes) -> frozenset[StoreId]:
    starts = range(0, len(packed), _STORE_ID_BYTES)
    return frozenset(StoreId(UUID(bytes=packed[at : at + _STORE_ID_BYTES])) for at in starts)


def read_code_letter(connection: Connection, merchant: MerchantId, ref: VoucherRef) -> bytes | None:
    """The encrypted code of a voucher."""
    query = select(voucher.c.code_letter).where(
        voucher.c.merchant == merchant, voucher.c.voucher_ref == ref
    )
    return connection.execute(query).scalar_one_or_none()


def read_refs_of_order(
    connection: Connection, merchant: MerchantId, order: OrderId
) -> list[VoucherRef]:
    """The vouchers of an order, in a stable order."""
    query = (
        select(voucher.c.voucher_ref)
        .where(voucher.c.merchant == merchant, voucher.c.order_id == order)
        .order_by(voucher.c.product_number, voucher.c.voucher_ref)
    )
    return [VoucherRef(ref) for ref in connection.execute(query).scalars()]


def read_waiting(
    uow: UnitOfWork, store: StoreId, limit: int, after: VoucherRef | None
) -> list[VoucherRef]:
    """Paid vouchers, valid now or later, whose buyer chose a store; sorted, after `after`."""
    query = (
        select(voucher.c.voucher_ref)
        .where(
            voucher.c.merchant == uow.merchant,
            voucher.c.chosen_store == store,
            voucher.c.order_state == OrderState.paid.value,
            voucher.c.frozen.is_(False),
            voucher.c.valid_until > uow.now,
        )
        .order_by(voucher.c.voucher_ref)
        .limit(limit)
    )
    if after is not None:
        query = query.where(voucher.c.voucher_ref > after)
    return [VoucherRef(ref) for ref in uow.connection.execute(query).scalars()]


def write_chosen_store(uow: UnitOfWork, ref: VoucherRef, store: StoreId) -> None:
    """Store a buyer's choice and remember when it was made."""
    uow.connection.execute(
        update(voucher)
        .where(voucher.c.merchant == uow.merchant, voucher.c.voucher_ref == ref)
        .values(chosen_store=store)
    )
    uow.connection.execute(
        store_choice.insert().values(
            merchant=uow.merchant, voucher_ref=ref, id=uow.new_id(), store=store, chosen_at=uow.now
        )
    )


def lock_voucher(uow: UnitOfWork, ref: VoucherRef) -> None:
    """Let choices of one voucher's store follow each other."""
    query = select(voucher.c.voucher_ref).where(
        voucher.c.merchant == uow.merchant, voucher.c.voucher_ref == ref
    )
    uow.connection.execute(query.with_for_update())


def count_choices(uow: UnitOfWork, ref: VoucherRef, since: datetime) -> int:
    """How often the store of a voucher was chosen after a moment."""
    query = select(func.count()).where(
        store_choice.c.merchant == uow.merchant,
        store_choice.c.voucher_ref == ref,
        store_choice.c.chosen_at > since,
    )
    return uow.connection.execute(query).scalar_one()


def write_order_state(uow: UnitOfWork, order: OrderId, state: OrderState) -> None:
    """Tell every voucher of an order where the order stands."""
    uow.connection.execute(
        update(voucher)
        .where(voucher.c.merchant == uow.merchant, voucher.c.order_id == order)
        .values(order_state=state.value)
    )


def write_frozen(uow: UnitOfWork, ref: VoucherRef, *, frozen: bool) -> None:
    """Block or unblock one voucher."""
    uow.connection.execute(
        update(voucher)
        .where(voucher.c.merchant == uow.merchant, voucher.c.voucher_ref == ref)
        .values(frozen=frozen)
    )


def insert_link(uow: UnitOfWork, order: OrderId, secret_hash: bytes) -> None:
    """Keep the hash of an order's link; the first one stays."""
    row = {
        "merchant": uow.merchant,
        "order_id": order,
        "secret_hash": secret_hash,
        "made_at": uow.now,
    }
    insert_if_absent(uow.connection, code_page_link, row)


def read_order_of_link(
    connection: Connection, merchant: MerchantId, secret_hash: bytes
) -> OrderId | None:
    """The order that a link opens."""
    query = select(code_page_link.c.order_id).where(
        code_page_link.c.merchant == merchant, code_page_link.c.secret_hash == secret_hash
    )
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else OrderId(found)
