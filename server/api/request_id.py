"""Gives every request a name, which its log lines and its reply carry."""

import secrets

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID_HEADER = b"x-request-id"
REQUEST_ID_BYTES = 8


def name_requests(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that requests carry their names."""

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        request_id = secrets.token_hex(REQUEST_ID_BYTES)

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (REQUEST_ID_HEADER, request_id.encode("ascii"))
                message["headers"] = [*message["headers"], header]
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        await app(scope, receive, send_named)

    return named
