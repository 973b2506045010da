"""Logging in and out of the console.

The slow password check runs in a thread between two short transactions.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from server.console.session import Viewer, cookie_of, forgotten_cookie
from server.kernel.database import Connection
from server.staff import service as staff
from server.staff.passwords import password_is_right
from server.staff.rules import PASSWORD_LENGTH_MAX
from server.staff.service import LogInResult
from server.stores import service as stores
from server.stores.rules import Merchant
from server.web.formats import moment_filters
from server.web.pages import language_of
from server.web.problems import LOG_IN_LOCKED, WRONG_LOG_IN, Problem
from server.web.site import AnyRequest, Site, problem_of, see_other

HOME = "/console/redemptions"
LOGIN_LENGTH_MAX = 80


@dataclass
class LogInForm:
    """What a person typed; `merchant` is the company's short name where there are several."""

    login: str = ""
    password: str = ""
    merchant: str = ""
    to: str = ""


@get("/console", sync_to_thread=False)
def first_page() -> Redirect:
    """Lead to the page people look at most."""
    return see_other(HOME)


@get("/console/login")
async def log_in_page(request: AnyRequest, site: Site, to: str = "") -> Response[str]:
    """Ask who is there."""
    return await _ask(request, site, LogInForm(to=to), None)


@post("/console/login", status_code=200)
async def log_in(
    request: AnyRequest,
    site: Site,
    data: Annotated[LogInForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[str] | Redirect:
    """Open a session, or say what was wrong without saying which half."""
    merchant = await _merchant(site, data.merchant)
    if merchant is None:
        return await _ask(request, site, data, problem_of(site, request, WRONG_LOG_IN))
    result = await _check(site, merchant, data)
    if result.token is not None:
        reply = see_other(_local(data.to))
        reply.set_cookie(cookie_of(site, merchant, result.token))
        return reply
    return await _ask(request, site, data, _why(request, site, merchant, result))


@post("/console/logout", status_code=303)
async def log_out(viewer: Viewer, site: Site) -> Redirect:
    """End the session, here and in the database."""
    await site.runtime.write(viewer.merchant_id, lambda uow: staff.log_out(uow, viewer.token))
    reply = see_other("/console/login")
    reply.set_cookie(forgotten_cookie(site))
    return reply


async def _check(site: Site, merchant: Merchant, form: LogInForm) -> LogInResult:
    login, password = form.login[:LOGIN_LENGTH_MAX], form.password[: PASSWORD_LENGTH_MAX + 1]
    attempt = await site.runtime.write(merchant.id, lambda uow: staff.begin_log_in(uow, login))
    right = False
    if attempt.locked_until is None:
        right = await asyncio.to_thread(password_is_right, attempt.password_hash, password)
    return await site.runtime.write(
        merchant.id, lambda uow: staff.finish_log_in(uow, attempt, password_right=right)
    )


def _why(request: AnyRequest, site: Site, merchant: Merchant, result: LogInResult) -> Problem:
    if result.locked_until is None:
        return problem_of(site, request, WRONG_LOG_IN)
    problem = problem_of(site, request, LOG_IN_LOCKED)
    written = moment_filters(language_of(request))["exact_moment"]
    until = written(result.locked_until, merchant.zone)
    return Problem(problem.code, problem.title, problem.next_step % {"until": until})


async def _ask(
    request: AnyRequest, site: Site, form: LogInForm, problem: Problem | None
) -> Response[str]:
    several = len(await site.runtime.database.read(stores.merchants)) > 1
    context = {
        "login": form.login[:LOGIN_LENGTH_MAX],
        "merchant": form.merchant,
        "asks_merchant": several,
        "to": form.to,
        "problem": problem,
    }
    return site.pages.page(request, "console/login.html", context, 401 if problem else 200)


async def _merchant(site: Site, short_name: str) -> Merchant | None:
    def find(connection: Connection) -> Merchant | None:
        if short_name:
            return stores.merchant_named(connection, short_name.strip().lower())
        every = stores.merchants(connection)
        return every[0] if len(every) == 1 else None

    return await site.runtime.database.read(find)


def _local(address: str) -> str:
    """Only pages of the console are worth returning to, and no other host is."""
    return address if address.startswith("/console/") and "\\" not in address else HOME
