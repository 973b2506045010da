"""Pairing over a real socket: a code shown once, digits compared, a till told what it needs."""

import dataclasses
from datetime import timedelta

import msgspec
from uuid_utils.compat import uuid7

from server.bench.scripted_till import Reply, ScriptedTill
from server.kernel.unit_of_work import UnitOfWork
from server.tills import confirmation, pairing_codes
from server.tills import service as tills
from shared import feed, wire
from shared.qr_token import token_key
from shared.sealing import PURPOSE_LOOKUP_KEY, PURPOSE_TOKEN_KEY, sealing_public_key, unseal
from shared.signing import pairing_digits, signing_public_key
from shared.wire import PairReply, PairStatus, PairStatusReply
from tests.server.api.running_server import World


def refusal(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.error().code


def claimed(world: World, till: ScriptedTill) -> PairReply:
    return till.pair(world.code()).read(PairReply)


def entries(till: ScriptedTill) -> list[feed.AnyEntry]:
    return [feed.decode_entry(raw) for raw in till.feed]


def test_a_till_belongs_to_the_store_once_headquarters_has_compared_the_digits(
    world: World,
) -> None:
    till = world.line()
    reply = claimed(world, till)
    assert reply.store_name == "Store 1"
    assert till.pair_status(reply.pairing).read(PairStatusReply).status is PairStatus.waiting

    shown = pairing_digits(
        reply.server_nonce,
        signing_public_key(till.signing_key),
        sealing_public_key(till.sealing_key),
    )
    waiting = world.do(lambda uow: confirmation.waiting_pairings(uow, None))
    assert shown in {digits for pairing, digits in waiting if pairing.id == reply.pairing}
    world.do(lambda uow: confirmation.confirm(uow, reply.pairing, None))

    status = till.pair_status(reply.pairing).read(PairStatusReply)
    assert status.status is PairStatus.confirmed
    assert (status.merchant, status.store) == (world.merchant, world.store())
    assert (status.till_name, status.incarnation) == ("Till", 1)
    keys = world.root.of(world.merchant)
    assert status.server_sealing_key == keys.sealing_public_key()
    assert status.sealed_lookup_key is not None
    letter = unseal(status.sealed_lookup_key, till.sealing_key, PURPOSE_LOOKUP_KEY)
    assert letter == keys.lookup_key()


def test_the_first_till_of_a_store_is_keeper_and_the_second_its_peer(world: World) -> None:
    shop = world.next_store()
    first, second = world.till(shop), world.till(shop)
    first.sync()
    second.sync()
    kinds = {type(entry) for entry in entries(first)}
    assert {feed.Keep, feed.Policy, feed.Store, feed.Product} <= kinds
    keep = next(entry for entry in entries(first) if isinstance(entry, feed.Keep))
    key = unseal(keep.sealed_token_key, first.sealing_key, PURPOSE_TOKEN_KEY)
    assert key == token_key(world.root.secret, world.merchant, keep.tenure, first.till)

    assert not any(isinstance(entry, feed.Keep) for entry in entries(second))
    of_second = [entry for entry in entries(second) if isinstance(entry, feed.Peer)]
    assert [(peer.till, peer.keeper) for peer in of_second] == [(first.till, True)]
    of_first = [entry for entry in entries(first) if isinstance(entry, feed.Peer)]
    assert [(peer.till, peer.keeper) for peer in of_first] == [(second.till, False)]


def test_vouchers_that_waited_for_the_store_follow_by_themselves(world: World) -> None:
    shop = world.next_store()
    wanted = {made.voucher_ref for made in world.sell(3, shop)}
    till = world.till(shop)
    granted: set[bytes] = set()
    for _ in range(20):
        till.sync(wait_seconds=1)
        granted = {one.voucher_ref for one in entries(till) if isinstance(one, feed.GrantEntry)}
        if granted:
            break
    assert granted == wanted


def test_a_code_nobody_was_given_is_refused(world: World) -> None:
    assert refusal(world.line().pair("0000-0000")) == (404, "wrong_pairing_code")


def test_a_code_is_good_for_one_machine_only(world: World) -> None:
    code = world.code()
    world.line().pair(code).read(PairReply)
    assert refusal(world.line().pair(code)) == (410, "used_pairing_code")


def test_a_till_whose_reply_was_lost_may_show_its_code_again(world: World) -> None:
    code, till = world.code(), world.line()
    first, second = till.pair(code), till.pair(code.replace("-", "").lower())
    assert first.status == 200
    assert first.body == second.body


def test_a_code_dies_after_fifteen_minutes(world: World) -> None:
    def issue_earlier(uow: UnitOfWork) -> str:
        earlier = dataclasses.replace(uow, now=uow.now - timedelta(minutes=16))
        shop = world.store()
        return pairing_codes.issue_pairing_code(earlier, world.root, shop, "Late", None).text

    code = world.do(issue_earlier)
    assert refusal(world.line().pair(code)) == (410, "expired_pairing_code")


def test_a_refused_machine_is_told_so_and_cannot_be_confirmed_later(world: World) -> None:
    till = world.line()
    reply = claimed(world, till)
    world.do(lambda uow: confirmation.refuse(uow, reply.pairing, None))
    status = till.pair_status(reply.pairing).read(PairStatusReply)
    assert status.status is PairStatus.refused
    assert status.till is None


def test_only_the_machine_that_claimed_can_ask_how_far_it_is(world: World) -> None:
    reply = claimed(world, world.line())
    assert refusal(world.line().pair_status(reply.pairing)) == (401, "wrong_signature")
    assert refusal(world.line().pair_status(uuid7())) == (404, "not_found")


def test_keys_that_nothing_can_be_sealed_to_are_refused_and_the_code_stays_good(
    world: World,
) -> None:
    code, till = world.code(), world.line()
    for key in (b"", b"short", bytes(32)):
        request = wire.PairRequest(
            code=code,
            signing_key=signing_public_key(till.signing_key),
            sealing_key=key,
            device_name="x",
            app_version="1",
        )
        reply = world.post(wire.PATH_PAIR, {}, msgspec.json.encode(request))
        assert refusal(reply) == (422, "unusable_key")
    till.pair(code).read(PairReply)


def test_a_till_paired_again_begins_a_new_life_and_the_old_one_only_hands_in(world: World) -> None:
    old = world.till(world.next_store())
    old.sync()
    code = world.do(
        lambda uow: pairing_codes.issue_repairing_code(uow, world.root, old.till, None)
    ).text
    new = world.line()
    reply = new.pair(code).read(PairReply)
    world.do(lambda uow: confirmation.confirm(uow, reply.pairing, None))
    new.become(new.pair_status(reply.pairing).read(PairStatusReply))
    assert (new.till, new.incarnation) == (old.till, 2)

    new.sync()
    assert new.feed
    numbers = [entry.feed_no for entry in entries(new)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert numbers[0] > old.cursor
    reply_to_poll = old.send(wire.PATH_SYNC, old.sync_message([]))
    assert refusal(reply_to_poll) == (403, "old_incarnation")


def test_a_revoked_till_hears_so_and_may_no_longer_ask(world: World) -> None:
    till = world.till(world.next_store())
    till.sync()
    world.do(lambda uow: tills.revoke(uow, till.till, None))
    till.sync(wait_seconds=5)
    assert any(isinstance(entry, feed.Revoked) for entry in entries(till))
    assert refusal(till.ask(uuid7(), bytes(16))) == (403, "till_revoked")
