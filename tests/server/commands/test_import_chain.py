"""A chain is imported whole or not at all, and every fault of its file is named with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from server.catalog import service as catalog
from server.catalog.rules import StockBelowSoldError
from server.commands.chain_definition import read_chain
from server.commands.chain_faults import FaultyChainFileError, lines_of_keys
from server.commands.chain_secrets import Secrets, read_secrets
from server.commands.import_chain import ImportedChain, import_chain
from server.distribution import service as distribution
from server.kernel.database import BlockingDatabase, Connection
from server.kernel.settings import Settings
from server.kernel.unit_of_work import UnitOfWork
from server.staff import service as staff
from server.staff.passwords import password_is_right
from server.staff.rules import Role
from server.stores import service as stores
from shared.ids import MerchantId
from tests.server.database_under_test import NOW, Transactions

EXAMPLE = Path(__file__).parents[3] / "docs" / "chain-example.toml"
Import = Callable[..., ImportedChain]


@pytest.fixture
def run_import(
    database: BlockingDatabase, begin: Transactions, tmp_path: Path
) -> Callable[..., ImportedChain]:
    settings = Settings(root_key_file=str(tmp_path / "root.key"))

    def bind(connection: Connection, merchant: MerchantId) -> UnitOfWork:
        return UnitOfWork(connection, merchant, NOW, begin.new_id, begin.entropy)

    def run(text: str, given: Secrets | None = None) -> ImportedChain:
        path = tmp_path / "chain.toml"
        path.write_text(text, encoding="utf-8")
        return import_chain(database, settings, bind, path, given)

    return run


def example() -> str:
    return EXAMPLE.read_text(encoding="utf-8")


def small() -> str:
    """The example with two people only: hashing passwords is slow on purpose."""
    head, _, tail = example().partition("[[staff]]")
    people, _, distributors = tail.partition("[[distributors]]")
    few = [one for one in people.split("[[staff]]") if '"admin"' in one or '"clerk-1"' in one]
    rest = "".join(f"[[staff]]{one}" for one in few) + "[[distributors]]" + distributors
    lines = [line for line in head.splitlines() if not line.startswith("manager")]
    return "\n".join(lines) + "\n" + rest


def test_the_example_makes_a_chain(run_import: Import, begin: Transactions) -> None:
    made = run_import(example())
    with begin(merchant=made.merchant) as uow:
        assert stores.merchant_of(uow).short_name == "lantern"
        assert [store.number for store in stores.stores_for_buyers(uow)] == [1, 2, 3]
        assert [one.product.number for one in catalog.list_products(uow)] == [101, 102, 103]
        lunch = catalog.product_of_number(uow, 103)
        assert lunch.stores == frozenset({made.stores[2], made.stores[3]})
        quotas = catalog.quotas(uow, [(made.stores[1], made.products[101])])
        assert [quota.quota for quota in quotas.values()] == [300]
        splits = {one.product.platform_rate_bp for one in catalog.list_products(uow)}
        assert splits == {500, 333, 800}
        assert all(one.earns for one in distribution.distributors(uow, None))
        manager = staff.person_of_login(uow, "manager-1")
        assert manager is not None
        assert (manager.role, manager.stores) == (
            Role.store_manager,
            frozenset({made.stores[1]}),
        )
        assert stores.store_of(uow, made.stores[1]).manager == manager.id
        assert len(made.link_codes) == 2


def test_made_up_passwords_work_and_are_not_shown_by_accident(
    run_import: Import, begin: Transactions
) -> None:
    made = run_import(small())
    assert set(made.made_up.passwords) == set(made.staff)
    assert set(made.made_up.pins) == {"clerk-1"}
    assert made.made_up.passwords["admin"] not in repr(made)
    with begin(merchant=made.merchant) as uow:
        stored = staff.begin_log_in(uow, "admin").password_hash
    assert password_is_right(stored, made.made_up.passwords["admin"])


def test_given_passwords_are_taken(run_import: Import, begin: Transactions, tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text('[passwords]\nadmin = "ten letters or more"\n[pins]\nclerk-1 = "2468"\n')
    made = run_import(small(), read_secrets(path))
    assert "admin" not in made.made_up.passwords
    assert "clerk-1" not in made.made_up.pins
    with begin(merchant=made.merchant) as uow:
        stored = staff.begin_log_in(uow, "admin").password_hash
    assert password_is_right(stored, "ten letters or more")


def test_weak_ones_are_refused(run_import: Import) -> None:
    with pytest.raises(FaultyChainFileError) as refused:
        run_import(small(), Secrets({"admin": "short"}, {"clerk-1": "12"}))
    assert [fault.key for fault in refused.value.faults] == ["passwords.admin", "pins.clerk-1"]


def test_again_it_updates_and_keeps_ids_and_passwords(
    run_import: Import, begin: Transactions
) -> None:
    first = run_import(small())
    again = run_import(small().replace("price_fen = 8800", "price_fen = 8900"))
    assert (again.merchant, again.stores, again.products, again.staff, again.link_codes) == (
        first.merchant,
        first.stores,
        first.products,
        first.staff,
        first.link_codes,
    )
    assert again.made_up == Secrets()
    with begin(merchant=first.merchant) as uow:
        assert catalog.product_of_number(uow, 101).price_fen == 8_900
        stored = staff.begin_log_in(uow, "admin").password_hash
    assert password_is_right(stored, first.made_up.passwords["admin"])


def test_every_fault_is_named_with_its_line(run_import: Import, begin: Transactions) -> None:
    text = """
[merchant]
short_name = "Lantern"
name = "灯笼"
time_zone = "Asia/Shanghai"
colour = "red"

[[stores]]
number = 1
name = ""
legal_entity = "灯笼"
manager = "nobody"
latitude = 30.25

[[stores]]
number = 1
name = "二店"
legal_entity = "灯笼"

[[products]]
number = 101
name = "套餐"
price_fen = "88.00"
stores = [9]
level1_rate_bp = 3001
quotas = { 5 = 10 }

[[staff]]
login = "clerk"
name = "甲"
role = "king"
"""
    with pytest.raises(FaultyChainFileError) as refused:
        run_import(text)
    named = {(fault.line, fault.key) for fault in refused.value.faults}
    assert named >= {
        (3, "merchant.short_name"),
        (6, "merchant.colour"),
        (9, "stores[1].number"),
        (10, "stores[1].name"),
        (12, "stores[1].manager"),
        (8, "stores[1].datum"),
        (16, "stores[2].number"),
        (23, "products[1].price_fen"),
        (24, "products[1].stores"),
        (25, "products[1].level1_rate_bp"),
        (26, "products[1].quotas"),
        (31, "staff[1].role"),
        (28, "staff[1].stores"),
    }
    with begin() as uow:
        assert stores.merchants(uow.connection) == []


def test_what_contradicts_the_database_imports_nothing(
    run_import: Import, begin: Transactions
) -> None:
    made = run_import(small())
    with begin(merchant=made.merchant) as uow:
        catalog.reserve_stock(uow, made.products[101], 5)
    changed = small().replace('name = "灯笼小馆"', 'name = "新名"')
    with pytest.raises(StockBelowSoldError):
        run_import(changed.replace("total_stock = 1000", "total_stock = 4"))
    with begin(merchant=made.merchant) as uow:
        assert stores.merchant_of(uow).name == "灯笼小馆"


@pytest.mark.parametrize(
    "text",
    ["", "merchant = 5", "[[merchant]]", "stores = 1", "[merchant", "[merchant]\nname = 1\n"],
)
def test_nonsense_is_a_list_of_faults_and_no_crash(text: str) -> None:
    with pytest.raises(FaultyChainFileError) as refused:
        read_chain(text)
    assert refused.value.faults


def test_a_secrets_file_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    with pytest.raises(FaultyChainFileError, match="cannot be read"):
        read_secrets(path)
    for text in ("passwords = 1", "[passwords]\nadmin = 1", "[other]\n", "[passwords"):
        path.write_text(text)
        with pytest.raises(FaultyChainFileError):
            read_secrets(path)


def test_lines_are_found_by_key() -> None:
    lines = lines_of_keys("a = 1\n\n[b]\nc = 2\n[[d]]\ne = 3\n[[d]]\ne = 4\n[b.f]\ng = 5\n")
    assert lines == {
        "a": 1,
        "b": 3,
        "b.c": 4,
        "d[1]": 5,
        "d[1].e": 6,
        "d[2]": 7,
        "d[2].e": 8,
        "b.f": 9,
        "b.f.g": 10,
    }
