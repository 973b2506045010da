"""Requests that a machine made up: whatever is in them, the server answers and goes on."""

import json
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from uuid_utils.compat import uuid7

from server.bench.scripted_till import ScriptedTill
from shared import journal, wire
from tests.server.api.running_server import World

ROUNDS = 150
SPOILERS: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**31, 2**63, 2**64, 1e308, -0.0),
    *("", "\x00", "a\x00b", "\ud800", "🦆" * 50, "A" * 300, "2026-13-45T99:99:99Z", "=="),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00"),
    *([], {}, [[]], {"a": {"b": []}}, [None] * 30),
)


def spoiled(draw: random.Random, message: dict[str, Any]) -> dict[str, Any]:
    """A message with one or two of its fields replaced, dropped or added."""
    spoilt = dict(message)
    for _ in range(draw.randint(1, 2)):
        name = draw.choice([*spoilt, "extra"])
        if draw.random() < 0.2:
            spoilt.pop(name, None)
        else:
            spoilt[name] = draw.choice(SPOILERS)
    return spoilt


def messages(till: ScriptedTill) -> dict[str, dict[str, Any]]:
    ask = wire.AskRequest(
        eid=uuid7(), voucher_ref=bytes(16), uses=1, till=till.till, evidence=b"x", clerk="c"
    )
    hello = wire.HelloRequest(
        nonce=bytes(16),
        incarnation=1,
        journal_head=till.head(),
        cursor=0,
        app_version="1",
    )
    claim = wire.PairRequest(
        code="0" * 8, signing_key=bytes(32), sealing_key=bytes(32), device_name="x", app_version="1"
    )
    made = {
        wire.PATH_SYNC: till.sync_message([]),
        wire.PATH_ASK: ask,
        wire.PATH_HELLO: hello,
        wire.PATH_PAIR: claim,
    }
    return {path: msgspec.to_builtins(message) for path, message in made.items()}


def as_json(value: object) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def till(world: World) -> ScriptedTill:
    paired = world.till(world.next_store())
    paired.sync()
    return paired


def test_spoiled_messages_are_answered_without_a_fault(world: World, till: ScriptedTill) -> None:
    draw = random.Random(20_260_301)
    for path, message in messages(till).items():
        for _ in range(ROUNDS):
            body = as_json(spoiled(draw, message))
            reply = till.send(path, body)
            assert reply.status < 500, (path, body, reply.body)
    assert not world.failed()


def test_bytes_at_random_are_answered_without_a_fault(world: World, till: ScriptedTill) -> None:
    draw = random.Random(20_260_302)
    for path in (*messages(till), wire.PATH_PAIR_STATUS, wire.PATH_NONCE):
        for _ in range(20):
            reply = till.send(path, draw.randbytes(draw.randint(0, 200)))
            assert reply.status < 500, (path, reply.body)
    assert not world.failed()


def event_makers() -> dict[str, Callable[[ScriptedTill], bytes]]:
    grant = wire.GrantKey(1, 1)
    common: dict[str, Any] = {"eid": uuid7(), "voucher_ref": bytes(16), "uses": 1}
    return {
        "redeem": lambda till: till.write(journal.Redeem, grant=grant, evidence=b"x", **common),
        "provisional": lambda till: till.write(journal.Provisional, evidence=b"x", **common),
        "void": lambda till: till.write(journal.Void, **common),
        "release": lambda till: till.write(journal.Release, grant=grant, uses=1),
        "token_seen": lambda till: till.write(
            journal.TokenSeen, grant=grant, voucher_ref=bytes(16), uses=1
        ),
        "note": lambda till: till.write(journal.Note, topic="x", body={"a": "b"}),
    }


@pytest.mark.parametrize("kind", sorted(event_makers()))
def test_spoiled_events_never_stop_the_chain(world: World, kind: str) -> None:
    till = world.till(world.next_store())
    draw = random.Random(kind)
    make = event_makers()[kind]
    for _ in range(25):
        before = (till.last_seq, till.last_hash)
        event = json.loads(make(till))
        kept = {name: event[name] for name in ("seq", "prev_hash")}
        raw = as_json(spoiled(draw, event) | kept)
        till.last_hash = journal.event_hash(raw)
        reply = till.send(wire.PATH_SYNC, till.sync_message([raw]))
        assert reply.status < 500, (raw, reply.body)
        if reply.status != 200:
            assert reply.error().code in {"broken_chain", "malformed_request"}, reply.body
            till.last_seq, till.last_hash = before
    assert not world.failed()
