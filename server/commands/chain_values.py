"""A chain as its file describes it.

Things are named as people name them, by number or log-in; ids are given at the import.
"""

from dataclasses import dataclass

from server.catalog.rules import Product
from server.staff.rules import Person
from server.stores.rules import Merchant, Store


@dataclass(frozen=True, slots=True)
class StoreDefinition:
    """A store whose id is not known yet, and its manager's log-in name."""

    store: Store
    manager: str | None


@dataclass(frozen=True, slots=True)
class ProductDefinition:
    """A product whose id is not known yet; stores by number, None for every store.

    Attributes:
        product: with no stores of its own.
        stores: numbers of the stores where it is valid, or None.
        total_stock: units, or None for no limit.
        quotas: uses by store number.
    """

    product: Product
    stores: frozenset[int] | None
    total_stock: int | None
    quotas: dict[int, int]


@dataclass(frozen=True, slots=True)
class StaffDefinition:
    """A person whose id is not known yet; stores by number."""

    person: Person
    stores: frozenset[int]


@dataclass(frozen=True, slots=True)
class DistributorDefinition:
    """A distributor, known in the file by name."""

    name: str
    agreement_accepted: bool


@dataclass(frozen=True, slots=True)
class ChainDefinition:
    """Everything a chain's file says."""

    merchant: Merchant
    stores: tuple[StoreDefinition, ...]
    products: tuple[ProductDefinition, ...]
    staff: tuple[StaffDefinition, ...]
    distributors: tuple[DistributorDefinition, ...]
