"""What stands in the tables of the server and of the tills, read past the product's own code."""

import sqlite3
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.together.server_node import ServerNode
from tests.together.till_node import TillNode

Key = tuple[int, int]
"""A grant: tenure and feed number."""
Pair = tuple[str, str]
"""A store and a product."""


class HoldingRow(NamedTuple):
    """One row of the server's holdings."""

    voucher: bytes
    sold: int
    held: int
    out: int
    redeemed: int
    refunded: int
    value_fen: int
    value_left_fen: int
    refunded_fen: int
    refund_state: str
    pending: int


class GrantRow(NamedTuple):
    """One grant, with what its tenure is."""

    tenure: int
    feed_no: int
    voucher: bytes
    k: int
    out: int
    state: str
    tenure_state: str
    till: str
    store: str

    @property
    def is_gone(self) -> bool:
        """Whether its tenure was taken away from the till without the till's word."""
        return "lost" in (self.state, self.tenure_state)


class EventRow(NamedTuple):
    """One customer intention as the server knows it."""

    eid: str
    voucher: bytes
    n: int
    value_fen: int
    status: str
    store: str


@dataclass(slots=True)
class ServerSnapshot:
    """The server's books at one moment.

    Attributes:
        version: of the database file.
        holdings: by voucher.
        grants: by key.
        events: by id.
        refunds: uses and fen paid back, by voucher.
        products: of the vouchers.
        valid_until: of the vouchers, as text.
        counts: uses granted to and redeemed at each store, of each product, as counted there.
        heads: the last event received of each till's journal.
        alarms: what must never happen, in words.
        refused_events: journal events that were not understood as an honest till means them.
    """

    version: int = -1
    holdings: dict[bytes, HoldingRow] = field(default_factory=dict)
    grants: dict[Key, GrantRow] = field(default_factory=dict)
    events: dict[str, EventRow] = field(default_factory=dict)
    refunds: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    products: dict[bytes, str] = field(default_factory=dict)
    valid_until: dict[bytes, str] = field(default_factory=dict)
    counts: dict[Pair, tuple[int, int]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)
    refused_events: list[str] = field(default_factory=list)

    def moved_since(self, later: "ServerSnapshot") -> bool:
        """Whether anything but times of contact was written between two looks."""
        return self is not later and replace(self, version=later.version) != later


@dataclass(slots=True)
class TillSnapshot:
    """A till's tables at one moment.

    Attributes:
        version: of the database file.
        cursor: last feed entry applied.
        tenure: in which it is keeper, or None.
        held: what is left of each open grant.
        opened: grants that a token opened, ever.
        moves: what the journal says of grants: number, kind, grant, uses.
        greens: accepted and not taken back: event id to voucher and uses.
        last_seq: end of the journal.
        accepted_seq: what the server has acknowledged.
    """

    version: int = -1
    cursor: int = 0
    tenure: int | None = None
    held: dict[Key, int] = field(default_factory=dict)
    opened: set[Key] = field(default_factory=set)
    moves: list[tuple[int, str, Key, int]] = field(default_factory=list)
    greens: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    last_seq: int = 0
    accepted_seq: int = 0

    def moved_since(self, later: "TillSnapshot") -> bool:
        """Whether anything but times of contact was written between two looks."""
        return self is not later and replace(self, version=later.version) != later

    def unsent(self, received_seq: int) -> Counter[Key]:
        """Uses that have left a grant here and that the server has not heard of yet."""
        uses: Counter[Key] = Counter()
        for seq, kind, key, count in self.moves:
            if seq > received_seq:
                uses[key] += -count if kind == "undo" else count
        return uses


def _version(reader: sqlite3.Connection) -> int:
    return int(reader.execute("PRAGMA data_version").fetchone()[0])


def moment(text: str) -> datetime:
    """A moment as the server's SQLite keeps it: UTC without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _rows(reader: sqlite3.Connection, query: str) -> list[Any]:
    return reader.execute(query).fetchall()


_HOLDINGS = (
    "SELECT voucher, sold, held, out, redeemed, refunded, value_fen, value_left_fen, refunded_fen,"
    " refund_state, pending FROM holding"
)
_GRANTS = (
    "SELECT g.tenure, g.feed_no, g.voucher, g.k, g.out, g.state, t.state, t.till, t.store"
    " FROM grant_ g JOIN tenure t ON t.merchant = g.merchant AND t.number = g.tenure"
)
_EVENTS = "SELECT eid, voucher, n, value_fen, status, store FROM event"
_REFUNDS = "SELECT voucher, sum(n), sum(value_fen) FROM holding_refund GROUP BY voucher"
_PRODUCTS = "SELECT voucher_ref, product FROM voucher"
_VALIDITY = "SELECT voucher_ref, valid_until FROM voucher"
_COUNTS = "SELECT store, product, reserved, used FROM store_quota"
_HEADS = "SELECT till, max(last_seq) FROM till_head GROUP BY till"
_ALARMS = "SELECT kind || ': ' || detail FROM alarm"
_REFUSED = (
    "SELECT result || ': ' || bytes FROM journal_in"
    " WHERE result IN ('malformed', 'other_intent', 'not_yours', 'unknown_kind')"
)


def read_server(server: ServerNode, before: ServerSnapshot) -> ServerSnapshot:
    """The server's books now; `before` itself when nothing was written since."""
    reader = server.reader
    version = _version(reader)
    if version == before.version:
        return before
    reader.execute("BEGIN")
    snapshot = ServerSnapshot(
        version=version,
        holdings={row[0]: HoldingRow(*row) for row in _rows(reader, _HOLDINGS)},
        grants={(row[0], row[1]): GrantRow(*row) for row in _rows(reader, _GRANTS)},
        events={row[0]: EventRow(*row) for row in _rows(reader, _EVENTS)},
        refunds={voucher: (uses, fen) for voucher, uses, fen in _rows(reader, _REFUNDS)},
        products=dict(_rows(reader, _PRODUCTS)),
        valid_until=dict(_rows(reader, _VALIDITY)),
        counts={(row[0], row[1]): (row[2], row[3]) for row in _rows(reader, _COUNTS)},
        heads=dict(_rows(reader, _HEADS)),
        alarms=[row[0] for row in _rows(reader, _ALARMS)],
        refused_events=[str(row[0]) for row in _rows(reader, _REFUSED)],
    )
    reader.execute("COMMIT")
    return snapshot


_STATE = (
    "SELECT cursor, my_tenure, accepted_seq, (SELECT coalesce(max(seq), 0) FROM journal) FROM state"
)
_HELD = "SELECT tenure, feed_no, left_uses FROM holding"
_OPENED = "SELECT tenure, feed_no FROM journal WHERE kind = 'token_seen'"
_MOVES = (
    "SELECT seq, kind, tenure, feed_no, uses FROM journal"
    " WHERE kind IN ('redeem', 'release', 'undo') AND feed_no IS NOT NULL"
)
_GREENS = "SELECT eid, voucher, uses FROM past_use"


def read_till(till: TillNode, before: TillSnapshot) -> TillSnapshot:
    """A till's tables now; `before` itself when nothing was written since."""
    reader = till.reader
    version = _version(reader)
    if version == before.version:
        return before
    reader.execute("BEGIN")
    cursor, tenure, accepted_seq, last_seq = _rows(reader, _STATE)[0]
    snapshot = TillSnapshot(
        version=version,
        cursor=cursor,
        tenure=tenure,
        held={(row[0], row[1]): row[2] for row in _rows(reader, _HELD)},
        opened={(row[0], row[1]) for row in _rows(reader, _OPENED)},
        moves=[(row[0], row[1], (row[2], row[3]), row[4]) for row in _rows(reader, _MOVES)],
        greens={row[0].hex(): (row[1], row[2]) for row in _rows(reader, _GREENS)},
        last_seq=last_seq,
        accepted_seq=accepted_seq,
    )
    reader.execute("COMMIT")
    return snapshot
