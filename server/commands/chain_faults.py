"""Finding and naming what is wrong in a chain's TOML file: every fault at once, with its line."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shared.errors import InvalidInputError

_HEADER = re.compile(r"\s*\[(\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend.

    Attributes:
        line: in the file, 1 and up; 0 for the file as a whole.
        key: the path to the value, such as `products[2].price_fen`.
        what: what is allowed there.
    """

    line: int
    key: str
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.key}: {self.what}"


class FaultyChainFileError(InvalidInputError):
    """The file cannot be imported; `faults` lists everything to mend, in order of lines."""

    code = "faulty_chain_file"

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.line, fault.key))
        super().__init__(faults="; ".join(str(fault) for fault in self.faults))


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        FaultyChainFileError: it is not there, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise FaultyChainFileError([Fault(0, path.name, f"cannot be read: {failure}")]) from failure


def toml_of(text: str) -> dict[str, Any]:
    """The content of a TOML text.

    Raises:
        FaultyChainFileError: it is not TOML; the message says where.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        raise FaultyChainFileError([Fault(0, "the file", str(failure))]) from failure


def lines_of_keys(text: str) -> dict[str, int]:
    """The line on which each table and each key of a TOML text stands.

    Returns:
        Line numbers by path; the third `[[stores]]` is `stores[3]`, its name `stores[3].name`.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        key = _KEY.match(line)
        if header:
            table = header[2]
            if header[1]:
                counts[table] = counts.get(table, 0) + 1
                table = f"{table}[{counts[table]}]"
            lines[table] = number
        elif key:
            lines.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return lines


class FaultList:
    """Collects faults of one file."""

    def __init__(self, text: str) -> None:
        self._lines = lines_of_keys(text)
        self.faults: list[Fault] = []

    def add(self, key: str, what: str) -> None:
        """Note a fault at a path; a missing key is reported at its table."""
        line = self._lines.get(key) or self._lines.get(key.rpartition(".")[0], 0)
        self.faults.append(Fault(line, key, what))


class TableReader:
    """Reads one table of the file: every value by name and kind, and complains of the rest."""

    def __init__(self, table: Mapping[str, Any], path: str, faults: FaultList) -> None:
        self._table = table
        self._read: set[str] = set()
        self.path = path
        self.faults = faults

    def fault(self, key: str, what: str) -> None:
        """Note a fault in this table."""
        self.faults.add(f"{self.path}.{key}", what)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it has to be there."""
        return str(self._value(key, str, "a text in quotes", default, ""))

    def optional_text(self, key: str) -> str | None:
        """A text, or None where it is left out."""
        return self.text(key) if key in self._table else None

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number; without a default it has to be there."""
        return int(self._value(key, int, "a whole number", default, 0))

    def optional_number(self, key: str) -> int | None:
        """A whole number, or None where it is left out."""
        return self.number(key) if key in self._table else None

    def degrees(self, key: str) -> float | None:
        """A number with decimals, or None where it is left out."""
        if key not in self._table:
            return None
        return float(self._value(key, (int, float), "degrees, such as 31.230416", None, 0))

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self._value(key, bool, "true or false", default, default))

    def optional_date(self, key: str) -> date | None:
        """A date, or None where it is left out."""
        if key not in self._table:
            return None
        found = self._value(key, date, "a date such as 2026-05-01", None, None)
        return found if isinstance(found, date) else None

    def numbers(self, key: str) -> list[int]:
        """A list of whole numbers; empty where it is left out."""
        found = self._value(key, list, "a list of whole numbers", [], [])
        if any(type(item) is not int for item in found):
            self.fault(key, "a list of whole numbers")
            return []
        return list(found)

    def is_text(self, key: str, text: str) -> bool:
        """Whether a value is exactly this text, which makes it read."""
        if self._table.get(key) != text:
            return False
        self._read.add(key)
        return True

    def tables(self, key: str) -> list["TableReader"]:
        """The tables of a list `[[key]]`, in order; empty where there is none."""
        self._read.add(key)
        found = self._table.get(key, [])
        if not isinstance(found, list) or any(not isinstance(item, dict) for item in found):
            self.faults.add(key, f"tables that begin with [[{key}]]")
            return []
        return [
            TableReader(item, f"{self._inner(key)}[{number}]", self.faults)
            for number, item in enumerate(found, 1)
        ]

    def table(self, key: str) -> "TableReader":
        """One inner table; empty where there is none."""
        self._read.add(key)
        found = self._table.get(key, {})
        if not isinstance(found, dict):
            self.fault(key, f"a table that begins with [{key}]")
            found = {}
        return TableReader(found, self._inner(key), self.faults)

    def items(self) -> list[tuple[str, Any]]:
        """Every key and value, all of them read."""
        self._read.update(self._table)
        return list(self._table.items())

    def refuse_the_rest(self) -> None:
        """Complain of keys nobody asked for; a misspelt key must not be ignored."""
        for key in self._table:
            if key not in self._read:
                self.faults.add(f"{self.path}.{key}" if self.path else key, "not a known key")

    def _inner(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _value(
        self,
        key: str,
        kind: type | tuple[type, ...],
        what: str,
        default: Any,  # noqa: ANN401 - whatever the file may hold
        otherwise: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        self._read.add(key)
        if key not in self._table:
            if default is None:
                self.fault(key, f"missing: {what}")
                return otherwise
            return default
        found = self._table[key]
        # In Python a truth value is a whole number; in a file it is a mistake.
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            self.fault(key, what)
            return otherwise
        return found
