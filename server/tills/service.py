"""Verbs of tills that are paired: who speaks, their nonces, their lists, their revocation."""

import dataclasses
from collections.abc import Sequence

import structlog

from server.holdings import service as holdings
from server.kernel.database import Connection
from server.kernel.unit_of_work import UnitOfWork
from server.kernel.work_queue import request_work
from server.staff import service as staff
from server.staff.rules import Permission, Person, require
from server.tills import introduction, rules
from server.tills.rules import TillIdentity, TillState
from server.tills.store import machines
from server.tills.values import TillRow
from shared import feed
from shared.errors import NotFoundError
from shared.ids import StoreId, TillId

FOLLOW_TENURES = "follow_tenures"
"""Work: let grants follow tenures that are over, in chunks; the subject is the merchant."""

_log = structlog.get_logger(__name__)


def identity_of(connection: Connection, till: TillId, incarnation: int) -> TillIdentity | None:
    """One life of a till, of whichever merchant: a request does not name its merchant."""
    return machines.identity_of(connection, till, incarnation)


def refreshed(uow: UnitOfWork, identities: Sequence[TillIdentity]) -> list[TillIdentity]:
    """The same lives of tills with state and present incarnation as of this transaction.

    What an edge remembers of a till may be a second old; whatever a revoked or replaced till must
    not have is decided by this.
    """
    standings = machines.standings(uow.connection, uow.merchant, {one.till for one in identities})
    return [
        dataclasses.replace(
            one, state=standings[one.till][0], current_incarnation=standings[one.till][1]
        )
        for one in identities
    ]


def new_nonce(uow: UnitOfWork, identity: TillIdentity) -> bytes:
    """Draw a nonce for a hello; it replaces every older one of this till.

    A revoked till may ask too: the hello tells it so.

    Raises:
        OldIncarnationError: paired again since.
    """
    rules.require_present_life(refreshed(uow, [identity])[0])
    nonce = uow.entropy(rules.NONCE_BYTES)
    machines.replace_nonce(uow.connection, identity, nonce, uow.now)
    return nonce


def use_nonce(uow: UnitOfWork, identity: TillIdentity, nonce: bytes) -> None:
    """Use a hello's nonce up, so that the same hello can never be heard twice.

    Raises:
        WrongNonceError: unknown, used, replaced or older than 60 seconds.

    Source: protocol rule S13 (what makes a hello fresh).
    """
    made_at = machines.take_nonce(uow.connection, identity, nonce)
    if made_at is None or uow.now - made_at > rules.NONCE_LIFE:
        raise rules.WrongNonceError(till=identity.till)


def note_hello(uow: UnitOfWork, identity: TillIdentity, app_version: str) -> None:
    """Write down that a till has started and with which version."""
    values = {
        "last_hello": uow.now,
        "app_version": app_version[: rules.VERSION_CHARACTERS_MAX],
    }
    machines.change_till(uow.connection, uow.merchant, identity.till, values)


def list_tills(uow: UnitOfWork, shop: StoreId | None = None) -> list[TillRow]:
    """The tills of one store, or of all, by name."""
    return machines.tills(uow.connection, uow.merchant, shop)


def till_of(uow: UnitOfWork, till: TillId) -> TillRow:
    """One till.

    Raises:
        NotFoundError: not one of this merchant's.
    """
    found = machines.till_locked(uow.connection, uow.merchant, till)
    if found is None:
        raise NotFoundError(till=till)
    return found


def revoke(uow: UnitOfWork, till: TillId, by: Person | None) -> None:
    """Switch a till off: what it holds returns to the server as declared lost, and it is told.

    It may still hand in the events of its known chain; they are late events. Revoking twice
    changes nothing.

    Raises:
        NotFoundError: not one of this merchant's.
        NotAllowedError: `by` may not do this at the till's store.

    Source: protocol rules S12 and S15.
    """
    found = till_of(uow, till)
    if by is not None:
        require(by, Permission.revoke_till, found.store)
    if found.state is TillState.revoked:
        return
    by_id = None if by is None else by.id
    values = {"state": TillState.revoked, "revoked_at": uow.now, "revoked_by": by_id}
    machines.change_till(uow.connection, uow.merchant, till, values)
    give_up_tenures(uow, till)
    holdings.tell(uow, [(till, feed.Revoked(feed_no=0, at=uow.now))])
    introduction.tell_peers_of(uow, till_of(uow, till))
    staff.record(uow, by, "till_revoked", str(till), {"store": str(found.store)})
    _log.info("till_revoked", till=str(till))


def give_up_tenures(uow: UnitOfWork, till: TillId) -> None:
    """Declare lost whatever tenure a till still has, because that life of it will not release."""
    for tenure in holdings.live_tenures(uow, till=till):
        holdings.declare_lost(uow, tenure.number)
        request_work(uow, FOLLOW_TENURES, uow.merchant)
