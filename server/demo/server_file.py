"""What the server has stored, read from its database file while it works; never written."""

import json
from dataclasses import dataclass
from pathlib import Path

from server.demo.sqlite_file import reading


@dataclass(frozen=True, slots=True)
class ServerFile:
    """The server's database.

    Attributes:
        path: of the file.
    """

    path: Path

    def journal_events(self, till: str) -> int:
        """How many events of a till's journal the server has.

        Args:
            till: its id, 32 hexadecimal characters.
        """
        with reading(self.path) as database:
            row = database.execute("SELECT count(*) FROM journal_in WHERE till = ?", (till,))
            return int(row.fetchone()[0])

    def facts_of_newest_refusal(self) -> dict[str, str]:
        """What the server told the till with its latest refusal of an ask, by the fact's name."""
        with reading(self.path) as database:
            row = database.execute(
                "SELECT facts FROM event WHERE status = 'refused' ORDER BY news_no DESC LIMIT 1"
            ).fetchone()
        if row is None or row["facts"] is None:
            return {}
        return {fact["name"]: fact["value"] for fact in json.loads(row["facts"])}
