"""`hexiao server import-chain FILE.toml`: a chain with its stores, products, people, distributors.

The file is checked whole before anything is written, and everything is written in one transaction.
Running it again updates what the file names and leaves the rest alone. Passwords never stand on a
command line: they come from a file of their own, or are made up and shown once.
"""

import argparse
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from uuid_utils.compat import uuid7

from server.catalog import service as catalog
from server.commands.chain_definition import read_chain
from server.commands.chain_faults import FaultyChainFileError, text_of
from server.commands.chain_secrets import NewSecrets, Secrets, complete, prepare, read_secrets
from server.commands.chain_values import ChainDefinition, ProductDefinition, StaffDefinition
from server.commands.pairing import Verbs
from server.distribution import service as distribution
from server.kernel.database import BlockingDatabase, Connection
from server.kernel.settings import Settings, root_key
from server.kernel.unit_of_work import Begin, UnitOfWork
from server.staff import service as staff
from server.stores import service as stores
from server.tills import introduction
from shared.ids import DistributorId, MerchantId, ProductId, StaffId, StoreId


@dataclass(frozen=True, slots=True)
class ImportedChain:
    """What an import made or found.

    Attributes:
        merchant: its id.
        short_name: in web addresses.
        stores: ids by store number.
        products: ids by product number.
        staff: ids by log-in name.
        link_codes: of distributors, by name.
        made_up: passwords and PINs made up for new people; show them once.
    """

    merchant: MerchantId
    short_name: str
    stores: dict[int, StoreId]
    products: dict[int, ProductId]
    staff: dict[str, StaffId]
    link_codes: dict[str, str]
    made_up: Secrets


def import_chain(
    database: BlockingDatabase,
    settings: Settings,
    begin: Begin,
    path: Path,
    given: Secrets | None = None,
) -> ImportedChain:
    """Create or update a chain from its file.

    Args:
        database: with the schema in place.
        settings: name the root key's file, which is made if need be.
        begin: makes units of work with this program's clock and ids.
        path: the TOML file.
        given: passwords and PINs for new people; the missing ones are made up.

    Raises:
        FaultyChainFileError: nothing was written; every fault is listed.
        DomainError: the database contradicts the file, such as less stock than was sold; nothing
            was written.
    """
    chain = read_chain(text_of(path))
    known = database.read(
        lambda connection: stores.merchant_named(connection, chain.merchant.short_name)
    )
    merchant = MerchantId(uuid7()) if known is None else known.id
    keys = root_key(Path(settings.root_key_file), secrets.token_bytes).of(merchant)
    ids = database.read(lambda connection: _ids_of_people(begin(connection, merchant), chain))
    everything, made_up = complete(chain, given or Secrets(), set(ids))
    new_secrets = prepare(chain, keys, everything, ids)

    def write(connection: Connection) -> ImportedChain:
        return _write(begin(connection, merchant), chain, new_secrets, made_up)

    return database.write(write)


def _ids_of_people(uow: UnitOfWork, chain: ChainDefinition) -> dict[str, StaffId]:
    logins = [made.person.login for made in chain.staff]
    found = [staff.person_of_login(uow, login) for login in logins]
    return {person.login: person.id for person in found if person is not None}


def _write(
    uow: UnitOfWork, chain: ChainDefinition, new: NewSecrets, made_up: Secrets
) -> ImportedChain:
    stores.save_merchant(uow, None, replace(chain.merchant, id=uow.merchant))
    store_ids = _write_stores(uow, chain, new.ids)
    for person in chain.staff:
        _write_person(uow, person, store_ids, new)
    product_ids = {
        made.product.number: _write_product(uow, made, store_ids) for made in chain.products
    }
    _tell_tills(uow, store_ids)
    return ImportedChain(
        merchant=uow.merchant,
        short_name=chain.merchant.short_name,
        stores=store_ids,
        products=product_ids,
        staff=new.ids,
        link_codes=_write_distributors(uow, chain),
        made_up=made_up,
    )


def _tell_tills(uow: UnitOfWork, store_ids: Mapping[int, StoreId]) -> None:
    """Tell the tills there are; at the first import there are none."""
    introduction.tell_store_and_policy(uow)
    for stocked in catalog.list_products(uow):
        introduction.tell_product(uow, stocked.product)
    for store_id in store_ids.values():
        introduction.tell_people(uow, store_id)


def _write_stores(
    uow: UnitOfWork, chain: ChainDefinition, people: Mapping[str, StaffId]
) -> dict[int, StoreId]:
    ids = {}
    for made in chain.stores:
        known = stores.store_of_number(uow, made.store.number)
        store_id = StoreId(uow.new_id()) if known is None else known.id
        manager = None if made.manager is None else people[made.manager]
        stores.save_store(uow, None, replace(made.store, id=store_id, manager=manager))
        ids[made.store.number] = store_id
    return ids


def _write_person(
    uow: UnitOfWork, made: StaffDefinition, store_ids: Mapping[int, StoreId], new: NewSecrets
) -> None:
    login = made.person.login
    at = frozenset(store_ids[number] for number in made.stores) or None
    saved = staff.save_person(uow, None, replace(made.person, id=new.ids[login], stores=at))
    if login in new.password_hashes:
        staff.set_password_hash(uow, None, saved.id, new.password_hashes[login])
    if login in new.pin_verifiers:
        staff.set_pin(uow, None, saved.id, new.pin_verifiers[login])


def _write_product(
    uow: UnitOfWork, made: ProductDefinition, store_ids: Mapping[int, StoreId]
) -> ProductId:
    known = catalog.find_product(uow, made.product.number)
    product_id = ProductId(uow.new_id()) if known is None else known.id
    at = None if made.stores is None else frozenset(store_ids[number] for number in made.stores)
    catalog.save_product(uow, None, replace(made.product, id=product_id, stores=at))
    catalog.set_total_stock(uow, None, product_id, made.total_stock)
    for number, store_id in store_ids.items():
        catalog.set_quota(uow, None, (store_id, product_id), made.quotas.get(number))
    return product_id


def _write_distributors(uow: UnitOfWork, chain: ChainDefinition) -> dict[str, str]:
    known = {one.name: one for one in distribution.distributors(uow, None)}
    codes = {}
    for made in chain.distributors:
        one = known.get(made.name) or distribution.join(
            uow, None, DistributorId(uow.new_id()), made.name
        )
        if made.agreement_accepted:
            distribution.accept_agreement(uow, one.id)
        codes[made.name] = one.link_code
    return codes


def add_to(
    verbs: Verbs, common: argparse.ArgumentParser, create_schema: Callable[[Settings], None]
) -> None:
    """Add the word to the command's line; the first import makes the tables."""
    parser = verbs.add_parser(
        "import-chain",
        parents=[common],
        help="create or update a chain from a TOML file; see docs/chain-example.toml",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--secrets", type=Path, metavar="FILE", help="TOML with [passwords] and [pins] by login"
    )
    parser.set_defaults(run=partial(run, create_schema))


def run(
    create_schema: Callable[[Settings], None], options: argparse.Namespace, settings: Settings
) -> int:
    """Import and print what was made, or every fault; return the exit code."""
    create_schema(settings)
    database = BlockingDatabase(settings.database)
    try:
        known = read_secrets(options.secrets) if options.secrets else None
        made = import_chain(database, settings, _begin, options.file, known)
    except FaultyChainFileError as failure:
        for fault in failure.faults:
            print(f"{options.file}: {fault}")
        print("nothing was imported; mend these and run it again")
        return 1
    finally:
        database.close()
    _print(made)
    return 0


def _begin(connection: Connection, merchant: MerchantId) -> UnitOfWork:
    now = datetime.fromtimestamp(time.time(), UTC)
    return UnitOfWork(connection, merchant, now, uuid7, secrets.token_bytes)


def _print(made: ImportedChain) -> None:
    print(f"{made.short_name}: {len(made.stores)} stores, {len(made.products)} products")
    for name, code in made.link_codes.items():
        print(f"distributor {name}: link code {code}")
    for login in made.made_up.passwords:
        pin = made.made_up.pins.get(login)
        shown = made.made_up.passwords[login] + (f"  PIN {pin}" if pin else "")
        print(f"log-in {login}: password {shown}   (shown once)")
