"""What a till has written down, read from its database file while it works; never written."""

from dataclasses import dataclass
from pathlib import Path

from server.demo.sqlite_file import reading

_SCAN_AFTER = """
SELECT seq, kind, coalesce(reason, answer_reason, '') AS reason, last_four, answer
  FROM history
 WHERE seq > ? AND last_four LIKE ?
   AND (kind IN ('redeem', 'refused', 'provisional') OR answer IS NOT NULL)
 ORDER BY seq LIMIT 1
"""
_PENDING = "SELECT count(*) FROM journal WHERE seq > (SELECT accepted_seq FROM state)"
_LEFT = "SELECT coalesce(sum(left_uses), 0) FROM holding WHERE last_four = ?"
_LEFT_ALL = "SELECT coalesce(sum(left_uses), 0) FROM holding"


@dataclass(frozen=True, slots=True)
class ScanSeen:
    """How a scan ended, by the till's own record.

    Attributes:
        seq: its number in the journal.
        lane: `held`, `asked` or `none`.
        reason: one of the closed list, such as `accepted`.
        last_four: end of the code; empty where none was read.
    """

    seq: int
    lane: str
    reason: str
    last_four: str


@dataclass(frozen=True, slots=True)
class TillFile:
    """One till's database.

    Attributes:
        path: of the file; it may not exist yet.
    """

    path: Path

    def is_synced(self) -> bool:
        """Whether the till belongs to a store and has applied its feed once."""
        return self._number("SELECT coalesce(max(first_sync_done), 0) FROM state") == 1

    def till_id(self) -> str:
        """The till's id, 32 hexadecimal characters."""
        with reading(self.path) as database:
            return str(database.execute("SELECT lower(hex(till)) FROM state").fetchone()[0])

    def last_seq(self) -> int:
        """The number of the journal's last event, 0 when it is empty or not there."""
        return self._number("SELECT coalesce(max(seq), 0) FROM journal")

    def pending(self) -> int:
        """How many events the server has not acknowledged."""
        return self._number(_PENDING)

    def scan_after(self, seq: int, last_four: str = "%") -> ScanSeen | None:
        """The first decided scan after an event of the journal, or None so far."""
        with reading(self.path) as database:
            row = database.execute(_SCAN_AFTER, (seq, last_four)).fetchone()
        if row is None:
            return None
        if row["kind"] == "redeem":
            return ScanSeen(row["seq"], "held", "accepted", row["last_four"])
        lane = "none" if row["kind"] == "refused" else "asked"
        reason = "accepted" if row["answer"] == "accepted" else row["reason"]
        return ScanSeen(row["seq"], lane, reason, row["last_four"])

    def uses_held(self, last_four: str | None = None) -> int:
        """Uses this till holds, of one voucher or of all."""
        if last_four is None:
            return self._number(_LEFT_ALL)
        return self._number(_LEFT, last_four)

    def count_of(self, kind: str) -> int:
        """How many events of a kind the journal has."""
        return self._number("SELECT count(*) FROM journal WHERE kind = ?", kind)

    def history_rows(self) -> int:
        """How many scans the till's history shows."""
        return self._number("SELECT count(*) FROM history")

    def _number(self, question: str, *values: object) -> int:
        if not self.path.is_file():
            return 0
        with reading(self.path) as database:
            row = database.execute(question, values).fetchone()
        return int(row[0])
