"""`hexiao server create-admin`: appoint the first person, who appoints the others."""

import argparse
import getpass
import sys

from server.commands.opening import in_transaction
from server.commands.pairing import Verbs
from server.kernel.settings import Settings
from server.kernel.unit_of_work import UnitOfWork
from server.staff import service as staff
from server.staff.passwords import hash_password
from server.staff.rules import (
    PASSWORD_LENGTH_MAX,
    PASSWORD_LENGTH_MIN,
    Person,
    Role,
    WeakPasswordError,
)
from shared.ids import StaffId


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    """Add the word to the command's line."""
    admin = verbs.add_parser(
        "create-admin",
        parents=[common],
        help="appoint an administrator; the password is asked for, or read from a pipe",
    )
    admin.add_argument("--merchant", metavar="SHORT_NAME")
    admin.add_argument("--login", required=True)
    admin.add_argument("--name", help="the full name; the login when absent")
    admin.set_defaults(run=create_admin)


def create_admin(options: argparse.Namespace, settings: Settings) -> int:
    """Appoint an administrator, or give one a new password."""
    password = _password()
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        raise WeakPasswordError(characters_min=PASSWORD_LENGTH_MIN)
    password_hash = hash_password(password)
    name = options.name or options.login

    def appoint(uow: UnitOfWork) -> str:
        known = staff.person_of_login(uow, options.login)
        person = known or Person(
            id=StaffId(uow.new_id()),
            login=options.login,
            name=name,
            short_name=name,
            role=Role.platform_admin,
            stores=None,
            active=True,
        )
        saved = staff.save_person(uow, None, person)
        staff.set_password_hash(uow, None, saved.id, password_hash)
        return saved.login

    print(in_transaction(settings, options.merchant, appoint))
    return 0


def _password() -> str:
    """Ask at the terminal, or read one line from a pipe; never from the command's line."""
    if sys.stdin.isatty():
        return getpass.getpass("password: ")
    return sys.stdin.readline().rstrip("\n")
