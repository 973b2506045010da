"""Every table of the holdings: who holds each use, what tills reported, what tills are told.

The columns named in the protocol's section 3 mean what they mean there. Every CHECK is the same on
SQLite and PostgreSQL, so that neither a fault of ours nor a hand in the database can break the
books unseen.

Lock order of every transaction: till_head (by till), holding (by voucher), grant_, event, the
catalog's quotas, till_feed (by till), and the news counter last.
"""

from server.holdings.tables.books import (
    CASE,
    COUNTER,
    EVENT,
    EVENT_CHARGE,
    GRANT,
    HOLDING,
    PENDING_PROVISIONAL,
    REFUND,
    TENURE,
)
from server.holdings.tables.channels import (
    ALARM,
    ASK_IN,
    FEED_OUT,
    JOURNAL_BRANCH,
    JOURNAL_IN,
    TILL_FEED,
    TILL_HEAD,
)

__all__ = [
    "ALARM",
    "ASK_IN",
    "CASE",
    "COUNTER",
    "EVENT",
    "EVENT_CHARGE",
    "FEED_OUT",
    "GRANT",
    "HOLDING",
    "JOURNAL_BRANCH",
    "JOURNAL_IN",
    "PENDING_PROVISIONAL",
    "REFUND",
    "TENURE",
    "TILL_FEED",
    "TILL_HEAD",
]
