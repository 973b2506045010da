"""Who may pair tills and where, and what the tills of a store are told when things change."""

import dataclasses
from datetime import timedelta
from uuid import UUID

import pytest

from server.bench.sample_chain import SampleChain, make_chain
from server.catalog import service as catalog
from server.holdings import service as holdings
from server.kernel.keys import RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.staff.rules import Person, Role
from server.tills import claiming, confirmation, introduction, pairing_codes, rules
from server.tills import service as tills
from server.tills.values import TillRow
from shared import feed
from shared.errors import NotAllowedError
from shared.ids import StaffId, StoreId
from shared.sealing import sealing_public_key
from shared.signing import signing_public_key
from shared.wire import PairReply, PairRequest

ROOT = RootKey(bytes(32))


def person(role: Role, *stores: StoreId) -> Person:
    name = role.value
    return Person(StaffId(UUID(int=9)), name, name, name, role, frozenset(stores) or None, True)


def claimed(uow: UnitOfWork, shop: StoreId, by: Person | None = None) -> PairReply:
    code = pairing_codes.issue_pairing_code(uow, ROOT, shop, "Till", by)
    request = PairRequest(
        code=code.text,
        signing_key=signing_public_key(uow.entropy(32)),
        sealing_key=sealing_public_key(uow.entropy(32)),
        device_name="counter",
        app_version="1",
    )
    nobody = dataclasses.replace(uow, merchant=rules.INSTALLATION)
    reply = claiming.claim(nobody, ROOT, request, "127.0.0.1")
    assert isinstance(reply, PairReply)
    return reply


def paired(uow: UnitOfWork, shop: StoreId) -> TillRow:
    return confirmation.confirm(uow, claimed(uow, shop).pairing, None)


def told(uow: UnitOfWork, till: TillRow) -> list[feed.AnyEntry]:
    page = holdings.feed_after(uow, till.id, 0)
    return [feed.decode_entry(raw) for raw in page.entries]


@pytest.fixture
def chain(uow: UnitOfWork) -> SampleChain:
    return make_chain(uow, 2)


def test_a_manager_pairs_tills_of_the_own_store_only(uow: UnitOfWork, chain: SampleChain) -> None:
    own, other = chain.stores
    manager = person(Role.store_manager, own)
    reply = claimed(uow, own, manager)
    with pytest.raises(NotAllowedError):
        pairing_codes.issue_pairing_code(uow, ROOT, other, "Till", manager)
    elsewhere = claimed(uow, other)
    waiting = confirmation.waiting_pairings(uow, manager)
    assert [pairing.id for pairing, _ in waiting] == [reply.pairing]
    for verb in (confirmation.confirm, confirmation.refuse):
        with pytest.raises(NotAllowedError):
            verb(uow, elsewhere.pairing, manager)
    assert confirmation.confirm(uow, reply.pairing, manager).store == own


def test_a_clerk_pairs_nothing(uow: UnitOfWork, chain: SampleChain) -> None:
    clerk = person(Role.clerk, chain.stores[0])
    with pytest.raises(NotAllowedError):
        pairing_codes.issue_pairing_code(uow, ROOT, chain.stores[0], "Till", clerk)
    with pytest.raises(NotAllowedError):
        confirmation.waiting_pairings(uow, clerk)
    with pytest.raises(NotAllowedError):
        tills.revoke(uow, paired(uow, chain.stores[0]).id, clerk)


def test_a_pairing_is_decided_once_and_in_time(uow: UnitOfWork, chain: SampleChain) -> None:
    reply = claimed(uow, chain.stores[0])
    confirmation.confirm(uow, reply.pairing, None)
    with pytest.raises(rules.PairingDecidedError):
        confirmation.refuse(uow, reply.pairing, None)
    late = claimed(uow, chain.stores[0])
    afterwards = dataclasses.replace(uow, now=uow.now + timedelta(minutes=15))
    with pytest.raises(rules.PairingDecidedError):
        confirmation.confirm(afterwards, late.pairing, None)


def test_revoking_takes_back_what_the_till_held_and_tells_its_peers(
    uow: UnitOfWork, chain: SampleChain
) -> None:
    shop = chain.stores[0]
    keeper, peer = paired(uow, shop), paired(uow, shop)
    tills.revoke(uow, keeper.id, None)
    tills.revoke(uow, keeper.id, None)
    assert holdings.live_tenures(uow, store=shop) == []
    kinds = [type(entry) for entry in told(uow, keeper)]
    assert kinds.count(feed.Revoked) == 1
    assert feed.Lost in kinds
    last = [entry for entry in told(uow, peer) if isinstance(entry, feed.Peer)][-1]
    assert (last.till, last.active, last.keeper) == (keeper.id, False, False)


def test_changes_are_told_to_tills_that_work(uow: UnitOfWork, chain: SampleChain) -> None:
    here, there = (paired(uow, shop) for shop in chain.stores)
    off = paired(uow, chain.stores[0])
    tills.revoke(uow, off.id, None)
    before = len(told(uow, off))
    renamed = dataclasses.replace(chain.product, name="Tea")
    catalog.save_product(uow, None, renamed)
    introduction.tell_product(uow, renamed)
    introduction.tell_store_and_policy(uow, chain.stores[0])
    for till in (here, there):
        names = [entry.name for entry in told(uow, till) if isinstance(entry, feed.Product)]
        assert names == ["Coffee", "Tea"]
    policies = [
        sum(isinstance(entry, feed.Policy) for entry in told(uow, till)) for till in (here, there)
    ]
    assert policies == [2, 1]
    assert len(told(uow, off)) == before
