"""Logging in and out, and what a wrong password leads to."""

import httpx
import pytest

from server.console.session import SESSION_COOKIE
from tests.server.web.open_shop import OpenShop, log_in, post


@pytest.fixture
def visitor(open_shop: OpenShop) -> httpx.Client:
    return open_shop.visitor(**{"Accept-Language": "en"})


def test_every_page_leads_to_the_log_in_and_back(visitor: httpx.Client) -> None:
    reply = visitor.get("/console/ledger")
    assert reply.headers["location"] == "/console/login?to=/console/ledger"

    after = post(
        visitor,
        "/console/login",
        login="admin",
        password="correct horse battery",
        to="/console/ledger",
    )

    assert after.headers["location"] == "/console/ledger"
    assert visitor.get("/console/ledger").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: httpx.Client) -> None:
    cookie = next(
        line
        for line in log_in(visitor, "admin").headers.get_list("set-cookie")
        if line.startswith(SESSION_COOKIE)
    )

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/console" in cookie


def test_a_log_in_makes_a_new_session_whatever_the_browser_brought(open_shop: OpenShop) -> None:
    planted = f"sample.{'ab' * 32}"
    visitor = open_shop.visitor()
    visitor.cookies.set(SESSION_COOKIE, planted, path="/console")

    log_in(visitor, "admin")

    stranger = open_shop.visitor(Cookie=f"{SESSION_COOKIE}={planted}")
    assert stranger.get("/console/redemptions").status_code == 303


def test_logging_out_ends_the_session_in_the_database(open_shop: OpenShop) -> None:
    visitor = open_shop.visitor()
    log_in(visitor, "admin")
    token = visitor.cookies[SESSION_COOKIE]

    post(visitor, "/console/logout")

    thief = open_shop.visitor(Cookie=f"{SESSION_COOKIE}={token}")
    assert thief.get("/console/redemptions").status_code == 303


def test_a_wrong_password_does_not_say_which_half_was_wrong(visitor: httpx.Client) -> None:
    known, unknown = log_in(visitor, "admin", "nonsense one"), log_in(visitor, "nobody", "nonsense")

    assert known.status_code == unknown.status_code == 401
    for reply in (known, unknown):
        assert "Login name or password is wrong" in reply.text


def test_guessing_locks_the_name_and_says_until_when(visitor: httpx.Client) -> None:
    replies = [log_in(visitor, "clerk", f"guess number {count}") for count in range(6)]

    assert "Too many wrong attempts" not in replies[0].text
    assert "Too many wrong attempts" in replies[-1].text
    assert "This name is locked until" in replies[-1].text
    assert "Too many wrong attempts" in log_in(visitor, "clerk").text


def test_a_log_in_never_leads_to_another_site(visitor: httpx.Client) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example", "/console/\\evil.example", "/s/x"):
        reply = post(
            visitor, "/console/login", login="admin", password="correct horse battery", to=elsewhere
        )
        assert reply.headers["location"] == "/console/redemptions"


@pytest.mark.parametrize("fields", [{"login": "a\0"}, {"login": "a", "merchant": "\0"}])
def test_what_cannot_be_a_name_is_refused_and_no_fault(
    visitor: httpx.Client, fields: dict[str, str]
) -> None:
    reply = post(visitor, "/console/login", password="x", **fields)

    assert reply.status_code in (401, 422)


def test_a_form_without_its_token_is_refused(visitor: httpx.Client) -> None:
    visitor.get("/console/login")

    reply = visitor.post("/console/login", data={"login": "admin", "password": "x"})

    assert reply.status_code == 403
    assert "The form is no longer valid" in reply.text
