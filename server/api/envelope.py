"""What every request and reply carries: a name for the log, and headers that protect the reader."""

import secrets

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID_BYTES = 8
HSTS_SECONDS = 31_536_000

_NO_SNIFFING = (b"x-content-type-options", b"nosniff")
_HTTPS_ONLY = (b"strict-transport-security", f"max-age={HSTS_SECONDS}".encode("ascii"))


def in_envelopes(app: ASGIApp, *, https: bool) -> ASGIApp:
    """Wrap an application.

    Args:
        app: what answers.
        https: whether visitors reach this server encrypted and shall never come back otherwise.
    """
    always = [_NO_SNIFFING, _HTTPS_ONLY] if https else [_NO_SNIFFING]

    async def enveloped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        request_id = secrets.token_hex(REQUEST_ID_BYTES)
        own = [*always, (b"x-request-id", request_id.encode("ascii"))]

        async def send_enveloped(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in own}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in names]
                message["headers"] = [*kept, *own]
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        await app(scope, receive, send_enveloped)

    return enveloped
