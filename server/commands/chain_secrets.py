"""Passwords and PINs of a chain's people: from a file of their own, or made up and shown once."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from uuid_utils.compat import uuid7

from server.commands.chain_faults import Fault, FaultyChainFileError, text_of, toml_of
from server.commands.chain_values import ChainDefinition
from server.kernel.keys import MerchantKeys
from server.staff import service as staff
from server.staff.passwords import hash_password
from server.staff.rules import STORE_ROLES, WeakPasswordError, check_password
from shared.ids import StaffId
from shared.pin import is_pin

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of made-up passwords: none that two people read differently."""
PASSWORD_LENGTH = 16
PIN_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Secrets:
    """Passwords and PINs by log-in name; `repr` never shows them."""

    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    pins: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class NewSecrets:
    """Password hashes and PIN verifiers of people who have none yet, made before the import."""

    ids: dict[str, StaffId]
    password_hashes: dict[str, str]
    pin_verifiers: dict[str, bytes]


def read_secrets(path: Path) -> Secrets:
    """Read a TOML file with the tables `passwords` and `pins`, each by log-in name.

    Raises:
        FaultyChainFileError: not such a file.
    """
    content = toml_of(text_of(path))
    tables = [content.pop(name, {}) for name in ("passwords", "pins")]
    if content or not all(_is_texts(table) for table in tables):
        what = "only the tables [passwords] and [pins], with texts by log-in name"
        raise FaultyChainFileError([Fault(0, path.name, what)])
    passwords, pins = tables
    return Secrets(passwords, pins)


def _is_texts(table: object) -> bool:
    return isinstance(table, dict) and all(type(value) is str for value in table.values())


def complete(chain: ChainDefinition, given: Secrets, known: set[str]) -> tuple[Secrets, Secrets]:
    """Passwords and PINs of everybody new, and the part of them that was made up."""
    new = [made for made in chain.staff if made.person.login not in known]
    passwords = {
        made.person.login: _made_up(LETTERS, PASSWORD_LENGTH)
        for made in new
        if made.person.login not in given.passwords
    }
    pins = {
        made.person.login: _made_up("0123456789", PIN_LENGTH)
        for made in new
        if made.person.role in STORE_ROLES and made.person.login not in given.pins
    }
    logins = {made.person.login for made in new}
    mine = Secrets(
        {login: text for login, text in given.passwords.items() if login in logins},
        {login: text for login, text in given.pins.items() if login in logins},
    )
    _check(mine)
    everything = Secrets({**mine.passwords, **passwords}, {**mine.pins, **pins})
    return everything, Secrets(passwords, pins)


def _check(given: Secrets) -> None:
    faults = []
    for login, password in given.passwords.items():
        try:
            check_password(password)
        except WeakPasswordError as failure:
            faults.append(Fault(0, f"passwords.{login}", str(failure)))
    faults += [
        Fault(0, f"pins.{login}", "four to eight digits")
        for login, pin in given.pins.items()
        if not is_pin(pin)
    ]
    if faults:
        raise FaultyChainFileError(faults)


def _made_up(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def prepare(
    chain: ChainDefinition, keys: MerchantKeys, complete: Secrets, known: dict[str, StaffId]
) -> NewSecrets:
    """Do the slow hashing before the transaction; `known` are the ids of people there already."""
    ids = {
        made.person.login: known.get(made.person.login) or StaffId(uuid7()) for made in chain.staff
    }
    return NewSecrets(
        ids=ids,
        password_hashes={
            login: hash_password(password) for login, password in complete.passwords.items()
        },
        pin_verifiers={
            login: staff.new_pin_verifier(keys, ids[login], pin)
            for login, pin in complete.pins.items()
        },
    )
