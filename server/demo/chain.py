"""The chain that the demo plays with: the example of the documentation, as its import prints it."""

import re
from dataclasses import dataclass
from pathlib import Path

from server.demo.waiting import expect

DEFINITION = Path(__file__).parents[2] / "docs" / "chain-example.toml"

SHOP = "lantern"
LAKE_STORE = "灯笼小馆 湖滨店"
STATION_STORE = "灯笼小馆 车站店"
ACADEMY_STORE = "灯笼小馆 书院店"

SET_MEAL = 101
"""Every store; half of its uses come through a distributor."""
COFFEE_CARD = 102
"""Every store; ten uses on one code."""
STUDENT_LUNCH = 103
"""Not at the lake."""

ADMINISTRATOR = "admin"
LAKE_MANAGER = "manager-1"

_STORES = re.compile(r"(\d+) stores, (\d+) products")
_LINK = re.compile(r"^distributor (.+): link code (\S+)$", re.MULTILINE)
_LOG_IN = re.compile(r"^log-in (\S+): password (\S+)(?:\s+PIN (\d+))?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ImportedChain:
    """What the import said.

    Attributes:
        stores: how many.
        products: how many.
        link_codes: of distributors, by name.
        passwords: made up for each person, by log-in.
        pins: the same, for the tills.
    """

    stores: int
    products: int
    link_codes: dict[str, str]
    passwords: dict[str, str]
    pins: dict[str, str]


def read_import(printed: str) -> ImportedChain:
    """Read what `hexiao server import-chain` printed, as the person who ran it does.

    Raises:
        StepFailedError: it does not say what was made.
    """
    counts = _STORES.search(printed)
    expect(counts, f"the import to say what it made, and it said: {printed[:200]}")
    assert counts is not None
    log_ins = _LOG_IN.findall(printed)
    return ImportedChain(
        stores=int(counts[1]),
        products=int(counts[2]),
        link_codes=dict(_LINK.findall(printed)),
        passwords={login: password for login, password, _ in log_ins},
        pins={login: pin for login, _, pin in log_ins if pin},
    )
