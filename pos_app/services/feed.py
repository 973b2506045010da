"""Applies what the server tells: entries in order, each exactly once, in one transaction.

What an entry makes the till do is written to the journal in the same transaction, behind every
earlier event of that grant (protocol rule T7). An entry of a tenure that is not the live one only
moves the cursor (protocol rule T11).

Source: the till–server protocol, section 2 (table "Feed").
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from pos_app.core.knowledge import Standing
from pos_app.services.work import Work
from pos_app.storage import copies, grants, history, journal, state
from shared import feed
from shared.errors import KnownError
from shared.journal import Release, TenureDone, Undo, UndoTo
from shared.wire import GrantKey

_log = logging.getLogger(__name__)


class FeedGapError(KnownError):
    """The server left an entry out; nothing was applied, and the same page is asked for again."""


@dataclass(slots=True)
class _Reading:
    """A feed being applied: what has changed since the transaction began.

    Attributes:
        work: the transaction.
        tenure: the live tenure at this point of the feed.
        cursor: number of the last entry applied.
        grants: entries not stored yet; they are stored together, before anything reads them.
    """

    work: Work
    tenure: int | None
    cursor: int
    grants: list[feed.GrantEntry] = field(default_factory=list)

    def settle(self) -> None:
        """Store what has been gathered; the cursor goes with it, so no grant counts twice."""
        grants.insert_grants(self.work.connection, self.grants)
        self.grants.clear()
        state.move_cursor(self.work.connection, self.cursor)


def apply_feed(work: Work, raws: Sequence[msgspec.Raw | bytes]) -> int:
    """Apply the next entries; those that were applied before are skipped.

    Args:
        work: the transaction.
        raws: entries as the server sent them, in order.

    Returns:
        How many entries were new.

    Raises:
        FeedGapError: a number is missing between the cursor and an entry.
    """
    applied = 0
    reading = _Reading(work, work.state.tenure, work.state.cursor)
    for raw in raws:
        number = feed.entry_number(raw)
        if number <= reading.cursor:
            continue
        # The first entry of a new life follows what was told to the life before.
        if number != reading.cursor + 1 and reading.cursor != 0:
            raise FeedGapError(f"entry {number} came after {reading.cursor}")
        _apply(reading, raw)
        reading.cursor, applied = number, applied + 1
    reading.settle()
    return applied


def _apply(reading: _Reading, raw: msgspec.Raw | bytes) -> None:
    try:
        entry = feed.decode_entry(raw)
    except msgspec.ValidationError as cause:
        # A newer server's news; what it means is for a newer till, and the chain goes on.
        _log.info("feed entry of an unknown kind passed over: %s", cause)
        return
    if isinstance(entry, feed.GrantEntry):
        if entry.tenure == reading.tenure:
            reading.grants.append(entry)
        return
    reading.settle()
    _APPLY[type(entry)](reading, entry)


def _keep(reading: _Reading, entry: feed.Keep) -> None:
    reading.tenure = entry.tenure
    state.set_tenure(reading.work.connection, entry.tenure, entry.sealed_token_key)


def _recall(reading: _Reading, entry: feed.RecallEntry) -> None:
    if entry.tenure != reading.tenure:
        return
    grant = GrantKey(entry.tenure, entry.grant_feed_no)
    left = grants.left_of(reading.work.connection, grant)
    if left is not None:
        event = Release(**reading.work.header(), grant=grant, uses=left)
        journal.append(reading.work.connection, event)


def _end(reading: _Reading, entry: feed.End) -> None:
    if entry.tenure != reading.tenure:
        return
    work = reading.work
    journal.append_all(
        work.connection,
        [
            Release(**work.header(), grant=grant, uses=left)
            for grant, left in grants.open_grants(work.connection)
        ],
    )
    journal.append(work.connection, TenureDone(**work.header(), tenure=entry.tenure))
    _leave_tenure(reading)


def _lost(reading: _Reading, entry: feed.Lost) -> None:
    if entry.tenure == reading.tenure:
        _leave_tenure(reading)


def _leave_tenure(reading: _Reading) -> None:
    reading.tenure = None
    state.set_tenure(reading.work.connection, None, None)


def _reverse(reading: _Reading, entry: feed.Reverse) -> None:
    undo(reading.work, entry, "headquarters")


def undo(work: Work, entry: feed.Reverse, why: str) -> None:
    """Take a held redemption back, at most once (protocol rule T6); an unknown one stays."""
    redeemed = journal.redemption(work.connection, entry.eid)
    if redeemed is None or redeemed.undone:
        return
    is_open = grants.left_of(work.connection, redeemed.grant) is not None
    event = Undo(
        **work.header(),
        eid=entry.eid,
        uses=redeemed.uses,
        to=UndoTo.grant if is_open else UndoTo.server,
        why=why,
    )
    journal.append(work.connection, event, undone_grant=redeemed.grant if is_open else None)


def _outcome(reading: _Reading, entry: feed.OutcomeEntry) -> None:
    work = reading.work
    history.keep_outcome(work.connection, entry.eid, (entry.status, entry.reason), work.clock.at)


def _copy(reading: _Reading, entry: copies.Copied) -> None:
    copies.keep_copy(reading.work.connection, entry)
    if isinstance(entry, feed.Store):
        state.set_names(reading.work.connection, entry.store, entry.till_name)


def _revoked(reading: _Reading, _entry: feed.Revoked) -> None:
    """Hold nothing any more; the journal stays until the server has all of it."""
    connection = reading.work.connection
    _leave_tenure(reading)
    state.set_standing(connection, Standing.revoked)
    grants.forget_grants(connection)
    copies.forget_people(connection)


def _release_ok(_reading: _Reading, _entry: feed.ReleaseOk) -> None:
    """Nothing to do: the tenure was left when everything was given back."""


_APPLY: dict[type[feed.Entry], Callable[[_Reading, Any], None]] = {
    feed.Keep: _keep,
    feed.RecallEntry: _recall,
    feed.End: _end,
    feed.Lost: _lost,
    feed.Reverse: _reverse,
    feed.OutcomeEntry: _outcome,
    feed.ReleaseOk: _release_ok,
    feed.Policy: _copy,
    feed.Product: _copy,
    feed.Staff: _copy,
    feed.Peer: _copy,
    feed.Store: _copy,
    feed.Revoked: _revoked,
}
