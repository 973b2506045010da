"""What has to hold between the tables of a chain's file."""

from collections import Counter
from collections.abc import Iterable

from server.commands.chain_faults import FaultList
from server.commands.chain_values import ChainDefinition


def check_names(chain: ChainDefinition, faults: FaultList) -> None:
    """Refuse two things of one name, which an import could not tell apart."""
    named: dict[str, list[object]] = {
        "stores.number": [made.store.number for made in chain.stores],
        "products.number": [made.product.number for made in chain.products],
        "staff.login": [made.person.login for made in chain.staff],
        "distributors.name": [made.name for made in chain.distributors],
    }
    for path, names in named.items():
        table, _, key = path.partition(".")
        twice = {name for name, count in Counter(names).items() if count > 1}
        for position, name in enumerate(names, 1):
            if name in twice:
                faults.add(f"{table}[{position}].{key}", f"{name} stands here twice")
            elif name == "":
                faults.add(f"{table}[{position}].{key}", "not empty")


def check_references(chain: ChainDefinition, faults: FaultList) -> None:
    """Refuse numbers of stores and names of managers that the file does not define."""
    numbers = {made.store.number for made in chain.stores}
    logins = {made.person.login for made in chain.staff}
    for position, product in enumerate(chain.products, 1):
        path = f"products[{position}]"
        _check_stores(product.stores or (), numbers, f"{path}.stores", faults)
        _check_stores(product.quotas, numbers, f"{path}.quotas", faults)
    for position, person in enumerate(chain.staff, 1):
        _check_stores(person.stores, numbers, f"staff[{position}].stores", faults)
    for position, store in enumerate(chain.stores, 1):
        if store.manager is not None and store.manager not in logins:
            faults.add(f"stores[{position}].manager", "a log-in name of this file")


def _check_stores(named: Iterable[int], known: set[int], key: str, faults: FaultList) -> None:
    missing = sorted(set(named) - known)
    if missing:
        faults.add(key, "no store has the number " + ", ".join(map(str, missing)))
