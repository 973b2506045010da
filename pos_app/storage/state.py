"""The till's own standing: who it is, how far feed and journal are, how long it may work alone."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pos_app.core.knowledge import Identity, Standing
from pos_app.storage.moments import from_microseconds, optional_moment, to_microseconds
from shared.clock import ClockAnchor

_READ = text("SELECT * FROM state")
_BEGIN = text(
    "INSERT INTO state (one, till, store, merchant, incarnation, till_name, server_url,"
    " server_sealing_key, standing, cursor, accepted_seq, clock_floor_seq, first_sync_done,"
    " min_version) VALUES (1, :till, :store, :merchant, :incarnation, :till_name, :server_url,"
    " :server_sealing_key, 'welcome', 0, 0, 0, 0, 0)"
)
_CONTACT = text(
    "UPDATE state SET server_time = :server_time, server_time_monotonic = :monotonic,"
    " server_time_boot = :boot, offline_until = :offline_until, min_version = :min_version"
)
_ACCEPTED = text("UPDATE state SET accepted_seq = max(accepted_seq, :seq)")
_CURSOR = text("UPDATE state SET cursor = :cursor WHERE cursor < :cursor")
_TENURE = text("UPDATE state SET my_tenure = :tenure, sealed_token_key = :sealed_token_key")
_STANDING = text("UPDATE state SET standing = :standing")
_FIRST_SYNC = text("UPDATE state SET first_sync_done = 1 WHERE first_sync_done = 0")
_FLOOR = text("UPDATE state SET clock_floor_seq = (SELECT coalesce(max(seq), 0) FROM journal)")
_NAMES = text("UPDATE state SET store = :store, till_name = :till_name")


@dataclass(frozen=True, slots=True)
class TillState:
    """One row: everything the server has told this till about itself.

    Attributes:
        identity: who it is.
        standing: whether it may decide.
        cursor: number of the last feed entry applied.
        accepted_seq: last event the server has taken.
        tenure: in which it is keeper, or None.
        sealed_token_key: key of that tenure's tokens, sealed to this till.
        offline_until: end of the offline lease, or None before the first contact.
        anchor: the server's last word on the time.
        first_sync_done: the feed was read to its end at least once.
        min_version: oldest protocol the server still speaks.
    """

    identity: Identity
    standing: Standing
    cursor: int
    accepted_seq: int
    tenure: int | None
    sealed_token_key: bytes | None = field(repr=False)
    offline_until: datetime | None
    anchor: ClockAnchor | None
    first_sync_done: bool
    min_version: int


def read_state(connection: Connection) -> TillState | None:
    """What the till is, or None before it has been paired."""
    row = connection.execute(_READ).one_or_none()
    if row is None:
        return None
    anchor = None
    if row.server_time is not None:
        anchor = ClockAnchor(
            from_microseconds(row.server_time), row.server_time_monotonic, row.server_time_boot
        )
    return TillState(
        identity=Identity(
            till=UUID(bytes=row.till),
            store=UUID(bytes=row.store),
            merchant=UUID(bytes=row.merchant),
            incarnation=row.incarnation,
            till_name=row.till_name,
            server_url=row.server_url,
            server_sealing_key=row.server_sealing_key,
        ),
        standing=Standing(row.standing),
        cursor=row.cursor,
        accepted_seq=row.accepted_seq,
        tenure=row.my_tenure,
        sealed_token_key=row.sealed_token_key,
        offline_until=optional_moment(row.offline_until),
        anchor=anchor,
        first_sync_done=bool(row.first_sync_done),
        min_version=row.min_version,
    )


def begin_life(connection: Connection, identity: Identity) -> None:
    """Write down who this till is; its journal and cursor begin at 0."""
    connection.execute(
        _BEGIN,
        {
            "till": identity.till.bytes,
            "store": identity.store.bytes,
            "merchant": identity.merchant.bytes,
            "incarnation": identity.incarnation,
            "till_name": identity.till_name,
            "server_url": identity.server_url,
            "server_sealing_key": identity.server_sealing_key,
        },
    )


def note_contact(
    connection: Connection, anchor: ClockAnchor, offline_until: datetime, min_version: int
) -> None:
    """Keep the server's time and how long this till may work alone."""
    values = {
        "server_time": to_microseconds(anchor.server_time),
        "monotonic": anchor.monotonic_seconds,
        "boot": anchor.boot,
        "offline_until": to_microseconds(offline_until),
        "min_version": min_version,
    }
    connection.execute(_CONTACT, values)


def drop_clock_floor(connection: Connection) -> None:
    """The journal's times so far were ahead of the server's; they no longer bind this till."""
    connection.execute(_FLOOR)


def note_accepted(connection: Connection, seq: int) -> None:
    """The server has taken every event up to `seq`; never goes back."""
    connection.execute(_ACCEPTED, {"seq": seq})


def move_cursor(connection: Connection, cursor: int) -> None:
    """Every feed entry up to `cursor` is applied; never goes back."""
    connection.execute(_CURSOR, {"cursor": cursor})


def set_tenure(connection: Connection, tenure: int | None, sealed_key: bytes | None) -> None:
    """Begin a tenure, or end it and destroy its token key."""
    connection.execute(_TENURE, {"tenure": tenure, "sealed_token_key": sealed_key})


def set_standing(connection: Connection, standing: Standing) -> None:
    """Keep the server's word on whether this till may decide."""
    connection.execute(_STANDING, {"standing": standing.value})


def note_first_sync(connection: Connection) -> None:
    """The feed has been read to its end."""
    connection.execute(_FIRST_SYNC)


def set_names(connection: Connection, store: UUID, till_name: str) -> None:
    """Keep where this till stands and how people call it."""
    connection.execute(_NAMES, {"store": store.bytes, "till_name": till_name})
