"""What the console's lists show, and to whom."""

import re
from uuid import UUID

import httpx
import pytest

from server.bench.scripted_till import ScriptedTill
from server.tills import service as tills
from shared import wire
from shared.ids import TillId
from tests.server.web.open_shop import COFFEE_CARD, JSON, OpenShop, buy, log_in, post

NUMBER_CELL = re.compile(r'class="number"><a href="([^"]*)">([^<]*)</a>')


@pytest.fixture(scope="module")
def till(open_shop: OpenShop) -> ScriptedTill:
    """The keeper of store 0, which has redeemed two vouchers and taken one redemption back."""
    till = open_shop.world.till(0)
    buyer = open_shop.visitor(**JSON)
    for uses, undone in ((2, False), (1, False), (3, True)):
        page = buy(open_shop, buyer, product=COFFEE_CARD, store=0)
        eid = open_shop.redeem(till, bytes.fromhex(str(page["voucher"])), uses)
        if undone:
            open_shop.take_back(till, eid, uses)
    return till


@pytest.fixture
def admin(open_shop: OpenShop, till: ScriptedTill) -> httpx.Client:
    visitor = open_shop.visitor(**{"Accept-Language": "en"})
    log_in(visitor, "admin")
    return visitor


@pytest.fixture
def manager(open_shop: OpenShop, till: ScriptedTill) -> httpx.Client:
    visitor = open_shop.visitor(**{"Accept-Language": "en"})
    log_in(visitor, "manager")
    return visitor


def test_the_live_list_names_what_happened_where(admin: httpx.Client) -> None:
    page = admin.get("/console/redemptions").text

    assert page.count('<tr id="event-') == 3
    assert "Store 1" in page
    assert "Coffee card" in page
    assert "Held by the till" in page
    assert '<span class="tag tag-quiet">Undone</span>' in page
    assert 'id="total-count">2<' in page
    assert 'id="total-uses">3<' in page
    assert 'id="total-value">¥29.70<' in page
    assert 'id="total-undone">1<' in page


def test_every_number_of_the_day_leads_to_a_list_with_that_total(admin: httpx.Client) -> None:
    page = admin.get("/console/stores").text
    row = page.split('id="store-')[1].split("</tr>")[0]
    cells = [(address.replace("&amp;", "&"), text) for address, text in NUMBER_CELL.findall(row)]
    assert [text for _, text in cells] == ["2", "3", "¥29.70", "1", "3"]

    listed = admin.get(cells[0][0]).text

    assert 'id="total-count">2<' in listed
    assert 'id="total-value">¥29.70<' in listed


def test_another_day_is_empty_and_says_so(admin: httpx.Client) -> None:
    page = admin.get("/console/redemptions?day=2026-01-01").text

    assert "Nothing redeemed here yet" in page
    assert 'id="total-count">0<' in page


@pytest.mark.parametrize(
    "query",
    [
        *("day=yesterday", "day=9999-12-31", "day=0001-01-01", "store=north"),
        *("page=0", "page=-1", "page=many", "page=99999999999"),
    ],
)
def test_a_filter_that_makes_no_sense_is_told(admin: httpx.Client, query: str) -> None:
    assert admin.get(f"/console/redemptions?{query}").status_code == 422


def test_the_books_are_in_order(admin: httpx.Client) -> None:
    page = admin.get("/console/ledger").text

    assert "The books are in order" in page
    assert "Owed to store" in page


def test_a_store_manager_sees_only_the_own_store(
    open_shop: OpenShop, manager: httpx.Client
) -> None:
    page = manager.get("/console/redemptions").text
    assert "Store 1" in page
    assert "Store 2" not in page
    assert "Store 2" not in manager.get("/console/stores").text

    other = manager.get(f"/console/redemptions?store={open_shop.store_id(1)}")

    assert other.status_code == 403
    assert "You may not see or do this" in other.text


def test_a_store_manager_sees_no_books_and_refunds_nothing(
    open_shop: OpenShop, manager: httpx.Client
) -> None:
    page = buy(open_shop, open_shop.visitor(**JSON), store=0)
    assert manager.get("/console/ledger").status_code == 403

    reply = post(manager, f"/console/orders/{page['order']}/refund")

    assert reply.status_code == 403


def test_a_store_manager_adds_tills_to_the_own_store_only(
    open_shop: OpenShop, manager: httpx.Client
) -> None:
    address = "/console/tills/new"

    own = post(manager, address, store=open_shop.store_id(0), till_name="Till 2")
    other = post(manager, address, store=open_shop.store_id(1), till_name="Till 2")

    assert (own.status_code, other.status_code) == (303, 403)


def test_headquarters_refunds_what_is_left(open_shop: OpenShop, admin: httpx.Client) -> None:
    buyer = open_shop.visitor(**JSON)
    page = buy(open_shop, buyer)
    assert "Refund what is left" in admin.get(f"/console/orders/{page['order']}/refund").text

    reply = post(admin, f"/console/orders/{page['order']}/refund")

    assert reply.headers["location"] == f"/console/orders?number={page['order_number']}"
    assert "Refunded" in admin.get(reply.headers["location"]).text
    assert buyer.get(str(page["address"])).json()["state"] == "refunded"


def test_orders_are_found_by_number_and_state(open_shop: OpenShop, admin: httpx.Client) -> None:
    page = buy(open_shop, open_shop.visitor(**JSON))

    by_number = admin.get(f"/console/orders?number={page['order_number']}").text
    by_other_state = admin.get(
        f"/console/orders?number={page['order_number']}&stage=refunding"
    ).text

    assert str(page["order_number"]) in by_number
    assert str(page["code"]) not in by_number
    assert "No orders here" in by_other_state


def test_a_till_is_added_with_a_code_and_six_digits(
    open_shop: OpenShop, admin: httpx.Client
) -> None:
    made = post(admin, "/console/tills/new", store=open_shop.store_id(3), till_name="Front")
    address = made.headers["location"]
    shown = admin.get(address).text
    code = re.search(r'id="pairing-code">([0-9A-Z]{4}-[0-9A-Z]{4})<', shown)
    assert code is not None
    assert "<svg" in shown
    stranger = open_shop.visitor()
    log_in(stranger, "admin")
    assert code[1] not in stranger.get(address).text

    line = open_shop.world.line()
    claimed = line.pair(code[1]).read(wire.PairReply)
    digits = re.search(r'id="pairing-digits">(\d{3}) (\d{3})<', admin.get(address).text)
    assert digits is not None
    post(admin, f"/console/pairings/{claimed.pairing}/confirm")

    status = line.pair_status(claimed.pairing).read(wire.PairStatusReply)
    assert status.status is wire.PairStatus.confirmed
    assert "The code is no longer open" in admin.get(address).text
    assert "Front" in admin.get("/console/tills").text


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 65])
def test_a_till_has_a_name_that_people_can_read(
    open_shop: OpenShop, admin: httpx.Client, name: str
) -> None:
    store = open_shop.store_id(0)

    assert post(admin, "/console/tills/new", store=store, till_name=name).status_code == 422


def test_a_till_stands_in_a_store(admin: httpx.Client) -> None:
    assert post(admin, "/console/tills/new", store=UUID(int=0), till_name="T").status_code == 404


def test_a_till_is_refused(open_shop: OpenShop, admin: httpx.Client) -> None:
    line = open_shop.world.line()
    claimed = line.pair(open_shop.world.code(3)).read(wire.PairReply)

    post(admin, f"/console/pairings/{claimed.pairing}/refuse")

    status = line.pair_status(claimed.pairing).read(wire.PairStatusReply)
    assert status.status is wire.PairStatus.refused


def test_a_till_is_revoked_after_a_question(open_shop: OpenShop, admin: httpx.Client) -> None:
    paired = open_shop.world.till(4)
    address = f"/console/tills/{paired.till}/revoke"
    assert "Revoke “Till” at Store 5?" in admin.get(address).text

    post(admin, address)

    row = open_shop.world.do(lambda uow: tills.till_of(uow, TillId(UUID(str(paired.till)))))
    assert row.state.value == "revoked"


def test_news_come_over_the_stream(open_shop: OpenShop, admin: httpx.Client) -> None:
    with admin.stream("GET", "/console/redemptions/news?after=0") as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("event:")) == "event: news"
        assert int(next(lines).removeprefix("data: ")) > 0


def test_the_stream_needs_a_log_in_too(open_shop: OpenShop) -> None:
    assert open_shop.visitor().get("/console/redemptions/news").status_code == 303
