"""Sends prepared requests as fast as a server answers them, over keep-alive connections.

Requests are whole byte strings made and signed beforehand, and replies are only counted and checked
for success, so that on a small machine the client takes as little as possible of what is measured.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

HEAD_END = b"\r\n\r\n"
LENGTH_HEADER = b"content-length:"
STATUS_OK = b" 200 "


class FailedRequestError(Exception):
    """The server answered with anything but 200, or hung up; the message has what it said."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a run of prepared requests took.

    Attributes:
        requests: how many were answered.
        seconds: from the first byte sent to the last byte received.
        latencies_ms: one for each request, in the order of the answers.
    """

    requests: int
    seconds: float
    latencies_ms: list[float]


class _Connection(asyncio.Protocol):
    """One keep-alive connection that sends its requests one after another."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self.done: asyncio.Future[list[float]] = asyncio.get_running_loop().create_future()
        self._requests = iter(requests)
        self._buffer = b""
        self._latencies_ms: list[float] = []
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send_next()

    def data_received(self, data: bytes) -> None:
        """Collect one reply; when it is whole, check it and send the next request."""
        self._buffer += data
        end = self._buffer.find(HEAD_END)
        if end < 0:
            return
        head = self._buffer[:end].lower()
        body_start = end + len(HEAD_END)
        start = head.index(LENGTH_HEADER) + len(LENGTH_HEADER)
        length = int(head[start:].split(b"\r\n", 1)[0])
        if len(self._buffer) < body_start + length:
            return
        body = self._buffer[body_start : body_start + length]
        self._latencies_ms.append((perf_counter() - self._sent_at) * 1000)
        if STATUS_OK not in head.split(b"\r\n", 1)[0]:
            self._fail(FailedRequestError((head + HEAD_END + body).decode(errors="replace")))
            return
        self._buffer = b""
        self._send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the waiting side when the server hung up in the middle."""
        if not self.done.done():
            self.done.set_exception(exc or FailedRequestError("the server hung up"))

    def _send_next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(self._latencies_ms)
            self._transport.close()
            return
        self._sent_at = perf_counter()
        self._transport.write(request)

    def _fail(self, failure: Exception) -> None:
        self.done.set_exception(failure)
        self._transport.close()


async def send_all(
    host: str, port: int, requests_by_connection: Sequence[Sequence[bytes]]
) -> LoadResult:
    """Send every list of requests over a connection of its own, all at once.

    Args:
        host: a loopback address.
        port: where the server listens.
        requests_by_connection: whole HTTP/1.1 requests, one list a connection.

    Raises:
        FailedRequestError: any answer but 200.
    """
    loop = asyncio.get_running_loop()
    started = perf_counter()
    waiting: list[asyncio.Future[list[float]]] = []
    for requests in requests_by_connection:
        make = partial(_Connection, requests)
        _, connection = await loop.create_connection(make, host, port)
        waiting.append(connection.done)
    latencies = await asyncio.gather(*waiting)
    seconds = perf_counter() - started
    flat = [latency for one in latencies for latency in one]
    return LoadResult(len(flat), seconds, flat)


def http_request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Write a POST as the bytes that go over the line."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode("ascii") + HEAD_END + body
