"""The chain every history begins with: stores, products, a distributor, tills paired and greeted.

It is made once by the product's own services and copied for each history.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from pos_app.core.knowledge import Identity
from pos_app.core.till_keys import TillKeys, new_keys
from pos_app.services.till import begin
from pos_app.storage.database import Database
from server.catalog import service as catalog
from server.catalog.rules import Product, Validity
from server.distribution import service as distribution
from server.kernel.database import BlockingDatabase
from server.kernel.keys import RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.stores import service as stores
from server.stores.rules import Merchant, Policy, Store
from server.tills import claiming, confirmation, pairing_codes
from server.tills.rules import INSTALLATION
from shared.clock import utc
from shared.ids import DistributorId, MerchantId, ProductId, StoreId
from shared.wire import PairReply, PairRequest
from tests.server.database_under_test import create_schema
from tests.together.dice import Dice
from tests.together.till_node import TillPlace

OPENED_AT = utc(2026, 3, 2, 8)
MERCHANT = MerchantId(UUID("01890000-0000-7000-8000-00000000000a"))
ROOT_KEY = RootKey(bytes(range(32)))
DEFAULT_STORES = 3
QUOTA_OF_LAST_STORE = 8

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Chain:
    """What a history is a history of.

    Attributes:
        folder: holds the first state of every database.
        stores: ids, in order.
        products: ids, in order.
        link_code: of the distributor.
        tills: two in the first store, one in every other.
    """

    folder: Path
    stores: tuple[StoreId, ...]
    products: tuple[ProductId, ...]
    link_code: str
    tills: tuple[TillPlace, ...]

    def copy_to(self, folder: Path) -> None:
        """Begin a history in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)


def server_file(folder: Path) -> Path:
    """Where the server's database is."""
    return folder / "server.sqlite"


def till_file(folder: Path, number: int) -> Path:
    """Where a till's database is."""
    return folder / f"till-{number}.sqlite"


def fast_folder() -> Path:
    """A new folder in memory where there is one, so that no step waits for a disk."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="hexiao-", dir=memory if memory.is_dir() else None))


class _Builder:
    """Runs services in transactions of their own, with ids that are the same in every run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dice = Dice(0)
        create_schema(f"sqlite:///{server_file(folder)}")
        self.database = BlockingDatabase(f"sqlite:///{server_file(folder)}")

    def run(self, work: Callable[[UnitOfWork], Result], merchant: MerchantId = MERCHANT) -> Result:
        def in_transaction(connection: Connection) -> Result:
            uow = UnitOfWork(connection, merchant, OPENED_AT, self.dice.new_id, self.dice.entropy)
            return work(uow)

        return self.database.write(in_transaction)


def build_chain(store_count: int) -> Chain:
    """Make a chain of so many stores, in a folder of its own that the caller removes."""
    builder = _Builder(fast_folder())
    merchant = Merchant(MERCHANT, "chain", "Chain", "Asia/Shanghai", Policy())
    builder.run(lambda uow: stores.save_merchant(uow, None, merchant))
    shops = tuple(_open_store(builder, number) for number in range(store_count))
    products = tuple(_offer(builder, product) for product in _products(builder))
    for product in products:
        _limit(builder, shops[-1], product)
    link_code = builder.run(_take_in_distributor)
    tills = [_pair(builder, shop, number) for number, shop in enumerate((shops[0], *shops))]
    builder.database.close()
    return Chain(builder.folder, shops, products, link_code, tuple(tills))


def _open_store(builder: _Builder, number: int) -> StoreId:
    store = StoreId(builder.dice.new_id())
    row = Store(store, number + 1, f"Store {number}", "", "", None, "", True, "Owner", None)
    builder.run(lambda uow: stores.save_store(uow, None, row))
    return store


def _products(builder: _Builder) -> list[Product]:
    """A single-use voucher, one of three uses with an odd price, one of five that ends soon."""
    shapes = [(1, 1, 4_990, 30), (3, 2, 10_001, 90), (5, 3, 25_000, 1)]
    return [
        Product(
            id=ProductId(builder.dice.new_id()),
            number=number,
            name=f"Product {number}",
            description="",
            price_fen=price_fen,
            face_fen=price_fen + 1_000,
            uses_per_unit=uses,
            per_visit_uses_max=per_visit,
            validity=Validity(days=days),
            stores=None,
            refundable=True,
            booking_required=False,
            provisional_allowed=False,
            attention_text=None,
            platform_rate_bp=600,
            level1_rate_bp=850,
            rule_version=1,
            on_shelf=True,
        )
        for number, (uses, per_visit, price_fen, days) in enumerate(shapes)
    ]


def _offer(builder: _Builder, product: Product) -> ProductId:
    builder.run(lambda uow: catalog.save_product(uow, None, product))
    return product.id


def _limit(builder: _Builder, store: StoreId, product: ProductId) -> None:
    pair = (store, product)
    builder.run(lambda uow: catalog.set_quota(uow, None, pair, QUOTA_OF_LAST_STORE))


def _take_in_distributor(uow: UnitOfWork) -> str:
    joined = distribution.join(uow, None, DistributorId(uow.new_id()), "Distributor")
    return distribution.accept_agreement(uow, joined.id).link_code


def _pair(builder: _Builder, store: StoreId, number: int) -> TillPlace:
    """Pair a till the way a person does, and begin its life on its own disk."""
    keys = new_keys(builder.dice.entropy)
    name = f"Till {number}"
    code = builder.run(
        lambda uow: pairing_codes.issue_pairing_code(uow, ROOT_KEY, store, name, None)
    )
    request = PairRequest(
        code=code.text,
        signing_key=keys.public_signing(),
        sealing_key=keys.public_sealing(),
        device_name=name,
        app_version="0.1.0",
    )
    claimed = builder.run(
        lambda uow: claiming.claim(uow, ROOT_KEY, request, "counter"), INSTALLATION
    )
    assert isinstance(claimed, PairReply)
    till = builder.run(lambda uow: confirmation.confirm(uow, claimed.pairing, None))
    merchant_keys = ROOT_KEY.of(MERCHANT)
    lookup = TillKeys(keys.signing, keys.sealing, merchant_keys.lookup_key())
    database = Database(till_file(builder.folder, number))
    identity = Identity(
        till=till.id,
        store=store,
        merchant=MERCHANT,
        incarnation=1,
        till_name=name,
        server_url="",
        server_sealing_key=merchant_keys.sealing_public_key(),
    )
    begin(database, identity)
    database.close()
    return TillPlace(number, till.id, store, lookup)
