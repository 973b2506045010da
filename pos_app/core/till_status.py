"""How a till is, as values: what its status bar shows, and how far its pairing has come."""

from dataclasses import dataclass
from datetime import datetime

from pos_app.core.knowledge import Standing


@dataclass(frozen=True, slots=True)
class TillStatus:
    """What the status bar shows without a click.

    Attributes:
        store_name: empty before the first sync.
        time_zone: the store's, by name, in which people are told times.
        till_name: as people call this till.
        standing: whether it may decide.
        is_keeper: it holds this store's vouchers.
        first_sync_done: the feed was read to its end at least once.
        vouchers: grants that the feed has brought.
        pending: events the server has not acknowledged: rows of the queue, not a counter.
        pending_since: when the oldest of them happened, or None.
        exceptions: scans in dispute that wait for a person.
        last_contact: the server's last word, or None before the first.
        offline_until: end of the offline lease, or None before the first contact.
        clock_trusted: whether the till's time rests on the server's.
        now: by the till's clock.
    """

    store_name: str
    time_zone: str
    till_name: str
    standing: Standing
    is_keeper: bool
    first_sync_done: bool
    vouchers: int
    pending: int
    pending_since: datetime | None
    exceptions: int
    last_contact: datetime | None
    offline_until: datetime | None
    clock_trusted: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Headquarters has to compare the digits.

    Attributes:
        digits: six of them, the same on both screens.
        store_name: the store this till will belong to.
        expires_at: until when headquarters may answer, aware UTC.
        server_url: where the server is.
    """

    digits: str
    store_name: str
    expires_at: datetime
    server_url: str
