"""Binds the console's pages together: addresses, form protection, and how problems look."""

from typing import Any
from urllib.parse import quote

from litestar import Response, Router
from litestar.di import Provide
from litestar.response import Redirect

from server.console.ledger import ledger_page
from server.console.log_in import first_page, log_in, log_in_page, log_out
from server.console.orders import ask_to_refund, order_list, refund
from server.console.redemptions import redemption_list, redemption_news_stream
from server.console.session import provide_viewer
from server.console.stores import stores_page
from server.console.tills import (
    ask_to_revoke,
    decide_pairing,
    new_till,
    new_till_form,
    pairing_page,
    revoke,
    till_list,
)
from server.web.problems import Problem
from server.web.security import csrf_protection
from server.web.site import AnyRequest, NotLoggedInError, Site, problem_handlers, see_other

LOG_IN = "/console/login"


def console_router(site: Site) -> Router:
    """Every page of the console."""

    def provide_site() -> Site:
        return site

    def draw(request: AnyRequest, problem: Problem, status: int) -> Response[str]:
        return site.pages.page(request, "message.html", {"problem": problem}, status)

    return Router(
        path="/",
        route_handlers=[
            *(first_page, log_in_page, log_in, log_out),
            *(redemption_list, redemption_news_stream, stores_page, ledger_page),
            *(order_list, ask_to_refund, refund),
            *(till_list, new_till_form, new_till, pairing_page, decide_pairing),
            *(ask_to_revoke, revoke),
        ],
        dependencies={
            "site": Provide(provide_site, sync_to_thread=False),
            "viewer": Provide(provide_viewer),
        },
        middleware=[csrf_protection(site.runtime.root_key, site.runtime.settings)],
        exception_handlers={
            **problem_handlers(site, draw),
            NotLoggedInError: _to_log_in,
        },
    )


def _to_log_in(request: AnyRequest, _error: NotLoggedInError) -> Any:  # noqa: ANN401
    if request.headers.get("hx-request") == "true":
        # A part of a page asked: let the whole page go, not the part.
        return Response("", status_code=204, headers={"HX-Redirect": LOG_IN})
    if request.method != "GET":
        return see_other(LOG_IN)
    return Redirect(f"{LOG_IN}?to={quote(str(request.url.path))}", status_code=303)
