"""The till's copies of what the server rules: products, people, other tills, store and policy."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from shared.clock import BUSINESS_DAY_CUTOFF_HOURS
from shared.feed import Peer, Policy, Product, Staff, Store

DEFAULT_TIME_ZONE = "Asia/Shanghai"


def _upsert(table: str, *columns: str) -> TextClause:
    names, values = ", ".join(columns), ", ".join(f":{column}" for column in columns)
    # The names are our own words, never input.
    return text(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({values})")  # noqa: S608


_PUT_PRODUCT = _upsert("product", "number", "name", "attention_text", "provisional_allowed")
_PUT_STAFF = _upsert("staff", "id", "short_name", "role", "pin_verifier", "active")
_PUT_PEER = _upsert("peer", "till", "signing_key", "sealing_key", "keeper", "active")
_PUT_STORE = _upsert("store", "one", "name", "open")
_PUT_POLICY = _upsert(
    *("policy", "one", "undo_minutes", "provisional_allowed", "provisional_value_max_fen"),
    *("provisional_count_max", "provisional_hours_max", "day_cutoff_hours", "time_zone"),
)
_PRODUCT = text("SELECT name, attention_text FROM product WHERE number = :number")
_STORE = text("SELECT name, open FROM store")
_POLICY = text("SELECT * FROM policy")
_CLERK = text("SELECT short_name FROM staff WHERE id = :id")
_FORGET = (text("DELETE FROM staff"), text("DELETE FROM peer"))


@dataclass(frozen=True, slots=True)
class ProductCopy:
    """A product as the counter names it.

    Attributes:
        name: as people know it.
        attention_text: what to check before handing over, or None.
    """

    name: str
    attention_text: str | None


@dataclass(frozen=True, slots=True)
class StoreCopy:
    """The store this till stands in, and how its days are counted.

    Attributes:
        name: as people know it; empty before the first sync.
        open: false when it rests.
        day_cutoff_hours: local hour at which a business day begins.
        time_zone: its zone's name.
        undo_minutes: how long a redemption may be undone here; 0 before the first sync.
    """

    name: str
    open: bool
    day_cutoff_hours: int
    time_zone: str
    undo_minutes: int


Copied = Policy | Product | Staff | Peer | Store


def keep_copy(connection: Connection, entry: Copied) -> None:
    """Replace the till's copy by what an entry says."""
    statement, values = _row_of(entry)
    connection.execute(statement, values)


def _row_of(entry: Copied) -> tuple[TextClause, dict[str, Any]]:
    match entry:
        case Product():
            return _PUT_PRODUCT, {
                "number": entry.product_number,
                "name": entry.name,
                "attention_text": entry.attention_text,
                "provisional_allowed": entry.provisional_allowed,
            }
        case Staff():
            return _PUT_STAFF, {
                "id": entry.staff.bytes,
                "short_name": entry.short_name,
                "role": entry.role,
                "pin_verifier": entry.pin_verifier,
                "active": entry.active,
            }
        case Peer():
            return _PUT_PEER, {
                "till": entry.till.bytes,
                "signing_key": entry.signing_key,
                "sealing_key": entry.sealing_key,
                "keeper": entry.keeper,
                "active": entry.active,
            }
        case Store():
            return _PUT_STORE, {"one": 1, "name": entry.name, "open": entry.open}
        case Policy():
            return _PUT_POLICY, {"one": 1} | {
                name: getattr(entry, name)
                for name in entry.__struct_fields__
                if name not in {"feed_no", "kind"}
            }


def product(connection: Connection, number: int | None) -> ProductCopy | None:
    """A product by its number, or None where the feed has not told of it."""
    row = connection.execute(_PRODUCT, {"number": number}).one_or_none()
    return None if row is None else ProductCopy(row.name, row.attention_text)


def store(connection: Connection) -> StoreCopy:
    """The store; before the first sync a nameless one that is open."""
    row = connection.execute(_STORE).one_or_none()
    policy = connection.execute(_POLICY).one_or_none()
    return StoreCopy(
        name="" if row is None else row.name,
        open=True if row is None else bool(row.open),
        day_cutoff_hours=(BUSINESS_DAY_CUTOFF_HOURS if policy is None else policy.day_cutoff_hours),
        time_zone=DEFAULT_TIME_ZONE if policy is None else policy.time_zone,
        undo_minutes=0 if policy is None else policy.undo_minutes,
    )


def clerk_name(connection: Connection, clerk: str | None) -> str | None:
    """A person's short name by the id in an event, or None where unknown."""
    try:
        key = UUID(clerk).bytes if clerk else b""
    except ValueError:
        return None
    name: str | None = connection.execute(_CLERK, {"id": key}).scalar_one_or_none()
    return name


def forget_people(connection: Connection) -> None:
    """Wipe the copies of people and other tills."""
    for statement in _FORGET:
        connection.execute(statement)
