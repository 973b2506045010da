"""The tables and views of the till's database, in steps that `PRAGMA user_version` counts.

The journal is the only table a cashier's action writes. Every other table is written only from
replies of the server, in one transaction with the cursor. What the screen shows is a view of both,
so nothing is ever merged and nothing is marked as changed.

Moments are whole microseconds since 1970 in UTC. References of vouchers and ids are their bytes.

Source: the till–server protocol, section 3 ("Durable tables", the till).
"""

from sqlalchemy import Connection

from shared.errors import KnownError

_JOURNAL = """
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    bytes BLOB NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    clerk TEXT,
    eid BLOB,
    voucher BLOB,
    uses INTEGER,
    tenure INTEGER,
    feed_no INTEGER,
    reason TEXT,
    detail TEXT,
    last_four TEXT,
    product_number INTEGER,
    valid_until INTEGER
)
"""

_FEED_GRANT = """
CREATE TABLE feed_grant (
    tenure INTEGER NOT NULL,
    feed_no INTEGER NOT NULL,
    voucher BLOB NOT NULL CHECK (length(voucher) = 16),
    uses INTEGER NOT NULL CHECK (uses >= 1),
    product_number INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    per_visit_uses_max INTEGER NOT NULL,
    last_four TEXT NOT NULL,
    value_fen INTEGER NOT NULL,
    face_fen INTEGER NOT NULL,
    order_number TEXT NOT NULL,
    uses_total INTEGER NOT NULL,
    attention INTEGER NOT NULL,
    booked_slot TEXT,
    PRIMARY KEY (tenure, feed_no)
) WITHOUT ROWID
"""

_STATE = """
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    till BLOB NOT NULL,
    store BLOB NOT NULL,
    merchant BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    till_name TEXT NOT NULL,
    server_url TEXT NOT NULL,
    server_sealing_key BLOB NOT NULL,
    standing TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    accepted_seq INTEGER NOT NULL,
    my_tenure INTEGER,
    sealed_token_key BLOB,
    offline_until INTEGER,
    server_time INTEGER,
    server_time_monotonic REAL,
    server_time_boot TEXT,
    clock_floor_seq INTEGER NOT NULL,
    first_sync_done INTEGER NOT NULL,
    min_version INTEGER NOT NULL
)
"""

_PAIRING = """
CREATE TABLE pairing (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    pairing BLOB NOT NULL,
    server_nonce BLOB NOT NULL,
    store_name TEXT NOT NULL,
    server_url TEXT NOT NULL,
    expires_at INTEGER NOT NULL
)
"""

_COPIES = (
    """CREATE TABLE product (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, attention_text TEXT,
        provisional_allowed INTEGER NOT NULL
    )""",
    """CREATE TABLE staff (
        id BLOB PRIMARY KEY, short_name TEXT NOT NULL, role TEXT NOT NULL,
        pin_verifier BLOB NOT NULL, active INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE peer (
        till BLOB PRIMARY KEY, signing_key BLOB NOT NULL, sealing_key BLOB NOT NULL,
        keeper INTEGER NOT NULL, active INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE store (
        one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, open INTEGER NOT NULL
    )""",
    """CREATE TABLE policy (
        one INTEGER PRIMARY KEY CHECK (one = 1), undo_minutes INTEGER NOT NULL,
        provisional_allowed INTEGER NOT NULL, provisional_value_max_fen INTEGER NOT NULL,
        provisional_count_max INTEGER NOT NULL, provisional_hours_max INTEGER NOT NULL,
        day_cutoff_hours INTEGER NOT NULL, time_zone TEXT NOT NULL
    )""",
    """CREATE TABLE outcome (
        eid BLOB PRIMARY KEY, status TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL
    ) WITHOUT ROWID""",
)

_INDEXES = (
    "CREATE INDEX feed_grant_by_voucher ON feed_grant (voucher)",
    "CREATE INDEX journal_by_grant ON journal (tenure, feed_no, kind) WHERE feed_no IS NOT NULL",
    "CREATE INDEX journal_by_voucher ON journal (voucher, kind) WHERE voucher IS NOT NULL",
    "CREATE INDEX journal_by_event ON journal (eid, kind) WHERE eid IS NOT NULL",
    "CREATE INDEX journal_by_time ON journal (at)",
    "CREATE INDEX journal_intent ON journal (seq) WHERE kind = 'intent'",
    "CREATE INDEX journal_token_seen ON journal (feed_no) WHERE kind = 'token_seen'",
    "CREATE INDEX outcome_exception ON outcome (at) WHERE status IN ('refused', 'case')",
)

# A grant that a token brought counts until the feed has passed its number: then the feed's own row
# stands for it, or there is none because the tenure is over.
_GRANT_NOW = """
CREATE VIEW grant_now AS
SELECT tenure, feed_no, voucher, uses, product_number, valid_from, valid_until,
       per_visit_uses_max, last_four, value_fen, order_number, uses_total, attention, booked_slot
  FROM feed_grant
UNION ALL
SELECT tenure, feed_no, voucher, uses, product_number, at, valid_until,
       1, last_four, NULL, '', uses, 0, NULL
  FROM journal
 WHERE kind = 'token_seen' AND feed_no > (SELECT cursor FROM state)
"""

# Open grants of the live tenure and what is left of each. An undo carries its grant only where the
# use went back to it.
_HOLDING = """
CREATE VIEW holding AS
SELECT g.*, g.uses
       - coalesce((SELECT sum(j.uses) FROM journal j
                    WHERE j.tenure = g.tenure AND j.feed_no = g.feed_no AND j.kind = 'redeem'), 0)
       + coalesce((SELECT sum(j.uses) FROM journal j
                    WHERE j.tenure = g.tenure AND j.feed_no = g.feed_no AND j.kind = 'undo'), 0)
       AS left_uses
  FROM grant_now g
 WHERE g.tenure = (SELECT my_tenure FROM state)
   AND NOT EXISTS (SELECT 1 FROM journal j
                    WHERE j.tenure = g.tenure AND j.feed_no = g.feed_no AND j.kind = 'release')
"""

_TOMBSTONE = """
CREATE VIEW tombstone AS
SELECT t.tenure, t.feed_no
  FROM journal t
 WHERE t.kind = 'token_seen' AND t.feed_no > (SELECT cursor FROM state)
   AND EXISTS (SELECT 1 FROM journal j
                WHERE j.tenure = t.tenure AND j.feed_no = t.feed_no AND j.kind = 'release')
"""

_IN_DOUBT = """
CREATE VIEW in_doubt AS
SELECT i.seq, i.eid, i.voucher, i.uses, i.at, i.clerk, i.last_four, i.bytes,
       EXISTS (SELECT 1 FROM journal n
                WHERE n.eid = i.eid AND n.kind = 'note' AND n.detail = 'handed_over') AS handed_over
  FROM journal i
 WHERE i.kind = 'intent'
   AND NOT EXISTS (SELECT 1 FROM journal j
                    WHERE j.eid = i.eid AND j.kind IN ('shown', 'redeem', 'provisional', 'void'))
"""

_RESERVED = """
CREATE VIEW reserved AS
SELECT p.eid, p.voucher, p.uses, p.at
  FROM journal p
 WHERE p.kind = 'provisional'
   AND NOT EXISTS (SELECT 1 FROM journal j
                    WHERE j.eid = p.eid AND j.kind IN ('void', 'redeem'))
   AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.eid = p.eid AND o.status <> 'pending')
"""

# Green at this till and not taken back since, in any lane.
_PAST_USE = """
CREATE VIEW past_use AS
SELECT r.seq, r.eid, r.voucher, r.uses, r.at, r.clerk
  FROM journal r
 WHERE (r.kind IN ('redeem', 'provisional')
        OR (r.kind = 'intent'
            AND EXISTS (SELECT 1 FROM journal s
                         WHERE s.eid = r.eid AND s.kind = 'shown' AND s.detail = 'accepted')))
   AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.eid = r.eid AND j.kind IN ('undo', 'void'))
   AND NOT EXISTS (SELECT 1 FROM outcome o
                    WHERE o.eid = r.eid AND o.status IN ('void', 'undone'))
"""

# What was scanned at this till and what became of it; an intent carried on in another lane is one
# row, that of the other lane.
_HISTORY = """
CREATE VIEW history AS
SELECT j.seq, j.at, j.kind, j.eid, j.voucher, j.uses, j.clerk, j.reason,
       coalesce(nullif(j.last_four, ''), g.last_four, t.last_four, '') AS last_four,
       p.name AS product, g.value_fen, g.uses AS granted,
       s.detail AS answer, s.reason AS answer_reason,
       o.status AS outcome, o.reason AS outcome_reason,
       EXISTS (SELECT 1 FROM journal u WHERE u.eid = j.eid AND u.kind = 'undo') AS undone,
       EXISTS (SELECT 1 FROM journal v WHERE v.eid = j.eid AND v.kind = 'void') AS voided,
       j.seq <= (SELECT accepted_seq FROM state) AS sent
  FROM journal j
  LEFT JOIN feed_grant g ON g.tenure = j.tenure AND g.feed_no = j.feed_no
  LEFT JOIN journal t
         ON t.tenure = j.tenure AND t.feed_no = j.feed_no AND t.kind = 'token_seen'
  LEFT JOIN product p ON p.number = coalesce(g.product_number, t.product_number)
  LEFT JOIN journal s ON s.eid = j.eid AND s.kind = 'shown'
  LEFT JOIN outcome o ON o.eid = j.eid
 WHERE j.kind IN ('redeem', 'provisional', 'refused')
    OR (j.kind = 'intent'
        AND NOT EXISTS (SELECT 1 FROM journal k
                         WHERE k.eid = j.eid AND k.kind IN ('redeem', 'provisional')))
"""

# Green here, and the server could not simply agree; a person has to take note.
_EXCEPTION = """
CREATE VIEW exception AS
SELECT h.*
  FROM outcome o JOIN history h ON h.eid = o.eid
 WHERE o.status IN ('refused', 'case') AND h.kind IN ('redeem', 'provisional')
   AND NOT EXISTS (SELECT 1 FROM journal n
                    WHERE n.eid = o.eid AND n.kind = 'note' AND n.detail = 'acknowledged')
"""

_APPEND_ONLY = (
    """CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal
       BEGIN SELECT raise(ABORT, 'the journal only grows'); END""",
    """CREATE TRIGGER journal_never_shrinks BEFORE DELETE ON journal
       BEGIN SELECT raise(ABORT, 'the journal only grows'); END""",
)

STEPS: tuple[tuple[str, ...], ...] = (
    (
        *(_JOURNAL, _FEED_GRANT, _STATE, _PAIRING, *_COPIES, *_INDEXES),
        *(_GRANT_NOW, _HOLDING, _TOMBSTONE, _IN_DOUBT, _RESERVED, _PAST_USE),
        *(_HISTORY, _EXCEPTION, *_APPEND_ONLY),
    ),
)
"""Step n brings a database of version n to version n + 1; a released step is never edited."""


class DatabaseTooNewError(KnownError):
    """The database was written by a newer version of this program; update the program."""

    code = "database_too_new"

    def __init__(self, found: int) -> None:
        super().__init__(f"schema {found} is newer than {len(STEPS)}, the newest known here")
        self.found = found


def migrate(connection: Connection) -> None:
    """Bring the database to the newest schema; the caller's transaction makes it all or nothing.

    Raises:
        DatabaseTooNewError: it is of a version this program does not know; nothing was changed.
    """
    found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if found > len(STEPS):
        raise DatabaseTooNewError(found)
    for step in STEPS[found:]:
        for statement in step:
            connection.exec_driver_sql(statement)
    if found < len(STEPS):
        connection.exec_driver_sql(f"PRAGMA user_version = {len(STEPS)}")
