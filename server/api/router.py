"""The routes of tills at the paths of `shared.wire`, and how their errors are answered."""

from typing import Any

import msgspec
import structlog
from litestar import Request, Response, Router, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ExceptionHandlersMap

from server.api import requests
from server.api.authentication import Doorkeeper
from server.api.error_responses import error_reply, response_to, wants_chinese
from server.api.till_desk import TillDesk
from server.kernel.failures import DATABASE_UNAVAILABLE
from server.kernel.runtime import Runtime
from server.tills import claiming, confirmation
from server.tills.rules import INSTALLATION
from shared import wire
from shared.errors import DomainError, NotFoundError

_log = structlog.get_logger(__name__)

AnyRequest = Request[Any, Any, State]
JSON = "application/json"
UNKNOWN_ADDRESS = "unknown"


class UnavailableError(DomainError):
    """The database is down or out of reach; the same request may succeed later."""

    code = "unavailable"


class InternalError(DomainError):
    """A fault of ours; `facts` has the id under which it was logged."""

    code = "internal"


def till_router(runtime: Runtime, desk: TillDesk) -> Router:
    """Every route of tills."""
    return Router(
        path="/",
        route_handlers=[*_pairing_routes(runtime), *_signed_routes(runtime, desk)],
        request_max_body_size=requests.BODY_BYTES_MAX,
        exception_handlers=till_error_handlers(runtime),
        include_in_schema=False,
    )


def _pairing_routes(runtime: Runtime) -> list[HTTPRouteHandler]:
    @post(wire.PATH_PAIR)
    async def pair(request: AnyRequest) -> Response[bytes]:
        """Claim a pairing with a code."""
        message = requests.read_pair(await request.body())
        address = request.client.host if request.client else UNKNOWN_ADDRESS
        claimed = await runtime.write(
            INSTALLATION,
            lambda uow: claiming.claim(uow, runtime.root_key, message, address),
        )
        if isinstance(claimed, DomainError):
            raise claimed
        return _reply(claimed)

    @post(wire.PATH_PAIR_STATUS)
    async def pair_status(request: AnyRequest) -> Response[bytes]:
        """Tell how far a pairing has come."""
        message = requests.read_pair_status(await request.body())
        status = await runtime.read(
            INSTALLATION, lambda uow: confirmation.status(uow, runtime.root_key, message)
        )
        return _reply(status)

    return [pair, pair_status]


def _signed_routes(runtime: Runtime, desk: TillDesk) -> list[HTTPRouteHandler]:
    door = Doorkeeper(runtime)

    @post(wire.PATH_NONCE)
    async def nonce(request: AnyRequest) -> Response[bytes]:
        """Give a nonce for a hello."""
        identity = await door.authenticate(request.scope, await request.body())
        return _reply(await desk.nonce(identity))

    @post(wire.PATH_HELLO)
    async def hello(request: AnyRequest) -> Response[bytes]:
        """Hear where a till's journal and feed stand."""
        body = await request.body()
        identity = await door.authenticate(request.scope, body)
        return _reply(await desk.hello(identity, requests.read_hello(body, identity)))

    @post(wire.PATH_SYNC)
    async def sync(request: AnyRequest) -> Response[bytes]:
        """Take events, hand out the feed."""
        body = await request.body()
        identity = await door.authenticate(request.scope, body)
        return _reply(await desk.sync(identity, requests.read_sync(body, identity)))

    @post(wire.PATH_ASK)
    async def ask(request: AnyRequest) -> Response[bytes]:
        """Decide a redemption of a voucher that the server holds."""
        body = await request.body()
        identity = await door.authenticate(request.scope, body)
        return _reply(await desk.ask(identity, requests.read_ask(body, identity)))

    return [nonce, hello, sync, ask]


def till_error_handlers(runtime: Runtime) -> ExceptionHandlersMap:
    """How errors on a till's addresses are answered: always as `wire.ErrorReply`."""

    def told(request: AnyRequest, error: DomainError) -> Response[bytes]:
        chinese = wants_chinese(request.headers.get("accept-language", ""))
        reply = error_reply(error, chinese=chinese, now=runtime.clock())
        status = response_to(error.code).status
        return _reply(reply, status)

    def on_domain_error(request: AnyRequest, error: DomainError) -> Response[bytes]:
        _log.info("request_refused", path=request.url.path, why=error.code)
        return told(request, error)

    def on_http_error(request: AnyRequest, error: HTTPException) -> Response[bytes]:
        if error.status_code >= response_to("internal").status:
            return on_fault(request, error)
        return on_domain_error(request, _HTTP_ERRORS.get(error.status_code, _MALFORMED)())

    def on_fault(request: AnyRequest, error: Exception) -> Response[bytes]:
        if isinstance(error, DATABASE_UNAVAILABLE):
            _log.warning("database_unavailable", failure=type(error).__name__)
            return told(request, UnavailableError())
        error_id = runtime.entropy(4).hex()
        _log.error("request_failed", error_id=error_id, path=request.url.path, exc_info=error)
        return told(request, InternalError(error_id=error_id))

    return {DomainError: on_domain_error, HTTPException: on_http_error, Exception: on_fault}


_MALFORMED = requests.MalformedRequestError
_HTTP_ERRORS: dict[int, type[DomainError]] = {
    404: NotFoundError,
    405: requests.MethodNotAllowedError,
    413: requests.RequestTooLargeError,
}


def _reply(value: object, status: int = 200) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type=JSON, status_code=status)
