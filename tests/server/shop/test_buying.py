"""The whole purchase by a plain HTTP client, as forms and as JSON."""

from uuid import UUID

import httpx
import pytest
from uuid_utils.compat import uuid7

from server.distribution import service as distribution
from server.orders import service as orders
from server.web.security import CSRF_COOKIE, CSRF_HEADER
from shared.ids import DistributorId, OrderId
from shared.qr_token import read_token
from shared.voucher_code import parse_code
from tests.server.web.open_shop import (
    CODE_ON_PAGE,
    COFFEE,
    COFFEE_CARD,
    JSON,
    OpenShop,
    buy,
    post,
)


@pytest.fixture
def buyer(open_shop: OpenShop) -> httpx.Client:
    return open_shop.visitor(**JSON)


def test_the_shelf_lists_what_can_be_bought(open_shop: OpenShop, buyer: httpx.Client) -> None:
    shelf = buyer.get(open_shop.address).json()

    assert [product["number"] for product in shelf["products"]] == [COFFEE, COFFEE_CARD]
    assert shelf["products"][1]["uses"] == 10


def test_a_product_tells_where_and_how_long_it_can_be_used(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    offer = buyer.get(f"{open_shop.address}/p/{COFFEE}").json()

    assert len(offer["stores"]) == len(open_shop.world.chain.stores)
    assert offer["valid_from"] < offer["valid_until"]


def test_a_paid_order_shows_its_code_at_once(open_shop: OpenShop, buyer: httpx.Client) -> None:
    page = buy(open_shop, buyer, product=COFFEE_CARD)

    assert parse_code(str(page["code"])) is not None
    assert (page["state"], page["uses_left"], page["uses_total"]) == ("to_use", 10, 10)
    assert page["token"] is None
    assert page["qr"] == page["code"]


def test_a_voucher_for_a_store_with_a_till_carries_the_grant(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    open_shop.world.till(2)

    page = buy(open_shop, buyer, store=2)

    token = read_token(str(page["token"]))
    assert token is not None
    assert token.code == page["code"]
    assert page["qr"] == page["token"]


def test_choosing_a_store_later_brings_the_token(open_shop: OpenShop, buyer: httpx.Client) -> None:
    open_shop.world.till(3)
    page = buy(open_shop, buyer)

    answer = post(buyer, f"{page['address']}/store", store=open_shop.store_id(3))

    assert answer.json() == {"held_by_store": True}
    after = buyer.get(str(page["address"])).json()
    assert after["token"] is not None
    assert after["store"]["name"] == "Store 4"


def test_opening_a_code_page_never_grants(open_shop: OpenShop, buyer: httpx.Client) -> None:
    page = buy(open_shop, buyer)

    buyer.get(str(page["address"]))

    assert open_shop.held(bytes.fromhex(str(page["voucher"]))) == 0


def test_forms_lead_a_browser_to_the_code_page(open_shop: OpenShop) -> None:
    browser = open_shop.visitor(Accept="text/html")
    placed = post(
        browser, f"{open_shop.address}/orders", product=COFFEE, quantity=2, store="", order=uuid7()
    )
    assert placed.status_code == 303
    paid = post(browser, placed.headers["location"])
    result = browser.get(paid.headers["location"])
    order = browser.get(result.headers["location"])
    page = browser.get(order.headers["location"])

    assert page.status_code == 200
    groups = CODE_ON_PAGE.search(page.text)
    assert groups is not None
    assert parse_code("".join(groups.groups())) is not None


def test_the_same_form_twice_is_one_order(open_shop: OpenShop, buyer: httpx.Client) -> None:
    fields = {"product": COFFEE, "quantity": 1, "store": "", "order": uuid7()}
    address = f"{open_shop.address}/orders"

    first, second = post(buyer, address, **fields).json(), post(buyer, address, **fields).json()

    assert first["number"] == second["number"]
    assert first["pay"] == second["pay"]


def test_an_unpaid_order_is_never_called_failed(open_shop: OpenShop) -> None:
    browser = open_shop.visitor(Accept="text/html", **{"Accept-Language": "en"})
    placed = post(browser, f"{open_shop.address}/orders", product=COFFEE, quantity=1, store="")
    sandbox = browser.get(placed.headers["location"])
    assert "play money" in sandbox.text
    number = placed.headers["location"].rsplit("/", 1)[1]
    orders_page = browser.get(f"{open_shop.address}/orders")
    assert "Pay ¥19.90" in orders_page.text
    result = next(
        part.split('"')[0]
        for part in sandbox.text.split('href="')
        if part.startswith(f"{open_shop.address}/orders/")
    )

    waiting, asked = browser.get(result), browser.get(result, params={"look": 5})

    assert number
    assert 'hx-trigger="load delay:2s"' in waiting.text
    assert "hx-trigger" not in asked.text
    assert "Not confirmed yet" in asked.text
    assert "failed" not in (waiting.text + asked.text).lower()


def test_a_distributors_link_is_remembered_until_the_order(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    assert buyer.get(f"{open_shop.address}/d/{open_shop.link_code}").status_code == 303

    page = buy(open_shop, buyer)

    world = open_shop.world
    order = OrderId(UUID(str(page["order"])))
    view = world.do(lambda uow: orders.view_of(uow, order))
    sender = view.order.distributor
    assert sender is not None
    named = world.do(lambda uow: distribution.distributor_of(uow, DistributorId(sender)))
    assert named.link_code == open_shop.link_code


def test_an_unknown_distributor_still_leads_to_the_shop(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    reply = buyer.get(f"{open_shop.address}/d/nobody")

    assert reply.headers["location"] == open_shop.address
    assert "hexiao_sender" not in reply.cookies


def test_an_order_without_the_forms_token_is_refused(open_shop: OpenShop) -> None:
    stranger = open_shop.visitor(**JSON)
    stranger.get(open_shop.address)

    reply = stranger.post(f"{open_shop.address}/orders", data={"product": COFFEE})

    assert reply.status_code == 403
    assert reply.json()["code"] == "form_expired"


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"product": 999}, 404, "not_found"),
        ({"product": 10**30}, 404, "not_found"),
        ({"product": COFFEE, "quantity": 10**30}, 422, "too_many"),
        ({"product": COFFEE, "quantity": 0}, 422, "invalid_input"),
        ({"product": COFFEE, "quantity": 64}, 422, "too_many"),
        ({"product": COFFEE, "store": "nowhere"}, 422, "invalid_input"),
        ({"product": "coffee"}, 422, "invalid_input"),
        ({}, 422, "invalid_input"),
    ],
)
def test_a_bad_order_is_refused_with_a_reason(
    open_shop: OpenShop, buyer: httpx.Client, fields: dict[str, object], status: int, code: str
) -> None:
    reply = post(buyer, f"{open_shop.address}/orders", **fields)

    assert (reply.status_code, reply.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"product":7,"x":' + b"[" * 20_000, b'{"product":7,"store":"\xff"}']
)
def test_a_body_that_is_no_order_is_refused(
    open_shop: OpenShop, buyer: httpx.Client, body: bytes
) -> None:
    buyer.get(open_shop.address)
    headers = {CSRF_HEADER: buyer.cookies[CSRF_COOKIE], "Content-Type": "application/json"}

    reply = buyer.post(f"{open_shop.address}/orders", content=body, headers=headers)

    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_input")


def test_an_unknown_shop_does_not_exist(open_shop: OpenShop, buyer: httpx.Client) -> None:
    assert buyer.get("/s/nowhere").status_code == 404
    assert buyer.get("/s/%00").status_code in (404, 422)


@pytest.mark.parametrize("name", ["%00", "..%2fassets.py", "%2e%2e/assets.py"])
def test_a_file_that_is_not_there_is_not_found(
    open_shop: OpenShop, buyer: httpx.Client, name: str
) -> None:
    assert buyer.get(f"/static/{name}").status_code == 404


def test_an_error_page_leads_back_and_can_be_read_in_the_other_language(
    open_shop: OpenShop,
) -> None:
    browser = open_shop.visitor(
        Accept="text/html", Referer=f"{open_shop.base_url}/s/sample/p/7/buy"
    )

    reply = post(browser, f"{open_shop.address}/orders", product=999)

    assert reply.status_code == 404
    assert 'href="/language/en?to=/s/sample/p/7/buy"' in reply.text
    assert 'href="/s/sample"' in reply.text
