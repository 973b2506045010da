"""What belongs to every page: the files browsers load, and the switch between languages."""

from typing import Any

from litestar import Response, Router, get
from litestar.datastructures import Cookie
from litestar.response import Redirect

from server.web.assets import assets_router
from server.web.language import LANGUAGE_COOKIE, Language
from server.web.problems import Problem
from server.web.security import is_https
from server.web.site import AnyRequest, Site, problem_handlers, see_other
from shared.errors import NotFoundError

_YEAR_SECONDS = 31_536_000


def web_router(site: Site) -> Router:
    """Assets and the language switch."""

    @get("/language/{tag:str}", sync_to_thread=False)
    def switch_language(tag: str, to: str = "/") -> Redirect:
        """Remember the language and show the same page in it."""
        language = next((one for one in Language if one.value == tag), None)
        if language is None:
            raise NotFoundError(what="language")
        reply = see_other(local_path(to))
        reply.set_cookie(
            Cookie(
                key=LANGUAGE_COOKIE,
                value=language.value,
                max_age=_YEAR_SECONDS,
                secure=is_https(site.runtime.settings),
                samesite="lax",
            )
        )
        return reply

    def draw(request: AnyRequest, problem: Problem, status: int) -> Response[Any]:
        return site.pages.page(request, "message.html", {"problem": problem}, status)

    return Router(
        path="/",
        route_handlers=[assets_router(), switch_language],
        exception_handlers=problem_handlers(site, draw),
    )


def local_path(address: str) -> str:
    """A path on this server to return to; anything that could lead elsewhere becomes `/`."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_path and address.isprintable() else "/"
