"""Requests to the server, and every way in which no answer comes."""

import asyncio
import base64
import os
import socket
import threading
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest

from pos_app.core.line import Line, LineJudge
from pos_app.network import client as client_module
from pos_app.network.client import ServerClient, Signer
from pos_app.network.errors import (
    InsecureAddressError,
    LineDownError,
    NotOurServerError,
    RequestRefusedError,
    ServerTroubleError,
)
from shared import signing, wire
from shared.ids import TillId
from shared.reasons import Reason
from tests.pos_app.network.loopback_server import Answer, Heard, Said, loopback_server, said
from tests.pos_app.tills import NOW

KEY = b"K" * 32
TILL = TillId(UUID(int=2))
ASK = wire.AskRequest(eid=UUID(int=9), voucher_ref=b"v" * 16, uses=1, till=TILL, evidence=b"sealed")
YES = wire.AskReply(UUID(int=9), wire.EventStatus.accepted, Reason.accepted, [], NOW)
Result = TypeVar("Result")


def call(
    url: str,
    work: Callable[[ServerClient], Coroutine[Any, Any, Result]],
    judge: LineJudge | None = None,
    wall: datetime = NOW,
) -> Result:
    async def run() -> Result:
        signer = Signer(TILL, 3, KEY)
        client = ServerClient(url, signer, lambda: wall, os.urandom, judge or LineJudge())
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def ask(client: ServerClient) -> Coroutine[Any, Any, wire.AskReply]:
    return client.ask(ASK, 2.0)


def always(answer: Said) -> Answer:
    return lambda _heard: answer


def test_a_request_is_signed_over_everything_that_gives_it_meaning() -> None:
    with loopback_server(always(said(YES))) as server:
        assert call(server.url, ask) == YES
    [heard] = server.heard
    names = (signing.HEADER_TIME, signing.HEADER_NONCE, signing.HEADER_SIGNATURE)
    sent_at, nonce, signature = (heard.headers[name.lower()] for name in names)
    request = signing.SignedRequest("POST", wire.PATH_ASK, TILL, 3, sent_at, nonce, heard.body)
    public = signing.signing_public_key(KEY)
    assert signing.signature_is_right(public, base64.b64decode(signature), request.message())


def test_no_two_requests_share_a_nonce() -> None:
    with loopback_server(always(said(YES))) as server:
        for _ in range(2):
            call(server.url, ask)
    nonces = {heard.headers[signing.HEADER_NONCE.lower()] for heard in server.heard}
    assert len(nonces) == 2


def test_a_wrong_clock_learns_the_time_and_tries_once_more() -> None:
    server_time = NOW + timedelta(days=400)

    def answer(heard: Heard) -> Said:
        sent_at = datetime.fromisoformat(heard.headers[signing.HEADER_TIME.lower()])
        if signing.is_timely(sent_at, server_time):
            return said(YES)
        return said(wire.ErrorReply("untimely_request", "", {}, server_time), 401)

    with loopback_server(answer) as server:
        assert call(server.url, ask) == YES
    assert len(server.heard) == 2


def test_a_clock_that_stays_wrong_is_not_tried_for_ever() -> None:
    refusal = said(wire.ErrorReply("untimely_request", "", {}, NOW), 401)
    with loopback_server(always(refusal)) as server, pytest.raises(RequestRefusedError):
        call(server.url, ask)
    assert len(server.heard) == 2


def test_a_refusal_carries_its_code_and_facts() -> None:
    refusal = wire.ErrorReply("till_revoked", "switched off", {"till": "1"}, NOW)
    with (
        loopback_server(always(said(refusal, 403))) as server,
        pytest.raises(RequestRefusedError) as refused,
    ):
        call(server.url, ask)
    assert (refused.value.code, refused.value.facts) == ("till_revoked", {"till": "1"})


@pytest.mark.parametrize(
    "answer",
    [
        Said(b"<html>please log in to the hotel</html>", 200, "text/html"),
        Said(b"", 302, "text/html"),
        Said(b"{", 200),
        Said(b'{"eid": 7}', 200),
        Said(b"\xff\xfe", 200),
        Said(b"<html>no such page</html>", 404, "text/html"),
    ],
)
def test_what_is_no_message_of_ours_is_named(answer: Said) -> None:
    judge = LineJudge()
    with loopback_server(always(answer)) as server, pytest.raises(NotOurServerError):
        call(server.url, ask, judge)
    assert judge.line is Line.offline


def test_an_endless_reply_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "REPLY_BYTES_MAX", 1000)
    with (
        loopback_server(always(Said(b" " * 2000))) as server,
        pytest.raises(NotOurServerError),
    ):
        call(server.url, ask)


@pytest.mark.parametrize(
    "answer",
    [
        Said(b"bad gateway", 502, "text/plain"),
        said(wire.ErrorReply("internal", "", {"error_id": "a1"}, NOW), 500),
    ],
)
def test_a_server_in_trouble_is_named(answer: Said) -> None:
    with loopback_server(always(answer)) as server, pytest.raises(ServerTroubleError):
        call(server.url, ask)


def test_a_server_that_is_not_there_was_never_reached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        judge = LineJudge()
        with pytest.raises(LineDownError) as down:
            call(url, ask, judge)
    assert not down.value.began
    assert judge.line is Line.offline


def test_a_server_that_does_not_answer_may_have_heard() -> None:
    released = threading.Event()

    def answer(_heard: Heard) -> Said:
        released.wait(10)
        return said(YES)

    with loopback_server(answer) as server:
        with pytest.raises(LineDownError) as down:
            call(server.url, lambda client: client.ask(ASK, 0.2))
        released.set()
    assert down.value.began


@pytest.mark.parametrize("url", ["http://pos.example.com", "ftp://127.0.0.1", "https://", "shop"])
def test_an_address_that_is_neither_https_nor_this_machine_is_refused(url: str) -> None:
    with pytest.raises(InsecureAddressError):
        call(url, ask)
