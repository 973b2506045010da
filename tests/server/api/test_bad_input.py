"""Whatever is sent, the answer says what is wrong and what to do, and nothing is stored."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx
import msgspec
import pytest
from sqlalchemy import Connection, text
from uuid_utils.compat import uuid7

from server.bench.scripted_till import Reply, ScriptedTill
from shared import journal, wire
from shared.ids import TillId
from tests.server.api.running_server import World

REF = b"0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that should be refused, and how."""

    name: str
    status: int
    code: str
    send: Callable[[World, ScriptedTill], Reply]


def with_headers(path: str, **changes: str | None) -> Callable[[World, ScriptedTill], Reply]:
    def send(world: World, till: ScriptedTill) -> Reply:
        body = msgspec.json.encode(till.sync_message([]))
        headers = till.signed(path, body)
        for name, value in changes.items():
            header = name.replace("_", "-")
            headers = {key: kept for key, kept in headers.items() if key != header}
            if value is not None:
                headers[header] = value
        return world.post(path, headers, body)

    return send


def signed_body(path: str, body: bytes) -> Callable[[World, ScriptedTill], Reply]:
    return lambda _world, till: till.send(path, body)


def sync_with(**changes: object) -> Callable[[World, ScriptedTill], Reply]:
    def send(_world: World, till: ScriptedTill) -> Reply:
        message = msgspec.to_builtins(till.sync_message([]))
        return till.send(wire.PATH_SYNC, json.dumps(message | changes).encode())

    return send


def ask_with(**changes: object) -> Callable[[World, ScriptedTill], Reply]:
    def send(_world: World, till: ScriptedTill) -> Reply:
        message = wire.AskRequest(
            eid=uuid7(), voucher_ref=REF, uses=1, till=till.till, evidence=b"x"
        )
        return till.send(wire.PATH_ASK, json.dumps(msgspec.to_builtins(message) | changes).encode())

    return send


def tampered(_world: World, till: ScriptedTill) -> Reply:
    body = msgspec.json.encode(till.sync_message([]))
    return till.post(wire.PATH_SYNC, till.signed(wire.PATH_SYNC, body), body + b" ")


def for_another_path(_world: World, till: ScriptedTill) -> Reply:
    body = msgspec.json.encode(till.sync_message([]))
    return till.post(wire.PATH_SYNC, till.signed(wire.PATH_ASK, body), body)


def delayed(_world: World, till: ScriptedTill) -> Reply:
    clock = till.clock
    till.clock = lambda: clock() - timedelta(seconds=310)
    try:
        return till.send(wire.PATH_SYNC, till.sync_message([]))
    finally:
        till.clock = clock


def by_a_thief(world: World, till: ScriptedTill) -> Reply:
    thief = world.line()
    thief.till = till.till
    return thief.send(wire.PATH_SYNC, thief.sync_message([]))


def by_an_unknown_till(world: World, _till: ScriptedTill) -> Reply:
    stranger = world.line()
    stranger.till = TillId(uuid7())
    return stranger.send(wire.PATH_SYNC, stranger.sync_message([]))


def by_a_life_to_come(_world: World, till: ScriptedTill) -> Reply:
    till.incarnation = 9
    try:
        return till.send(wire.PATH_SYNC, till.sync_message([]))
    finally:
        till.incarnation = 1


def too_many_events(_world: World, till: ScriptedTill) -> Reply:
    events = [b"{}"] * (wire.UPLOAD_EVENTS_MAX + 1)
    return till.send(wire.PATH_SYNC, till.sync_message(events))


def with_events(*events: bytes) -> Callable[[World, ScriptedTill], Reply]:
    return lambda _world, till: till.send(wire.PATH_SYNC, till.sync_message(list(events)))


def reordered(_world: World, till: ScriptedTill) -> Reply:
    copy = ScriptedTill(post=till.post, clock=till.clock, entropy=till.entropy)
    first = copy.write(journal.Note, topic="shift", body={})
    second = copy.write(journal.Note, topic="shift", body={})
    return till.send(wire.PATH_SYNC, till.sync_message([second, first]))


def with_a_gap(_world: World, till: ScriptedTill) -> Reply:
    copy = ScriptedTill(post=till.post, clock=till.clock, entropy=till.entropy)
    copy.write(journal.Note, topic="shift", body={})
    return till.send(
        wire.PATH_SYNC, till.sync_message([copy.write(journal.Note, topic="x", body={})])
    )


def stale_hello(_world: World, till: ScriptedTill) -> Reply:
    return till.hello(nonce=os.urandom(16))


def hello_of_another_life(_world: World, till: ScriptedTill) -> Reply:
    return till.hello(incarnation=2)


def pair_with(**changes: object) -> Callable[[World, ScriptedTill], Reply]:
    def send(world: World, till: ScriptedTill) -> Reply:
        message: dict[str, object] = {
            "code": world.code(),
            "signing_key": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
            "sealing_key": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
            "device_name": "x",
            "app_version": "1",
        }
        return till.post(wire.PATH_PAIR, {}, json.dumps(message | changes).encode())

    return send


HUGE = 2**70
TABLE = [
    Sent("no till", 401, "unsigned_request", with_headers(wire.PATH_SYNC, Hexiao_Till=None)),
    Sent("bad till", 401, "unsigned_request", with_headers(wire.PATH_SYNC, Hexiao_Till="x")),
    Sent("no time", 401, "unsigned_request", with_headers(wire.PATH_SYNC, Hexiao_Time=None)),
    Sent("no nonce", 401, "unsigned_request", with_headers(wire.PATH_SYNC, Hexiao_Nonce=None)),
    Sent("bad nonce", 401, "unsigned_request", with_headers(wire.PATH_SYNC, Hexiao_Nonce="zz")),
    Sent(
        "zero life", 401, "unsigned_request", with_headers(wire.PATH_SYNC, Hexiao_Incarnation="0")
    ),
    Sent(
        "huge life",
        401,
        "unsigned_request",
        with_headers(wire.PATH_SYNC, Hexiao_Incarnation="9" * 400),
    ),
    Sent("bad base64", 401, "unsigned_request", with_headers(wire.PATH_SYNC, Hexiao_Signature="!")),
    Sent(
        "cut signature", 401, "wrong_signature", with_headers(wire.PATH_SYNC, Hexiao_Signature="")
    ),
    Sent("other time", 401, "wrong_signature", with_headers(wire.PATH_SYNC, Hexiao_Time="now")),
    Sent("tampered body", 401, "wrong_signature", tampered),
    Sent("for another path", 401, "wrong_signature", for_another_path),
    Sent("wrong key", 401, "wrong_signature", by_a_thief),
    Sent("delayed", 401, "untimely_request", delayed),
    Sent("unknown till", 401, "unknown_till", by_an_unknown_till),
    Sent("unknown life", 401, "unknown_till", by_a_life_to_come),
    Sent("not JSON", 400, "malformed_request", signed_body(wire.PATH_SYNC, b"\xff\x00{")),
    Sent("empty", 400, "malformed_request", signed_body(wire.PATH_SYNC, b"")),
    Sent("nested", 400, "malformed_request", signed_body(wire.PATH_SYNC, b"[" * 100_000)),
    Sent("wrong form", 400, "malformed_request", signed_body(wire.PATH_ASK, b'{"eid": 1}')),
    Sent("unknown field", 400, "malformed_request", sync_with(extra=1)),
    Sent("half a number", 400, "malformed_request", sync_with(cursor=1.5)),
    Sent("astronomic cursor", 422, "invalid_input", sync_with(cursor=HUGE)),
    Sent("other till", 403, "other_till", sync_with(till=str(uuid7()))),
    Sent("other life", 403, "other_till", sync_with(incarnation=2)),
    Sent("negative cursor", 422, "invalid_input", sync_with(cursor=-1)),
    Sent("huge cursor", 422, "invalid_input", sync_with(cursor=2**40)),
    Sent("long wait", 422, "invalid_input", sync_with(wait_seconds=26)),
    Sent("oversized", 413, "request_too_large", signed_body(wire.PATH_SYNC, b"x" * 1_048_577)),
    Sent("too many events", 413, "too_many_events", too_many_events),
    Sent("re-ordered", 409, "broken_chain", reordered),
    Sent("with a gap", 409, "broken_chain", with_a_gap),
    Sent("event of junk", 409, "broken_chain", with_events(b'{"seq": "x"}')),
    Sent("event of text", 409, "broken_chain", with_events(b'"\\u0000"')),
    Sent("ask of nobody", 403, "other_till", ask_with(till=str(uuid7()))),
    Sent("short reference", 422, "invalid_input", ask_with(voucher_ref="AAAA")),
    Sent("no uses", 422, "invalid_input", ask_with(uses=0)),
    Sent("huge uses", 422, "invalid_input", ask_with(uses=2**40)),
    Sent("evidence too long", 422, "invalid_input", ask_with(evidence="A" * 12_000)),
    Sent("clerk of nothing", 422, "invalid_input", ask_with(clerk="\x00")),
    Sent("stale hello", 409, "wrong_nonce", stale_hello),
    Sent("hello of another life", 403, "other_till", hello_of_another_life),
    Sent("nameless machine", 422, "invalid_input", pair_with(device_name="")),
    Sent("unprintable machine", 422, "invalid_input", pair_with(device_name="a\x00b")),
    Sent("version too long", 422, "invalid_input", pair_with(app_version="1" * 33)),
    Sent("pairing without a code", 400, "malformed_request", pair_with(code=None)),
]


@pytest.fixture(scope="module")
def till(world: World) -> ScriptedTill:
    paired = world.till()
    paired.sync()
    return paired


def rows(connection: Connection) -> list[int]:
    tables = ("event", "journal_in", "ask_in", "case_", "journal_branch", "pairing")
    counts = [connection.execute(text(f"SELECT COUNT(*) FROM {table}")) for table in tables]
    return [int(count.scalar_one()) for count in counts]


@pytest.mark.parametrize("sent", TABLE, ids=lambda sent: sent.name)
def test_it_is_refused_by_its_code_and_nothing_is_stored(
    world: World, till: ScriptedTill, sent: Sent
) -> None:
    before = world.database.read(rows)
    reply = sent.send(world, till)
    assert (reply.status, reply.error().code) == (sent.status, sent.code), reply.body
    assert reply.error().message
    assert world.database.read(rows) == before


def test_the_till_still_works_afterwards(world: World, till: ScriptedTill) -> None:
    assert till.hello().read(wire.HelloReply).status is wire.HelloStatus.welcome
    note = till.write(journal.Note, topic="shift", body={})
    assert till.sync([note]).accepted_seq == 1


def test_people_who_read_chinese_are_told_in_chinese(world: World) -> None:
    for language, start in (("zh-CN", "请求"), ("en", "The request"), ("", "请求")):
        reply = world.post(wire.PATH_SYNC, {"Accept-Language": language}, b"")
        assert reply.error().message.startswith(start)


def test_addresses_and_methods_that_do_not_exist_are_answered_in_json(world: World) -> None:
    unknown = world.post("/v1/till/nothing", {}, b"")
    assert (unknown.status, unknown.error().code) == (404, "not_found")
    answer = httpx.get(world.base_url + wire.PATH_SYNC)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["x-request-id"]) == 16


def test_no_secret_of_a_till_reaches_the_log(world: World, till: ScriptedTill) -> None:
    log = "".join(world.lines)
    assert till.signing_key.hex() not in log
    assert '"evidence"' not in log
    assert "request_failed" not in log
