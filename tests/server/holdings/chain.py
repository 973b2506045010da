"""A small chain to test holdings with: two stores, a product, vouchers, tills with journals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from server.catalog import service as catalog
from server.catalog.rules import Product, Validity
from server.holdings import service as holdings
from server.holdings.values import Answer, Ask, Upload, UploadResult
from server.kernel.keys import RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.redemption import service as redemption
from server.stores import service as stores
from server.stores.rules import Store
from server.vouchers import service as vouchers
from server.vouchers.rules import SplitTerms, VoucherSale
from shared import journal
from shared.feed import AnyEntry, GrantEntry, decode_entry
from shared.ids import DistributorId, EventId, OrderId, ProductId, StoreId, TillId, VoucherRef
from shared.journal import FIRST_HASH, JournalEvent, UndoTo, encode_event, event_hash
from shared.wire import EventStatus, GrantKey
from tests.server.database_under_test import MERCHANT, NOW

ROOT_KEY = RootKey(bytes(range(32)))
KEYS = ROOT_KEY.of(MERCHANT)
NORTH = StoreId(UUID("01890000-0000-7000-8000-000000000101"))
SOUTH = StoreId(UUID("01890000-0000-7000-8000-000000000102"))
NORTH_TILL = TillId(UUID("01890000-0000-7000-8000-000000000201"))
NORTH_OTHER_TILL = TillId(UUID("01890000-0000-7000-8000-000000000202"))
SOUTH_TILL = TillId(UUID("01890000-0000-7000-8000-000000000203"))
TEA = ProductId(UUID("01890000-0000-7000-8000-000000000301"))
LI = DistributorId(UUID("01890000-0000-7000-8000-000000000401"))
SPLIT = SplitTerms(distributor=LI, level1_rate_bp=1_000, platform_rate_bp=500, rule_version=1)


def found_chain(uow: UnitOfWork) -> None:
    """Two stores and a product; every till has its feed."""
    for number, (store, name) in enumerate(((NORTH, "North"), (SOUTH, "South")), 1):
        stores.save_store(uow, None, _store(store, number, name))
    catalog.save_product(uow, None, _product())
    tills = ((NORTH_TILL, "N1"), (NORTH_OTHER_TILL, "N2"), (SOUTH_TILL, "S1"))
    for till, name in tills:
        holdings.open_feed(uow, till, name=name)


def _store(store: StoreId, number: int, name: str) -> Store:
    return Store(
        id=store,
        number=number,
        name=name,
        address="1 Tea Street",
        phone="",
        position=None,
        hours="9-21",
        open=True,
        legal_entity="Tea Ltd",
        manager=None,
    )


def _product() -> Product:
    return Product(
        id=TEA,
        number=7,
        name="Tea",
        description="",
        price_fen=1_000,
        face_fen=1_500,
        uses_per_unit=1,
        per_visit_uses_max=10,
        validity=Validity(days=30),
        stores=None,
        refundable=True,
        booking_required=False,
        provisional_allowed=True,
        attention_text=None,
        platform_rate_bp=500,
        level1_rate_bp=1_000,
        rule_version=1,
        on_shelf=True,
    )


def sell(
    uow: UnitOfWork,
    uses: int = 1,
    value_fen: int = 1_000,
    *,
    chosen_store: StoreId | None = None,
    only_at: StoreId | None = None,
    valid_from: datetime = NOW - timedelta(days=1),
) -> VoucherRef:
    """One voucher whose uses the server holds."""
    sale = VoucherSale(
        order=OrderId(uow.new_id()),
        order_number="A1",
        product=TEA,
        product_number=7,
        product_name="Tea",
        uses_total=uses,
        value_fen=value_fen,
        face_fen=1_500 * uses,
        valid_from=valid_from,
        valid_until=valid_from + timedelta(days=31),
        stores=frozenset({only_at}) if only_at else None,
        per_visit_uses_max=10,
        attention=False,
        booked_slot=None,
        chosen_store=chosen_store,
        split=SPLIT,
    )
    issued = vouchers.issue(uow, KEYS, [sale])[0]
    holdings.open_holdings(uow, [(issued.voucher_ref, uses, value_fen)])
    return issued.voucher_ref


@dataclass(slots=True)
class TillAtWork:
    """A till's journal, written the way a till writes it."""

    till: TillId
    store: StoreId
    incarnation: int = 1
    raws: list[bytes] = field(default_factory=list)
    sent: int = 0
    cursor: int = 0

    def write(self, make: type[JournalEvent], **fields: object) -> bytes:
        """Append an event to the journal."""
        prev_hash = event_hash(self.raws[-1]) if self.raws else FIRST_HASH
        fields = {"at": NOW} | fields
        event = make(seq=len(self.raws) + 1, prev_hash=prev_hash, **fields)  # type: ignore[arg-type]
        self.raws.append(encode_event(event))
        return self.raws[-1]

    def redeem(self, eid: EventId, voucher: VoucherRef, grant: GrantKey, uses: int = 1) -> None:
        self.write(
            journal.Redeem, eid=eid, voucher_ref=voucher, uses=uses, grant=grant, evidence=b""
        )

    def redeem_for(
        self, asked_by: TillId, eid: EventId, voucher: VoucherRef, grant: GrantKey, uses: int = 1
    ) -> None:
        self.write(
            journal.Redeem,
            eid=eid,
            voucher_ref=voucher,
            uses=uses,
            grant=grant,
            evidence=b"",
            asked_by=asked_by,
        )

    def provisional(self, eid: EventId, voucher: VoucherRef, uses: int = 1) -> None:
        self.write(journal.Provisional, eid=eid, voucher_ref=voucher, uses=uses, evidence=b"")

    def void(self, eid: EventId, voucher: VoucherRef, uses: int = 1) -> None:
        self.write(journal.Void, eid=eid, voucher_ref=voucher, uses=uses)

    def undo(self, eid: EventId, uses: int = 1, to: UndoTo = UndoTo.grant) -> None:
        self.write(journal.Undo, eid=eid, uses=uses, to=to)

    def release(self, grant: GrantKey, uses: int) -> None:
        self.write(journal.Release, grant=grant, uses=uses)

    def upload(self, first: int | None = None) -> Upload:
        """What has not been sent, or everything from a number on."""
        start = self.sent if first is None else first - 1
        self.sent = len(self.raws)
        return Upload(
            self.till, self.store, self.incarnation, self.cursor, tuple(self.raws[start:])
        )

    def sync(self, uow: UnitOfWork) -> UploadResult:
        """Send what has not been sent."""
        return redemption.take_uploads(uow, [self.upload()])[0]

    def ask(self, uow: UnitOfWork, eid: EventId, voucher: VoucherRef, uses: int = 1) -> Answer:
        asked = Ask(eid, self.till, self.store, voucher, uses, b"sealed", None)
        return redemption.answer_asks(uow, [asked])[0]

    def news(self, uow: UnitOfWork) -> list[AnyEntry]:
        """Everything the feed says."""
        page = holdings.feed_after(uow, self.till, 0)
        return [decode_entry(raw) for raw in page.entries]


def new_eid(uow: UnitOfWork) -> EventId:
    return EventId(uow.new_id())


def north_keeper(uow: UnitOfWork) -> TillAtWork:
    """The north store's till, keeper."""
    holdings.appoint_keeper(uow, NORTH, NORTH_TILL)
    return TillAtWork(NORTH_TILL, NORTH)


def granted(uow: UnitOfWork, voucher: VoucherRef, store: StoreId = NORTH) -> GrantKey:
    """Grant a voucher to a store's keeper."""
    feed_no = holdings.grant_to_store(uow, [voucher], store)[voucher]
    open_grant = holdings.open_grant(uow, voucher)
    assert open_grant is not None
    assert open_grant.feed_no == feed_no
    return GrantKey(open_grant.tenure, feed_no)


def status_of(result: UploadResult, eid: EventId) -> EventStatus:
    return next(outcome.status for outcome in result.outcomes if outcome.eid == eid)


def grants_told(entries: Sequence[AnyEntry]) -> list[GrantEntry]:
    return [entry for entry in entries if isinstance(entry, GrantEntry)]


def pools(uow: UnitOfWork, voucher: VoucherRef) -> tuple[int, int, int, int]:
    """Held, out, redeemed, refunded."""
    view = holdings.holding_of(uow, voucher)
    assert view is not None
    return view.held, view.out, view.redeemed, view.refunded
