"""A merchant and two stores that tests work with."""

from uuid import UUID

from server.stores.rules import Datum, Merchant, Policy, Position, Store
from shared.ids import StoreId
from tests.server.database_under_test import MERCHANT

SOME_MERCHANT = Merchant(MERCHANT, "lantern", "灯笼小馆", "Asia/Shanghai", Policy())
LAKESIDE = Store(
    id=StoreId(UUID("01890000-0000-7000-8000-0000000000c1")),
    number=1,
    name="湖滨店",
    address="湖滨路 1 号",
    phone="000-0001",
    position=Position(30_250_000, 120_160_000, Datum.gcj02),
    hours="10:00-21:00",
    open=True,
    legal_entity="灯笼餐饮",
    manager=None,
)
STATION = Store(
    id=StoreId(UUID("01890000-0000-7000-8000-0000000000c2")),
    number=2,
    name="车站店",
    address="车站路 2 号",
    phone="",
    position=None,
    hours="",
    open=True,
    legal_entity="灯笼餐饮",
    manager=None,
)
