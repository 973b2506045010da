"""The merchant, its stores, and who may see and change which."""

from dataclasses import replace
from uuid import UUID

import pytest

from server.kernel.unit_of_work import UnitOfWork
from server.staff.rules import Person, Role
from server.stores import service as stores
from server.stores.rules import Policy, Position, StoreNumberTakenError
from shared.errors import InvalidInputError, NotAllowedError, NotFoundError
from shared.ids import MerchantId, StaffId, StoreId
from tests.server.database_under_test import Transactions
from tests.server.stores.some_chain import LAKESIDE, SOME_MERCHANT, STATION

MANAGER = Person(
    StaffId(UUID(int=9)), "m", "店长", "店长", Role.store_manager, frozenset({LAKESIDE.id}), True
)
OPERATOR = Person(StaffId(UUID(int=8)), "o", "运营", "运营", Role.operator, None, active=True)


@pytest.fixture
def chain(uow: UnitOfWork) -> UnitOfWork:
    stores.save_merchant(uow, None, SOME_MERCHANT)
    for store in (STATION, LAKESIDE):
        stores.save_store(uow, None, store)
    return uow


def test_all_is_read_as_it_was_saved(chain: UnitOfWork) -> None:
    assert stores.merchant_of(chain) == SOME_MERCHANT
    assert stores.merchant_named(chain.connection, "lantern") == SOME_MERCHANT
    assert stores.stores_for_buyers(chain) == [LAKESIDE, STATION]
    assert stores.store_of(chain, STATION.id) == STATION
    assert stores.names_of_stores(chain) == {LAKESIDE.id: "湖滨店", STATION.id: "车站店"}


def test_a_manager_sees_one_store_and_headquarters_all(chain: UnitOfWork) -> None:
    assert stores.stores_seen_by(chain, MANAGER) == [LAKESIDE]
    assert stores.stores_seen_by(chain, OPERATOR) == [LAKESIDE, STATION]


def test_a_manager_sets_only_their_own_store_to_rest(chain: UnitOfWork) -> None:
    assert not stores.set_open(chain, MANAGER, LAKESIDE.id, is_open=False).open
    assert not stores.store_of(chain, LAKESIDE.id).open
    with pytest.raises(NotAllowedError):
        stores.set_open(chain, MANAGER, STATION.id, is_open=False)
    assert stores.store_of(chain, STATION.id).open


def test_a_manager_opens_no_stores_and_sets_no_policy(chain: UnitOfWork) -> None:
    with pytest.raises(NotAllowedError):
        stores.save_store(chain, MANAGER, replace(LAKESIDE, name="我的店"))
    with pytest.raises(NotAllowedError):
        stores.set_policy(chain, MANAGER, Policy(undo_minutes=99))


def test_headquarters_sets_the_policy(chain: UnitOfWork) -> None:
    stores.set_policy(chain, OPERATOR, Policy(undo_minutes=5, provisional_allowed=True))
    assert stores.merchant_of(chain).policy.undo_minutes == 5


def test_a_number_is_one_stores(chain: UnitOfWork) -> None:
    with pytest.raises(StoreNumberTakenError):
        stores.save_store(chain, None, replace(STATION, id=StoreId(UUID(int=5)), number=1))


@pytest.mark.parametrize(
    "store",
    [
        replace(LAKESIDE, number=0),
        replace(LAKESIDE, name=""),
        replace(LAKESIDE, legal_entity=" "),
        replace(LAKESIDE, position=Position(91_000_000, 0, LAKESIDE.position.datum)),  # type: ignore[union-attr]
    ],
)
def test_a_store_makes_sense(chain: UnitOfWork, store: object) -> None:
    with pytest.raises(InvalidInputError):
        stores.save_store(chain, None, store)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "value"),
    [("short_name", "灯笼"), ("short_name", "-a"), ("name", ""), ("time_zone", "Mars/Base")],
)
def test_a_merchant_makes_sense(uow: UnitOfWork, field: str, value: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        stores.save_merchant(uow, None, replace(SOME_MERCHANT, **{field: value}))  # type: ignore[arg-type]
    assert refused.value.facts["field"] == field


def test_two_merchants_never_mix(begin: Transactions) -> None:
    other = MerchantId(UUID(int=77))
    with begin() as uow:
        stores.save_merchant(uow, None, SOME_MERCHANT)
        stores.save_store(uow, None, LAKESIDE)
    with begin(merchant=other) as uow:
        stores.save_merchant(uow, None, replace(SOME_MERCHANT, id=other, short_name="other"))
        assert stores.stores_for_buyers(uow) == []
        with pytest.raises(NotFoundError):
            stores.store_of(uow, LAKESIDE.id)
        with pytest.raises(stores.MerchantNameTakenError):
            stores.save_merchant(uow, None, replace(SOME_MERCHANT, id=other))


def test_an_unknown_merchant_is_not_found(uow: UnitOfWork) -> None:
    with pytest.raises(NotFoundError):
        stores.merchant_of(uow)
