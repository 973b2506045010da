"""Sends a till's requests: signed, limited in time and size, told apart by how they failed.

Every request is signed over everything that gives it a meaning. A till whose clock is wrong learns
the server's time from the refusal and tries once more with it.
"""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from pos_app.core.line import LineJudge
from pos_app.network.errors import (
    InsecureAddressError,
    LineDownError,
    NotOurServerError,
    RequestRefusedError,
    ServerTroubleError,
)
from shared import signing, wire
from shared.ids import EntropySource, TillId

Reply = TypeVar("Reply")

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 15.0
ASK_SECONDS = 2.0
"""How long a customer waits for the server before the doubt is shown."""
REPLY_BYTES_MAX = 16 * 1024 * 1024
NONCE_BYTES = 16
CODE_UNTIMELY = "untimely_request"
_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
_NEVER_BEGAN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs.

    Attributes:
        till: its id.
        incarnation: which life of its journal.
        signing_key: raw Ed25519 private key.
    """

    till: TillId
    incarnation: int
    signing_key: bytes = field(repr=False)


def check_address(url: str) -> str:
    """The address without a slash at its end.

    Raises:
        InsecureAddressError: neither https nor this machine.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https" and bool(parts.hostname)
    if not secure and not (parts.scheme == "http" and parts.hostname in _LOOPBACK_HOSTS):
        raise InsecureAddressError(url)
    return url.rstrip("/")


class ServerClient:
    """One till's line to its server; belongs to one event loop.

    Args:
        url: the server's address.
        signer: who signs; None before pairing, when only the pairing requests can be sent.
        wall: tells the machine's wall clock, aware UTC.
        entropy: source of request nonces.
        judge: hears how every call went.

    Raises:
        InsecureAddressError: the address is neither https nor this machine.
    """

    def __init__(
        self,
        url: str,
        signer: Signer | None,
        wall: Callable[[], datetime],
        entropy: EntropySource,
        judge: LineJudge,
    ) -> None:
        self._url = check_address(url)
        self._signer = signer
        self._wall = wall
        self._entropy = entropy
        self._judge = judge
        self._server_is_ahead = timedelta(0)
        self._http = httpx.AsyncClient(follow_redirects=False)

    async def close(self) -> None:
        """End every connection."""
        await self._http.aclose()

    async def pair(self, request: wire.PairRequest) -> wire.PairReply:
        """Show the one-time code."""
        return await self._call(wire.PATH_PAIR, request, wire.PairReply)

    async def pair_status(self, request: wire.PairStatusRequest) -> wire.PairStatusReply:
        """Ask whether headquarters has confirmed."""
        return await self._call(wire.PATH_PAIR_STATUS, request, wire.PairStatusReply)

    async def nonce(self) -> wire.NonceReply:
        """Fetch a nonce for a hello."""
        return await self._call(wire.PATH_NONCE, {}, wire.NonceReply)

    async def hello(self, request: wire.HelloRequest) -> wire.HelloReply:
        """Say where journal and feed stand."""
        return await self._call(wire.PATH_HELLO, request, wire.HelloReply)

    async def sync(self, request: wire.SyncRequest) -> wire.SyncReply:
        """Send events, or poll for news; the server may keep a poll open as long as it says."""
        answer_seconds = ANSWER_SECONDS + request.wait_seconds
        return await self._call(wire.PATH_SYNC, request, wire.SyncReply, answer_seconds)

    async def ask(self, request: wire.AskRequest, answer_seconds: float) -> wire.AskReply:
        """Ask for one redemption; the same request may be sent as often as needed."""
        return await self._call(wire.PATH_ASK, request, wire.AskReply, answer_seconds)

    async def _call(
        self,
        path: str,
        message: object,
        reply_type: type[Reply],
        answer_seconds: float = ANSWER_SECONDS,
    ) -> Reply:
        """Send a message and read its reply, at most twice.

        Raises:
            LineDownError, NotOurServerError, ServerTroubleError, RequestRefusedError: see
                `pos_app.network.errors`.
        """
        body = msgspec.json.encode(message)
        try:
            return await self._send(path, body, reply_type, answer_seconds)
        except RequestRefusedError as refused:
            if refused.code != CODE_UNTIMELY:
                raise
            self._server_is_ahead = refused.server_time - self._wall()
            return await self._send(path, body, reply_type, answer_seconds)

    async def _send(
        self, path: str, body: bytes, reply_type: type[Reply], answer_seconds: float
    ) -> Reply:
        limits = httpx.Timeout(answer_seconds, connect=min(CONNECT_SECONDS, answer_seconds))
        headers = {"Content-Type": "application/json", **self._signed(path, body)}
        began_at = time.monotonic()
        try:
            async with self._http.stream(
                "POST", self._url + path, content=body, headers=headers, timeout=limits
            ) as response:
                content = await _limited(response)
        except httpx.HTTPError as cause:
            began = not isinstance(cause, _NEVER_BEGAN)
            self._judge.failed(unreachable=not began)
            raise LineDownError(f"{type(cause).__name__}: {cause}", began=began) from cause
        waited = time.monotonic() - began_at
        try:
            reply = _read(response, content, reply_type)
        except (NotOurServerError, ServerTroubleError) as trouble:
            self._judge.failed(unreachable=isinstance(trouble, NotOurServerError))
            raise
        except RequestRefusedError:
            self._judge.answered(0.0)
            raise
        # A poll is kept open on purpose; its time says nothing of the line.
        self._judge.answered(0.0 if path == wire.PATH_SYNC else waited)
        return reply

    def _signed(self, path: str, body: bytes) -> dict[str, str]:
        headers = {signing.HEADER_PROTOCOL: str(wire.PROTOCOL_VERSION)}
        if self._signer is None:
            return headers
        request = signing.SignedRequest(
            method="POST",
            path=path,
            till=self._signer.till,
            incarnation=self._signer.incarnation,
            sent_at=(self._wall() + self._server_is_ahead).isoformat(),
            nonce=self._entropy(NONCE_BYTES).hex(),
            body=body,
        )
        signature = signing.sign(self._signer.signing_key, request.message())
        return headers | {
            signing.HEADER_TILL: str(request.till),
            signing.HEADER_INCARNATION: str(request.incarnation),
            signing.HEADER_TIME: request.sent_at,
            signing.HEADER_NONCE: request.nonce,
            signing.HEADER_SIGNATURE: base64.b64encode(signature).decode("ascii"),
        }


async def _limited(response: httpx.Response) -> bytes:
    """Read a reply up to the limit; what is larger is none of ours."""
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > REPLY_BYTES_MAX:
            raise NotOurServerError(f"a reply larger than {REPLY_BYTES_MAX} bytes")
    return bytes(content)


def _read(response: httpx.Response, content: bytes, reply_type: type[Reply]) -> Reply:
    status = response.status_code
    is_json = response.headers.get("content-type", "").startswith("application/json")
    if status == httpx.codes.OK and is_json:
        return _decoded(content, reply_type)
    if status >= httpx.codes.BAD_REQUEST and is_json:
        told = _decoded(content, wire.ErrorReply)
        if status < httpx.codes.INTERNAL_SERVER_ERROR:
            raise RequestRefusedError(told.code, told.message, told.facts, told.server_time)
        raise ServerTroubleError(f"{status} {told.code} {told.facts}")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise ServerTroubleError(f"status {status}")
    raise NotOurServerError(f"status {status}, {response.headers.get('content-type', 'no type')}")


def _decoded(content: bytes, reply_type: type[Reply]) -> Reply:
    try:
        return msgspec.json.decode(content, type=reply_type)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        raise NotOurServerError(f"not a reply of ours: {cause}") from cause
