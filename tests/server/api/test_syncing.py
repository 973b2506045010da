"""Hello, sync, ask and long poll over a real socket, with replays, clones and two processes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import msgspec
import pytest
from uuid_utils.compat import uuid7

from server.bench.scripted_till import Reply, ScriptedTill
from server.holdings import service as holdings
from server.kernel.unit_of_work import UnitOfWork
from shared import feed, journal, wire
from shared.ids import VoucherRef
from shared.reasons import Reason
from shared.wire import AskReply, EventStatus, GrantKey, HelloReply, HelloStatus, SyncReply
from tests.server.api.running_server import World

LONG_POLL_SECONDS = 20
BOUND_SECONDS = 15
"""Well within one long poll: only being woken makes it."""


def grants(till: ScriptedTill) -> dict[bytes, GrantKey]:
    entries = [feed.decode_entry(raw) for raw in till.feed]
    return {
        entry.voucher_ref: GrantKey(entry.tenure, entry.feed_no)
        for entry in entries
        if isinstance(entry, feed.GrantEntry)
    }


@dataclass(frozen=True, slots=True)
class Counter:
    """A store and its keeper."""

    shop: int
    till: ScriptedTill


@pytest.fixture(scope="module")
def counter(world: World) -> Counter:
    shop = world.next_store()
    till = world.till(shop)
    till.sync()
    return Counter(shop, till)


@pytest.fixture(scope="module")
def keeper(counter: Counter) -> ScriptedTill:
    return counter.till


def granted(world: World, counter: Counter, count: int = 1) -> list[tuple[bytes, GrantKey]]:
    """Vouchers that the keeper holds and knows of."""
    keeper = counter.till
    sold = [made.voucher_ref for made in world.sell(count, counter.shop)]
    for _ in range(20):
        if set(sold) <= set(grants(keeper)):
            break
        keeper.sync(wait_seconds=1)
    known = grants(keeper)
    return [(ref, known[ref]) for ref in sold]


def redeemed(world: World, ref: bytes) -> int:
    def read(uow: UnitOfWork) -> int:
        view = holdings.holding_of(uow, VoucherRef(ref))
        assert view is not None
        return view.redeemed

    return world.do(read)


def upload(till: ScriptedTill, events: list[bytes]) -> Reply:
    return till.send(wire.PATH_SYNC, till.sync_message(events))


def test_a_held_redemption_is_accepted_once_however_often_it_is_sent(
    world: World, keeper: ScriptedTill, counter: Counter
) -> None:
    ((ref, grant),) = granted(world, counter)
    eid = uuid7()
    event = keeper.redeem(eid, ref, grant)
    first = upload(keeper, [event]).read(SyncReply)
    again = upload(keeper, [event]).read(SyncReply)
    assert [outcome.status for outcome in first.outcomes] == [EventStatus.accepted]
    assert msgspec.json.encode(first.outcomes) == msgspec.json.encode(again.outcomes)
    assert first.accepted_seq == again.accepted_seq == keeper.last_seq
    assert redeemed(world, ref) == 1


def test_the_same_request_repeated_byte_for_byte_changes_nothing(
    world: World, keeper: ScriptedTill, counter: Counter
) -> None:
    ((ref, grant),) = granted(world, counter)
    body = msgspec.json.encode(keeper.sync_message([keeper.redeem(uuid7(), ref, grant)]))
    headers = keeper.signed(wire.PATH_SYNC, body)
    replies = [keeper.post(wire.PATH_SYNC, headers, body).read(SyncReply) for _ in range(3)]
    assert len({msgspec.json.encode(reply.outcomes) for reply in replies}) == 1
    assert redeemed(world, ref) == 1


def test_many_uploads_and_repeats_at_once_are_each_counted_once(world: World) -> None:
    shops = [world.next_store() for _ in range(3)]
    tills = [world.till(shop) for shop in shops]
    sent: list[tuple[ScriptedTill, bytes]] = []
    refs: list[bytes] = []
    for shop, till in zip(shops, tills, strict=True):
        sold = [made.voucher_ref for made in world.sell(5, shop)]
        while not set(sold) <= set(grants(till)):
            till.sync(wait_seconds=1)
        events = [till.redeem(uuid7(), ref, grants(till)[ref]) for ref in sold]
        message = msgspec.json.encode(till.sync_message(events))
        sent += [(till, message)] * 4
        refs += sold

    def send(job: tuple[ScriptedTill, bytes]) -> SyncReply:
        return job[0].send(wire.PATH_SYNC, job[1]).read(SyncReply)

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(send, sent))
    statuses = {outcome.status for reply in replies for outcome in reply.outcomes}
    assert statuses == {EventStatus.accepted}
    assert [redeemed(world, ref) for ref in refs] == [1] * len(refs)


def test_an_ask_is_answered_the_same_however_often_it_is_asked(
    world: World, keeper: ScriptedTill
) -> None:
    (made,) = world.sell(1)
    eid = uuid7()
    first = keeper.ask(eid, made.voucher_ref).read(AskReply)
    again = keeper.ask(eid, made.voucher_ref).read(AskReply)
    assert first.status is EventStatus.accepted
    assert (first.status, first.reason, first.facts) == (again.status, again.reason, again.facts)
    refused = keeper.ask(uuid7(), made.voucher_ref).read(AskReply)
    assert (refused.status, refused.reason) == (EventStatus.refused, Reason.already_redeemed)
    assert redeemed(world, made.voucher_ref) == 1


def test_one_use_asked_for_by_many_at_once_is_given_once(
    world: World, keeper: ScriptedTill
) -> None:
    (made,) = world.sell(1)

    def ask(eid: UUID) -> EventStatus:
        return keeper.ask(eid, made.voucher_ref).read(AskReply).status

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, [uuid7() for _ in range(16)]))
    assert answers.count(EventStatus.accepted) == 1
    assert answers.count(EventStatus.refused) == 15
    assert redeemed(world, made.voucher_ref) == 1


def test_an_ask_for_what_another_stores_till_holds_is_refused_with_the_reason(
    world: World, keeper: ScriptedTill, counter: Counter
) -> None:
    ((ref, _),) = granted(world, counter)
    other = world.till(world.next_store())
    answer = other.ask(uuid7(), ref).read(AskReply)
    assert (answer.status, answer.reason) == (EventStatus.refused, Reason.held_elsewhere)


def test_a_long_poll_is_woken_by_a_sale_in_another_process(
    world: World, keeper: ScriptedTill, counter: Counter
) -> None:
    while keeper.sync().feed:
        pass
    woken: list[SyncReply] = []
    poll = threading.Thread(
        target=lambda: woken.append(keeper.sync(wait_seconds=LONG_POLL_SECONDS))
    )
    poll.start()
    (made,) = world.sell(1, counter.shop)
    poll.join(BOUND_SECONDS)
    assert not poll.is_alive()
    assert woken[0].feed
    assert made.voucher_ref in grants(keeper)


def test_a_poll_without_news_ends_empty_when_its_time_is_up(keeper: ScriptedTill) -> None:
    while keeper.sync().feed:
        pass
    reply = keeper.sync(wait_seconds=1)
    assert reply.feed == []
    assert not reply.more


def test_hello_welcomes_a_till_and_takes_each_nonce_once(keeper: ScriptedTill) -> None:
    assert keeper.hello().read(HelloReply).status is HelloStatus.welcome
    nonce = keeper.send(wire.PATH_NONCE, b"").read(wire.NonceReply).nonce
    message = wire.HelloRequest(
        nonce=nonce,
        incarnation=keeper.incarnation,
        journal_head=keeper.head(),
        cursor=keeper.cursor,
        app_version="0.1.0",
    )
    assert keeper.send(wire.PATH_HELLO, message).status == 200
    replayed = keeper.send(wire.PATH_HELLO, message)
    assert (replayed.status, replayed.error().code) == (409, "wrong_nonce")


def test_a_newer_nonce_kills_the_older_one(keeper: ScriptedTill) -> None:
    older = keeper.send(wire.PATH_NONCE, b"").read(wire.NonceReply).nonce
    keeper.send(wire.PATH_NONCE, b"").read(wire.NonceReply)
    message = wire.HelloRequest(
        nonce=older,
        incarnation=keeper.incarnation,
        journal_head=keeper.head(),
        cursor=keeper.cursor,
        app_version="0.1.0",
    )
    reply = keeper.send(wire.PATH_HELLO, message)
    assert (reply.status, reply.error().code) == (409, "wrong_nonce")


def test_a_feed_longer_than_a_page_comes_in_pages_without_gaps(world: World) -> None:
    shop = world.next_store()
    till = world.till(shop)
    world.sell(wire.FEED_ENTRIES_MAX + 50, shop)
    reply = till.sync()
    assert len(reply.feed) == wire.FEED_ENTRIES_MAX
    assert reply.more
    while till.sync(wait_seconds=1).more or len(grants(till)) < wire.FEED_ENTRIES_MAX + 50:
        pass
    numbers = [feed.entry_number(raw) for raw in till.feed]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_cloned_journal_is_named_as_forked_and_both_branches_are_kept(world: World) -> None:
    till = world.till(world.next_store())
    till.sync()
    till.sync([till.write(journal.Note, topic="shift", body={"at": "first"})])
    clone = ScriptedTill(
        post=till.post,
        clock=till.clock,
        entropy=till.entropy,
        signing_key=till.signing_key,
        sealing_key=till.sealing_key,
        till=till.till,
        cursor=till.cursor,
        last_seq=till.last_seq,
        last_hash=till.last_hash,
    )
    till.sync([till.write(journal.Note, topic="shift", body={"at": "here"})])
    reply = upload(clone, [clone.write(journal.Note, topic="shift", body={"at": "there"})])
    assert (reply.status, reply.error().code) == (409, "forked")
    assert till.hello().read(HelloReply).status is HelloStatus.forked


def test_a_till_whose_disk_went_back_is_forked_by_its_hello(world: World) -> None:
    till = world.till(world.next_store())
    till.sync()
    before = (till.last_seq, till.last_hash)
    till.sync([till.write(journal.Note, topic="shift", body={})])
    till.last_seq, till.last_hash = before
    assert till.hello().read(HelloReply).status is HelloStatus.forked
