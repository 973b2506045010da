"""Headquarters compares six digits and says yes or no; the till fetches what it was told."""

from uuid import UUID

import structlog

from server.holdings import service as holdings
from server.holdings.states import TenureState
from server.kernel.keys import MerchantKeys, RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.kernel.work_queue import request_work
from server.staff import service as staff
from server.staff.rules import Permission, Person, require, visible_stores
from server.tills import introduction, rules, service
from server.tills.rules import TillState
from server.tills.store import machines, pairings
from server.tills.values import Pairing, TillRow
from shared.errors import NotFoundError
from shared.ids import StoreId, TillId
from shared.sealing import PURPOSE_LOOKUP_KEY, seal
from shared.signing import pairing_digits, signature_is_right
from shared.wire import PairStatus, PairStatusReply, PairStatusRequest

_log = structlog.get_logger(__name__)

GRANT_WAITING = "grant_waiting"
"""Work: grant a store's keeper the vouchers that wait for that store; the subject is the store."""


def waiting_pairings(uow: UnitOfWork, by: Person | None) -> list[tuple[Pairing, str]]:
    """Tills that wait for headquarters, oldest first, each with its six digits.

    Raises:
        NotAllowedError: `by` may pair nowhere.
    """
    stores = None if by is None else visible_stores(by, Permission.pair_till)
    waiting = pairings.pairings_waiting(uow.connection, uow.merchant, uow.now)
    return [
        (pairing, digits_of(pairing))
        for pairing in waiting
        if stores is None or pairing.store in stores
    ]


def digits_of(pairing: Pairing) -> str:
    """The six digits that the till's screen must show too."""
    return pairing_digits(pairing.server_nonce, pairing.signing_key, pairing.sealing_key)


def confirm(uow: UnitOfWork, pairing: UUID, by: Person | None) -> TillRow:
    """Make a till of a machine whose digits headquarters has compared.

    It is told everything it needs, and becomes keeper where the store has none; vouchers that wait
    for the store follow in chunks.

    Args:
        uow: the transaction.
        pairing: which pairing.
        by: who compared the digits; None for a command of whoever runs the server.

    Raises:
        NotFoundError: no such pairing of this merchant.
        NotAllowedError: `by` may not pair tills at that store.
        PairingDecidedError: confirmed, refused or too late.

    Source: protocol rules S11 and S16.
    """
    claimed = _undecided(uow, pairing, by)
    till, incarnation = _begin_life(uow, claimed)
    decision = {
        "state": PairStatus.confirmed,
        "decided_at": uow.now,
        "decided_by": None if by is None else by.id,
        "till": till,
        "incarnation": incarnation,
    }
    pairings.decide_pairing(uow.connection, uow.merchant, pairing, decision)
    paired = service.till_of(uow, till)
    if not _has_keeper(uow, paired.store):
        holdings.appoint_keeper(uow, paired.store, till)
        request_work(uow, GRANT_WAITING, paired.store)
        request_work(uow, service.FOLLOW_TENURES, uow.merchant)
    introduction.introduce(uow, paired)
    staff.record(uow, by, "pairing_confirmed", str(till), {"store": str(paired.store)})
    _log.info("pairing_confirmed", pairing=str(pairing), till=str(till), incarnation=incarnation)
    return paired


def refuse(uow: UnitOfWork, pairing: UUID, by: Person | None) -> None:
    """Say no: the digits differ, or nobody expected this machine.

    Raises:
        NotFoundError: no such pairing of this merchant.
        NotAllowedError: `by` may not pair tills at that store.
        PairingDecidedError: confirmed, refused or too late.
    """
    _undecided(uow, pairing, by)
    by_id = None if by is None else by.id
    decision = {"state": PairStatus.refused, "decided_at": uow.now, "decided_by": by_id}
    pairings.decide_pairing(uow.connection, uow.merchant, pairing, decision)
    staff.record(uow, by, "pairing_refused", str(pairing), {})
    _log.info("pairing_refused", pairing=str(pairing))


def status(uow: UnitOfWork, root_key: RootKey, request: PairStatusRequest) -> PairStatusReply:
    """Tell a till how far its pairing has come, and once confirmed what it needs to begin.

    Args:
        uow: a transaction of `rules.INSTALLATION`, because the till knows no merchant yet.
        root_key: the installation's.
        request: signed with the key the till showed, so that only this till can ask.

    Raises:
        NotFoundError: no such pairing.
        WrongSignatureError: signed by another key.
    """
    found = pairings.pairing_anywhere(uow.connection, request.pairing)
    if found is None:
        raise NotFoundError(what="pairing")
    merchant, pairing = found
    message = request.pairing.bytes
    if not signature_is_right(pairing.signing_key, request.signature, message):
        raise rules.WrongSignatureError(pairing=pairing.id)
    if pairing.state is not PairStatus.confirmed:
        over = pairing.state is PairStatus.refused or uow.now >= pairing.expires_at
        return _undecided_reply(PairStatus.refused if over else PairStatus.waiting)
    return _confirmed_reply(uow, root_key.of(merchant), pairing)


def _undecided(uow: UnitOfWork, pairing: UUID, by: Person | None) -> Pairing:
    claimed = pairings.pairing_locked(uow.connection, uow.merchant, pairing)
    if claimed is None:
        raise NotFoundError(what="pairing")
    if by is not None:
        require(by, Permission.pair_till, claimed.store)
    if claimed.state is not PairStatus.waiting or uow.now >= claimed.expires_at:
        raise rules.PairingDecidedError(state=claimed.state)
    return claimed


def _has_keeper(uow: UnitOfWork, shop: StoreId) -> bool:
    return any(
        tenure.state is TenureState.active for tenure in holdings.live_tenures(uow, store=shop)
    )


def _begin_life(uow: UnitOfWork, claimed: Pairing) -> tuple[TillId, int]:
    if claimed.till is None:
        till, incarnation, feed_start = TillId(uow.new_id()), 1, 0
        _add_till(uow, till, claimed)
        holdings.open_feed(uow, till, name=claimed.till_name)
    else:
        till = claimed.till
        incarnation = service.till_of(uow, till).incarnation + 1
        service.give_up_tenures(uow, till)
        feed_start = holdings.heads(uow.connection).get((uow.merchant, till), 0)
        _renew_till(uow, till, incarnation, claimed)
    key = {
        "merchant": uow.merchant,
        "till": till,
        "incarnation": incarnation,
        "signing_key": claimed.signing_key,
        "sealing_key": claimed.sealing_key,
        "feed_start": feed_start,
        "paired_at": uow.now,
    }
    machines.add_key(uow.connection, key)
    return till, incarnation


def _add_till(uow: UnitOfWork, till: TillId, claimed: Pairing) -> None:
    values = {
        "merchant": uow.merchant,
        "id": till,
        "store": claimed.store,
        "name": claimed.till_name,
        "state": TillState.active,
        "incarnation": 1,
        "app_version": claimed.app_version,
        "paired_at": uow.now,
    }
    machines.add_till(uow.connection, values)


def _renew_till(uow: UnitOfWork, till: TillId, incarnation: int, claimed: Pairing) -> None:
    values = {
        "state": TillState.active,
        "incarnation": incarnation,
        "app_version": claimed.app_version,
        "paired_at": uow.now,
        "revoked_at": None,
        "revoked_by": None,
    }
    machines.change_till(uow.connection, uow.merchant, till, values)


def _undecided_reply(state: PairStatus) -> PairStatusReply:
    return PairStatusReply(
        status=state,
        merchant=None,
        till=None,
        till_name=None,
        store=None,
        incarnation=None,
        server_sealing_key=None,
        sealed_lookup_key=None,
    )


def _confirmed_reply(uow: UnitOfWork, keys: MerchantKeys, pairing: Pairing) -> PairStatusReply:
    letter = seal(keys.lookup_key(), pairing.sealing_key, PURPOSE_LOOKUP_KEY, uow.entropy)
    return PairStatusReply(
        status=PairStatus.confirmed,
        merchant=keys.merchant,
        till=pairing.till,
        till_name=pairing.till_name,
        store=pairing.store,
        incarnation=pairing.incarnation,
        server_sealing_key=keys.sealing_public_key(),
        sealed_lookup_key=letter,
    )
