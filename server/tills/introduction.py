"""What a till is told at the beginning of a life, and again when one of these things changes."""

from server.catalog import service as catalog
from server.catalog.rules import Product
from server.holdings import service as holdings
from server.kernel.unit_of_work import UnitOfWork
from server.staff import service as staff
from server.staff.rules import Permission, may
from server.staff.service import TillStaff
from server.stores import service as stores
from server.tills.rules import TillState
from server.tills.store import machines
from server.tills.values import TillRow
from shared import feed
from shared.ids import StoreId, TillId

Telling = tuple[TillId, feed.Entry]


def introduce(uow: UnitOfWork, till: TillRow) -> None:
    """Tell a till everything it needs besides vouchers, and tell its peers of it."""
    own: list[feed.Entry] = [*_store_and_policy(uow, till), *_products(uow), *_people(uow, till)]
    peers = [other for other in _working(uow, till.store) if other.id != till.id]
    keepers = _keepers(uow, till.store)
    own += [peer_entry(peer, keeper=peer.id in keepers) for peer in peers]
    tellings: list[Telling] = [(till.id, entry) for entry in own]
    tellings += [(peer.id, peer_entry(till, keeper=till.id in keepers)) for peer in peers]
    holdings.tell(uow, tellings)


def tell_peers_of(uow: UnitOfWork, till: TillRow) -> None:
    """Tell the other tills of its store what a till is now: keeper or not, working or not."""
    keepers = _keepers(uow, till.store)
    holdings.tell(
        uow,
        [
            (peer.id, peer_entry(till, keeper=till.id in keepers))
            for peer in _working(uow, till.store)
            if peer.id != till.id
        ],
    )


def tell_store_and_policy(uow: UnitOfWork, shop: StoreId | None = None) -> None:
    """Tell the tills of a store, or all, what their store and the merchant's policy are now."""
    tellings: list[Telling] = []
    for till in _working(uow, shop):
        tellings += [(till.id, entry) for entry in _store_and_policy(uow, till)]
    holdings.tell(uow, tellings)


def tell_product(uow: UnitOfWork, product: Product) -> None:
    """Tell every till what a product is called now."""
    entry = _product_entry(product)
    holdings.tell(uow, [(till.id, entry) for till in _working(uow, None)])


def tell_people(uow: UnitOfWork, shop: StoreId) -> None:
    """Tell the tills of a store who works there now."""
    tellings: list[Telling] = []
    for till in _working(uow, shop):
        tellings += [(till.id, entry) for entry in _people(uow, till)]
    holdings.tell(uow, tellings)


def peer_entry(till: TillRow, *, keeper: bool) -> feed.Peer:
    """What the other tills of a store are told of one."""
    return feed.Peer(
        feed_no=0,
        till=till.id,
        signing_key=till.signing_key,
        sealing_key=till.sealing_key,
        keeper=keeper,
        active=till.state is TillState.active,
    )


def _working(uow: UnitOfWork, shop: StoreId | None) -> list[TillRow]:
    every = machines.tills(uow.connection, uow.merchant, shop)
    return [till for till in every if till.state is TillState.active]


def _keepers(uow: UnitOfWork, shop: StoreId) -> set[TillId]:
    """The tills that a store's counter may still reach for what they hold."""
    return {tenure.till for tenure in holdings.live_tenures(uow, store=shop)}


def _store_and_policy(uow: UnitOfWork, till: TillRow) -> list[feed.Entry]:
    merchant = stores.merchant_of(uow)
    policy = merchant.policy
    place = stores.store_of(uow, till.store)
    return [
        feed.Policy(
            feed_no=0,
            undo_minutes=policy.undo_minutes,
            provisional_allowed=policy.provisional_allowed,
            provisional_value_max_fen=policy.provisional_value_max_fen,
            provisional_count_max=policy.provisional_count_max,
            provisional_hours_max=policy.provisional_hours_max,
            day_cutoff_hours=policy.day_cutoff_hours,
            time_zone=merchant.time_zone,
        ),
        feed.Store(
            feed_no=0, store=place.id, name=place.name, open=place.open, till_name=till.name
        ),
    ]


def _products(uow: UnitOfWork) -> list[feed.Entry]:
    return [_product_entry(stocked.product) for stocked in catalog.list_products(uow)]


def _product_entry(product: Product) -> feed.Product:
    return feed.Product(
        feed_no=0,
        product_number=product.number,
        name=product.name,
        attention_text=product.attention_text,
        provisional_allowed=product.provisional_allowed,
    )


def _people(uow: UnitOfWork, till: TillRow) -> list[feed.Entry]:
    return [_staff_entry(someone, till) for someone in staff.staff_of_till(uow, till.store)]


def _staff_entry(someone: TillStaff, till: TillRow) -> feed.Staff:
    person = someone.person
    return feed.Staff(
        feed_no=0,
        staff=person.id,
        short_name=person.short_name,
        role=person.role,
        pin_verifier=someone.pin_verifier or b"",
        active=may(person, Permission.redeem, till.store),
    )
