"""What console and shop are bound to at start, and how they answer when something is wrong."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.types import ExceptionHandlersMap

from server.kernel.failures import DATABASE_UNAVAILABLE, is_unacceptable_value
from server.kernel.runtime import Runtime
from server.web.pages import Pages, open_pages
from server.web.problems import (
    FORM_EXPIRED,
    INTERNAL,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    UNAVAILABLE,
    Problem,
    status_of,
    text_of,
)
from shared.errors import DomainError, InvalidInputError, KnownError
from shared.wire import ErrorReply

_log = structlog.get_logger(__name__)

AnyRequest = Request[Any, Any, State]
_JSON = "application/json"
_HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Site:
    """One process's pages and what they work with."""

    runtime: Runtime
    pages: Pages


def open_site(runtime: Runtime) -> Site:
    """Read templates, texts and assets once, when the process starts."""
    return Site(runtime, open_pages(runtime.settings))


def wants_json(request: AnyRequest) -> bool:
    """Whether a client without a browser is asking: it prefers JSON over HTML."""
    return request.accept.best_match([_HTML, _JSON]) == _JSON


def json_reply(value: object, status_code: int = 200) -> Response[bytes]:
    """Answer a client without a browser."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    return Response(
        msgspec.json.encode(value), media_type=_JSON, status_code=status_code, headers=headers
    )


def see_other(path: str) -> Redirect:
    """Send the browser on with a GET, as after every form."""
    return Redirect(path, status_code=303)


class NotLoggedInError(Exception):
    """The page needs somebody who is logged in."""


ProblemPage = Callable[[AnyRequest, Problem, int], Response[str]]
"""Draws a problem in the frame of the console or the shop."""


def problem_handlers(site: Site, draw: ProblemPage) -> ExceptionHandlersMap:
    """How a part of the site answers exceptions: pages for people, JSON for programs."""

    def told(request: AnyRequest, problem: Problem, error: DomainError | None, status: int) -> Any:  # noqa: ANN401
        if not wants_json(request):
            return draw(request, problem, status)
        facts = {} if error is None else {name: str(fact) for name, fact in error.facts.items()}
        message = f"{problem.title}. {problem.next_step}"
        reply = ErrorReply(problem.code, message, facts, site.runtime.clock())
        return json_reply(reply, status)

    def on_domain_error(request: AnyRequest, error: DomainError) -> Any:  # noqa: ANN401
        return told(request, problem_of(site, request, error.code), error, status_of(error))

    def on_http_error(request: AnyRequest, error: HTTPException) -> Any:  # noqa: ANN401
        code = _HTTP_CODES.get(error.status_code, "invalid_input")
        return told(request, problem_of(site, request, code), None, error.status_code)

    def on_known_error(request: AnyRequest, error: Exception) -> Any:  # noqa: ANN401
        _log.warning("page_unavailable", failure=type(error).__name__, path=_route_of(request))
        return told(request, problem_of(site, request, UNAVAILABLE), None, 503)

    def on_fault(request: AnyRequest, error: Exception) -> Any:  # noqa: ANN401
        if is_unacceptable_value(error):
            return on_domain_error(request, InvalidInputError())
        error_id = secrets.token_hex(4)
        _log.error("page_failed", error_id=error_id, path=_route_of(request), exc_info=error)
        problem = problem_of(site, request, INTERNAL, error_id)
        return told(request, problem, None, 500)

    return {
        DomainError: on_domain_error,
        KnownError: on_known_error,
        **dict.fromkeys(DATABASE_UNAVAILABLE, on_known_error),
        HTTPException: on_http_error,
        Exception: on_fault,
    }


def _route_of(request: AnyRequest) -> str:
    """An address for the log: without its values, because the link of an order is a secret."""
    return str(request.scope.get("path_template", "unknown"))


_HTTP_CODES = {403: FORM_EXPIRED, 404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 500: INTERNAL}


def problem_of(site: Site, request: AnyRequest, code: str, error_id: str | None = None) -> Problem:
    """A problem in the visitor's language."""
    text = text_of(code)
    title, next_step = (
        site.pages.text(request, text.title),
        site.pages.text(request, text.next_step),
    )
    return Problem(code, title, next_step, error_id)
