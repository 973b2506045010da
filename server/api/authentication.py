"""Finds out which till speaks: reads the headers, knows the keys, checks the signature."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from litestar.types import HTTPScope

from server.kernel.runtime import Runtime
from server.tills import rules
from server.tills import service as tills
from server.tills.rules import TillIdentity, UnknownTillError, UnsignedRequestError
from shared.ids import TillId
from shared.signing import (
    HEADER_INCARNATION,
    HEADER_NONCE,
    HEADER_SIGNATURE,
    HEADER_TILL,
    HEADER_TIME,
    SignedRequest,
)

IDENTITY_AGE_MAX = timedelta(seconds=5)
"""How long a process may believe a till's keys and its life.

Nothing rests on it that a revocation must stop: hello, asks and the reading of the feed look at the
till again in their own transactions, and whoever is switched off may still hand in a journal.
"""
IDENTITIES_MAX = 10_000
_INCARNATION = re.compile(r"[1-9][0-9]{0,8}")
_NONCE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class _Known:
    identity: TillIdentity
    read_at: datetime


class Doorkeeper:
    """Authenticates requests; keeps what it knows of each till for a few seconds."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._known: dict[tuple[TillId, int], _Known] = {}

    async def authenticate(self, scope: HTTPScope, body: bytes) -> TillIdentity:
        """Return who sent exactly this body to exactly this address just now.

        Raises:
            UnsignedRequestError: a header is missing or unreadable.
            UnknownTillError: no such till and incarnation.
            WrongSignatureError: not signed by it.
            UntimelyRequestError: more than 300 seconds off.
        """
        request, signature = read_signed(scope, body)
        now = self._runtime.clock()
        identity = await self._identity(request, now)
        rules.check_request(identity, request, signature, now)
        return identity

    async def _identity(self, request: SignedRequest, now: datetime) -> TillIdentity:
        key = (request.till, request.incarnation)
        known = self._known.get(key)
        if known is not None and timedelta() <= now - known.read_at <= IDENTITY_AGE_MAX:
            return known.identity
        found = await self._runtime.database.read(
            lambda connection: tills.identity_of(connection, *key)
        )
        if found is None:
            raise UnknownTillError(till=request.till, incarnation=request.incarnation)
        self._known.pop(key, None)
        self._known[key] = _Known(found, now)
        if len(self._known) > IDENTITIES_MAX:
            del self._known[next(iter(self._known))]
        return found


def read_signed(scope: HTTPScope, body: bytes) -> tuple[SignedRequest, bytes]:
    """Put together what the sender must have signed, and the signature.

    Raises:
        UnsignedRequestError: a header is missing or unreadable.
    """
    headers = _headers(scope["headers"])
    query = scope["query_string"]
    path = scope["raw_path"] + (b"?" + query if query else b"")
    request = SignedRequest(
        method=scope["method"],
        path=path.decode("latin-1"),
        till=_till(_required(headers, HEADER_TILL)),
        incarnation=_incarnation(_required(headers, HEADER_INCARNATION)),
        sent_at=_required(headers, HEADER_TIME),
        nonce=_nonce(_required(headers, HEADER_NONCE)),
        body=body,
    )
    return request, _signature(_required(headers, HEADER_SIGNATURE))


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}


def _required(headers: dict[str, str], name: str) -> str:
    value = headers.get(name.lower())
    if value is None:
        raise UnsignedRequestError(header=name)
    return value


def _till(text: str) -> TillId:
    try:
        return TillId(UUID(text))
    except ValueError:
        raise UnsignedRequestError(header=HEADER_TILL) from None


def _incarnation(text: str) -> int:
    if _INCARNATION.fullmatch(text) is None:
        raise UnsignedRequestError(header=HEADER_INCARNATION)
    return int(text)


def _nonce(text: str) -> str:
    if _NONCE.fullmatch(text) is None:
        raise UnsignedRequestError(header=HEADER_NONCE)
    return text


def _signature(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise UnsignedRequestError(header=HEADER_SIGNATURE) from None
