"""What goes to the server and what its replies change; sending is somebody else's duty.

A reply is applied in one transaction: the server's time, what it has taken, outcomes, feed and
cursor. The same reply applied again changes nothing.

Source: the till–server protocol, section 2 (sync and hello) and rule S13.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from pos_app.core.knowledge import Standing
from pos_app.core.trusted_clock import next_anchor, was_ahead
from pos_app.services.feed import apply_feed
from pos_app.services.work import Work
from pos_app.storage import history, journal, state
from shared.wire import (
    UPLOAD_BYTES_MAX,
    UPLOAD_EVENTS_MAX,
    HelloReply,
    HelloRequest,
    HelloStatus,
    SyncReply,
    SyncRequest,
)

REQUEST_FRAME_BYTES = 4_096
"""Room for what an upload carries beside its events."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """What a sync reply changed.

    Attributes:
        entries: feed entries that were new.
        outcomes: events whose outcome was told.
        more: the server has more for this till; ask again at once.
    """

    entries: int
    outcomes: int
    more: bool


def sync_request(work: Work, wait_seconds: int) -> SyncRequest:
    """The next upload, or a poll when nothing waits to be sent.

    Args:
        work: the transaction.
        wait_seconds: how long the server may keep a poll open, 0 to 25; an upload never waits.
    """
    events = journal.events_after(
        work.connection,
        work.state.accepted_seq,
        UPLOAD_EVENTS_MAX,
        UPLOAD_BYTES_MAX - REQUEST_FRAME_BYTES,
    )
    return SyncRequest(
        till=work.state.identity.till,
        incarnation=work.state.identity.incarnation,
        journal_head=journal.head(work.connection),
        cursor=work.state.cursor,
        events=events,
        wait_seconds=0 if events else wait_seconds,
    )


def poll_request(work: Work, wait_seconds: int) -> SyncRequest:
    """A request without events, which may run beside an upload."""
    return SyncRequest(
        till=work.state.identity.till,
        incarnation=work.state.identity.incarnation,
        journal_head=journal.head(work.connection),
        cursor=work.state.cursor,
        events=[],
        wait_seconds=wait_seconds,
    )


def apply_sync_reply(work: Work, reply: SyncReply) -> Applied:
    """Write down everything a sync reply says.

    Raises:
        FeedGapError: the feed has a hole; nothing of the reply was kept.
    """
    _note_contact(work, reply.server_time, reply.offline_until, reply.min_version)
    _note_accepted(work, reply.accepted_seq)
    for outcome in reply.outcomes:
        ended = (outcome.status, outcome.reason)
        history.keep_outcome(work.connection, outcome.eid, ended, work.clock.at)
    entries = apply_feed(work, reply.feed)
    if not reply.more:
        state.note_first_sync(work.connection)
    return Applied(entries, len(reply.outcomes), reply.more)


def hello_request(work: Work, nonce: bytes, app_version: str) -> HelloRequest:
    """Where this till's journal and feed stand, read after the nonce came."""
    return HelloRequest(
        nonce=nonce,
        incarnation=work.state.identity.incarnation,
        journal_head=journal.head(work.connection),
        cursor=work.state.cursor,
        app_version=app_version,
        want_keep=work.state.tenure is None and work.state.standing is Standing.welcome,
    )


_STANDINGS = {
    HelloStatus.welcome: Standing.welcome,
    HelloStatus.forked: Standing.forked,
    HelloStatus.revoked: Standing.revoked,
}


def apply_hello_reply(work: Work, reply: HelloReply) -> Standing:
    """Write down what the server makes of this till; hello never advances what it has taken."""
    _note_contact(work, reply.server_time, reply.offline_until, reply.min_version)
    standing = _STANDINGS[reply.status]
    state.set_standing(work.connection, standing)
    return standing


def note_barred(work: Work, standing: Standing) -> None:
    """The server refused a request because this till may not decide any more."""
    assert standing is not Standing.welcome
    state.set_standing(work.connection, standing)


def _note_accepted(work: Work, accepted_seq: int) -> None:
    last_seq = journal.head(work.connection).last_seq
    if accepted_seq > last_seq:
        # It has taken events we do not have: our disk went back, which hello will find.
        _log.error("the server has event %d, this journal ends at %d", accepted_seq, last_seq)
        accepted_seq = last_seq
    state.note_accepted(work.connection, accepted_seq)


def _note_contact(
    work: Work, server_time: datetime, offline_until: datetime, min_version: int
) -> None:
    if was_ahead(journal.latest_moment(work.connection), server_time):
        state.drop_clock_floor(work.connection)
    anchor = next_anchor(server_time, work.machine, work.state.anchor)
    state.note_contact(work.connection, anchor, offline_until, min_version)
