"""`hexiao server pairing-code` and `confirm-pairing`: connect a till without the console."""

import argparse
from typing import Any

from server.commands.opening import in_transaction, key_of
from server.kernel.settings import Settings
from server.kernel.unit_of_work import UnitOfWork
from server.stores import service as stores
from server.tills import confirmation, pairing_codes
from server.tills.values import IssuedCode
from shared.errors import NotFoundError
from shared.ids import StoreId

Verbs = Any
"""What `ArgumentParser.add_subparsers` returns; its type has no public name."""


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    """Add both words to the command's line."""
    code = verbs.add_parser("pairing-code", parents=[common], help="print a code for a new till")
    code.add_argument("--merchant", metavar="SHORT_NAME")
    code.add_argument("--store", required=True, metavar="NAME_OR_NUMBER")
    code.add_argument("--till", required=True, metavar="NAME", help="how people will call it")
    code.set_defaults(run=print_code)
    confirm = verbs.add_parser(
        "confirm-pairing", parents=[common], help="confirm the till that shows these six digits"
    )
    confirm.add_argument("--merchant", metavar="SHORT_NAME")
    confirm.add_argument("digits", help="as on the till's screen")
    confirm.set_defaults(run=confirm_pairing)


def print_code(options: argparse.Namespace, settings: Settings) -> int:
    """Make a pairing code and print it."""
    root_key = key_of(settings)

    def issue(uow: UnitOfWork) -> IssuedCode:
        shop = _store(uow, options.store)
        return pairing_codes.issue_pairing_code(uow, root_key, shop, options.till, None)

    code = in_transaction(settings, options.merchant, issue)
    print(code.text)
    return 0


def confirm_pairing(options: argparse.Namespace, settings: Settings) -> int:
    """Confirm the one waiting till whose six digits were given."""
    wanted = options.digits.replace(" ", "")

    def confirm(uow: UnitOfWork) -> str:
        waiting = confirmation.waiting_pairings(uow, None)
        same = [pairing for pairing, digits in waiting if digits == wanted]
        if len(same) != 1:
            raise NotFoundError(digits=wanted, waiting=len(waiting))
        return confirmation.confirm(uow, same[0].id, None).name

    print(in_transaction(settings, options.merchant, confirm))
    return 0


def _store(uow: UnitOfWork, name_or_number: str) -> StoreId:
    for store in stores.stores_for_buyers(uow):
        if name_or_number in (store.name, str(store.number)):
            return store.id
    raise NotFoundError(store=name_or_number)
