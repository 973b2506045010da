"""A till reads its feed: stored bytes, with the token key sealed to it at that moment."""

from dataclasses import dataclass

import msgspec

from server.holdings import service as holdings
from server.kernel.keys import RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.tills import service
from server.tills.rules import TillIdentity, require_present_life
from shared import feed, wire
from shared.qr_token import token_key
from shared.sealing import PURPOSE_TOKEN_KEY, seal

_KEEP_START = msgspec.json.encode({"kind": "keep"})[:-1]


@dataclass(frozen=True, slots=True)
class FeedReply:
    """The next entries for a till, in order, and whether more follow."""

    entries: list[msgspec.Raw]
    more: bool


NOTHING = FeedReply([], more=False)


def read_feed(uow: UnitOfWork, root_key: RootKey, identity: TillIdentity, cursor: int) -> FeedReply:
    """The entries after a cursor, at most 2,000.

    Args:
        uow: a transaction of the till's merchant.
        root_key: token keys are derived from it and never stored.
        identity: entries before its `feed_start` were meant for an earlier life and are left out.
        cursor: the last entry the till has applied, 0 and up.

    Raises:
        OldIncarnationError: paired again since; nothing is sealed to an old life's key.
    """
    require_present_life(service.refreshed(uow, [identity])[0])
    after = max(cursor, identity.feed_start)
    page = holdings.feed_after(uow, identity.till, after, wire.FEED_ENTRIES_MAX)
    entries = [_as_sent(uow, root_key, identity, raw) for raw in page.entries]
    return FeedReply(entries, page.more)


def _as_sent(uow: UnitOfWork, root_key: RootKey, identity: TillIdentity, raw: bytes) -> msgspec.Raw:
    if not raw.startswith(_KEEP_START):
        return msgspec.Raw(raw)
    entry = feed.decode_entry(raw)
    assert isinstance(entry, feed.Keep)
    key = token_key(root_key.secret, identity.merchant, entry.tenure, identity.till)
    letter = seal(key, identity.sealing_key, PURPOSE_TOKEN_KEY, uow.entropy)
    sealed = msgspec.structs.replace(entry, sealed_token_key=letter)
    return msgspec.Raw(feed.encode_entry(sealed))
