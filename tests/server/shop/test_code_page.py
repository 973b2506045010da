"""Who may see a code, and what becomes of it."""

import httpx
import pytest

from tests.server.web.open_shop import COFFEE_CARD, JSON, OpenShop, buy, post


@pytest.fixture
def buyer(open_shop: OpenShop) -> httpx.Client:
    return open_shop.visitor(**JSON)


def test_only_its_buyer_may_see_a_code(open_shop: OpenShop, buyer: httpx.Client) -> None:
    page = buy(open_shop, buyer)

    assert open_shop.visitor(**JSON).get(str(page["address"])).status_code == 404


def test_a_buyers_cookie_cannot_be_made_up(open_shop: OpenShop, buyer: httpx.Client) -> None:
    page = buy(open_shop, buyer)
    value = buyer.cookies["hexiao_buyer"]
    forger = open_shop.visitor(
        Cookie=f"hexiao_buyer={value[:-1]}{'0' if value[-1] != '0' else '1'}"
    )

    assert forger.get(str(page["address"]), headers=JSON).status_code == 404


def test_the_link_of_an_order_opens_its_code_for_its_bearer(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    page = buy(open_shop, buyer)
    order = buyer.get(f"{open_shop.address}/orders/{page['order']}").json()
    bearer = open_shop.visitor(**JSON)

    shown = bearer.get(order["link"]).json()

    assert shown["code"] == page["code"]
    assert len(order["link"].rsplit("/", 1)[1]) == 22
    assert bearer.get(f"{order['link']}/1").json()["code"] == page["code"]
    assert bearer.get(f"{order['link']}/2").status_code == 404
    assert bearer.get(order["link"][:-1] + "-").status_code == 404


def test_a_used_up_voucher_shows_no_code_any_more(open_shop: OpenShop, buyer: httpx.Client) -> None:
    till = open_shop.world.till(0)
    page = buy(open_shop, buyer, store=0)

    open_shop.redeem(till, bytes.fromhex(str(page["voucher"])))

    after = buyer.get(str(page["address"])).json()
    assert (after["state"], after["uses_left"], after["code"], after["token"]) == (
        "used",
        0,
        "",
        None,
    )
    assert after["last_event"]["store_name"] == "Store 1"


def test_a_redemption_taken_back_makes_the_voucher_usable_again(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    till = open_shop.world.till(5)
    page = buy(open_shop, buyer, product=COFFEE_CARD, store=5)
    eid = open_shop.redeem(till, bytes.fromhex(str(page["voucher"])), uses=2)
    assert buyer.get(str(page["address"])).json()["uses_left"] == 8

    open_shop.take_back(till, eid, uses=2)

    after = buyer.get(str(page["address"])).json()
    assert (after["state"], after["uses_left"]) == ("to_use", 10)
    assert after["last_event"]["undone"]


def test_a_refund_of_what_the_server_holds_runs_at_once(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    page = buy(open_shop, buyer)

    answer = post(buyer, f"{open_shop.address}/orders/{page['order']}/refund").json()

    assert answer["stage"] == "refunded"
    assert buyer.get(str(page["address"])).json()["state"] == "refunded"


def test_a_refund_of_what_a_till_holds_waits_and_says_so(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    open_shop.world.till(4)
    page = buy(open_shop, buyer, store=4)

    answer = post(buyer, f"{open_shop.address}/orders/{page['order']}/refund").json()

    assert answer["stage"] == "refunding"
    shown = buyer.get(
        str(page["address"]), headers={"Accept": "text/html", "Accept-Language": "en"}
    )
    assert "Waiting for the store" in shown.text


def test_a_stranger_cannot_refund_an_order(open_shop: OpenShop, buyer: httpx.Client) -> None:
    page = buy(open_shop, buyer)

    reply = post(open_shop.visitor(**JSON), f"{open_shop.address}/orders/{page['order']}/refund")

    assert reply.status_code == 404


def test_my_orders_are_sorted_by_what_can_be_done_with_them(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    page = buy(open_shop, buyer, product=COFFEE_CARD)
    post(buyer, f"{open_shop.address}/orders/{page['order']}/refund")
    html = {"Accept": "text/html"}

    to_use = buyer.get(f"{open_shop.address}/orders", headers=html).text
    refunds = buyer.get(f"{open_shop.address}/orders?show=refunded", headers=html).text

    assert str(page["voucher"]) not in to_use
    assert str(page["voucher"]) in refunds


def test_no_page_may_be_kept_by_a_proxy_or_load_from_elsewhere(
    open_shop: OpenShop, buyer: httpx.Client
) -> None:
    page = buy(open_shop, buyer)

    reply = buyer.get(str(page["address"]), headers={"Accept": "text/html"})

    assert reply.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert "http://" not in reply.text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in reply.text
