"""Reads a chain's TOML file: whole, and checked whole, before anything is written."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from server.catalog.rules import VALID_DAYS_DEFAULT, Product, Validity, product_faults
from server.commands.chain_checks import check_names, check_references
from server.commands.chain_faults import FaultList, FaultyChainFileError, TableReader, toml_of
from server.commands.chain_values import (
    ChainDefinition,
    DistributorDefinition,
    ProductDefinition,
    StaffDefinition,
    StoreDefinition,
)
from server.staff.rules import STORE_ROLES, Person, Role
from server.stores.rules import (
    MICRODEGREES,
    Datum,
    Merchant,
    Policy,
    Position,
    Store,
    is_time_zone,
    merchant_faults,
    store_faults,
)
from shared.ids import MerchantId, ProductId, StaffId, StoreId

_NOBODY = UUID(int=0)
"""Stands for an id that is given at the import."""
Made = TypeVar("Made")


def read_chain(text: str) -> ChainDefinition:
    """Read a chain's file.

    Raises:
        FaultyChainFileError: with every fault there is.
    """
    content = toml_of(text)
    faults = FaultList(text)
    reader = TableReader(content, "", faults)
    merchant = _merchant(reader.table("merchant"))
    zone = ZoneInfo(merchant.time_zone) if is_time_zone(merchant.time_zone) else ZoneInfo("UTC")
    tables = {key: reader.tables(key) for key in ("stores", "products", "staff", "distributors")}
    reader.refuse_the_rest()
    chain = ChainDefinition(
        merchant=merchant,
        stores=_each(tables["stores"], _store),
        products=_each(tables["products"], lambda table: _product(table, zone)),
        staff=_each(tables["staff"], _staff),
        distributors=_each(tables["distributors"], _distributor),
    )
    check_names(chain, faults)
    check_references(chain, faults)
    if faults.faults:
        raise FaultyChainFileError(faults.faults)
    return chain


def _each(tables: Iterable[TableReader], read: Callable[[TableReader], Made]) -> tuple[Made, ...]:
    made = []
    for table in tables:
        made.append(read(table))
        table.refuse_the_rest()
    return tuple(made)


def _merchant(table: TableReader) -> Merchant:
    rules = table.table("policy")
    usual = Policy()
    policy = Policy(
        undo_minutes=rules.number("undo_minutes", usual.undo_minutes),
        provisional_allowed=rules.flag("provisional_allowed", default=usual.provisional_allowed),
        provisional_value_max_fen=rules.number(
            "provisional_value_max_fen", usual.provisional_value_max_fen
        ),
        provisional_count_max=rules.number("provisional_count_max", usual.provisional_count_max),
        provisional_hours_max=rules.number("provisional_hours_max", usual.provisional_hours_max),
        day_cutoff_hours=rules.number("day_cutoff_hours", usual.day_cutoff_hours),
    )
    made = Merchant(
        id=MerchantId(_NOBODY),
        short_name=table.text("short_name"),
        name=table.text("name"),
        time_zone=table.text("time_zone"),
        policy=policy,
    )
    for field, allowed in merchant_faults(made):
        owner = rules if hasattr(policy, field) else table
        owner.fault(field, allowed)
    rules.refuse_the_rest()
    table.refuse_the_rest()
    return made


def _store(table: TableReader) -> StoreDefinition:
    made = Store(
        id=StoreId(_NOBODY),
        number=table.number("number"),
        name=table.text("name"),
        address=table.text("address", ""),
        phone=table.text("phone", ""),
        position=_position(table),
        hours=table.text("hours", ""),
        open=table.flag("open", default=True),
        legal_entity=table.text("legal_entity"),
        manager=None,
    )
    for field, allowed in store_faults(made):
        table.fault(field, allowed)
    return StoreDefinition(made, table.optional_text("manager"))


def _position(table: TableReader) -> Position | None:
    latitude, longitude = table.degrees("latitude"), table.degrees("longitude")
    datum = table.optional_text("datum")
    if latitude is None and longitude is None and datum is None:
        return None
    if latitude is None or longitude is None or datum not in [known.value for known in Datum]:
        table.fault("datum", "latitude, longitude, and wgs84 or gcj02 belong together")
        return None
    return Position(round(latitude * MICRODEGREES), round(longitude * MICRODEGREES), Datum(datum))


def _product(table: TableReader, zone: ZoneInfo) -> ProductDefinition:
    everywhere = table.is_text("stores", "all")
    stores = None if everywhere else frozenset(table.numbers("stores"))
    price_fen = table.number("price_fen")
    made = Product(
        id=ProductId(_NOBODY),
        number=table.number("number"),
        name=table.text("name"),
        description=table.text("description", ""),
        price_fen=price_fen,
        face_fen=table.number("face_fen", price_fen),
        uses_per_unit=table.number("uses_per_unit", 1),
        per_visit_uses_max=table.number("per_visit_uses_max", 1),
        validity=_validity(table, zone),
        stores=None,
        refundable=table.flag("refundable", default=True),
        booking_required=table.flag("booking_required", default=False),
        provisional_allowed=table.flag("provisional_allowed", default=False),
        attention_text=table.optional_text("attention_text"),
        platform_rate_bp=table.number("platform_rate_bp", 0),
        level1_rate_bp=table.number("level1_rate_bp", 0),
        rule_version=1,
        on_shelf=table.flag("on_shelf", default=True),
    )
    for field, allowed in product_faults(made):
        table.fault(field, allowed)
    if stores is not None and not stores:
        table.fault("stores", 'numbers of stores, or "all"')
    total = table.optional_number("total_stock")
    if total is not None and total < 0:
        table.fault("total_stock", "at least 0")
    return ProductDefinition(made, stores, total, _quotas(table))


def _validity(table: TableReader, zone: ZoneInfo) -> Validity:
    first, last = table.optional_date("valid_from"), table.optional_date("valid_until")
    days = table.optional_number("valid_days")
    if first is None and last is None:
        return Validity(VALID_DAYS_DEFAULT if days is None else days)
    if days is not None or first is None or last is None:
        table.fault("valid_days", "either days, or both valid_from and valid_until")
        return Validity(VALID_DAYS_DEFAULT)
    return Validity(
        None, _start_of(first, zone), _start_of(date.fromordinal(last.toordinal() + 1), zone)
    )


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _quotas(table: TableReader) -> dict[int, int]:
    inner = table.table("quotas")
    quotas = {}
    for key, uses in inner.items():
        if not key.isdecimal() or type(uses) is not int or uses < 0:
            table.fault("quotas", "store numbers with uses of at least 0, such as { 1 = 300 }")
            continue
        quotas[int(key)] = uses
    return quotas


def _staff(table: TableReader) -> StaffDefinition:
    role_text = table.text("role")
    known = [role.value for role in Role]
    if role_text not in known:
        table.fault("role", "one of " + ", ".join(known))
        role_text = Role.clerk.value
    role = Role(role_text)
    name = table.text("name")
    person = Person(
        id=StaffId(_NOBODY),
        login=table.text("login").strip().casefold(),
        name=name,
        short_name=table.text("short_name", name),
        role=role,
        stores=None,
        active=table.flag("active", default=True),
    )
    stores = frozenset(table.numbers("stores"))
    if bool(stores) != (role in STORE_ROLES):
        table.fault("stores", "clerks and managers have stores, headquarters has none")
    return StaffDefinition(person, stores)


def _distributor(table: TableReader) -> DistributorDefinition:
    return DistributorDefinition(
        table.text("name"), table.flag("agreement_accepted", default=False)
    )
