"""Shop and console in a real browser: what changes by itself, without a network, in every size."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from server.bench.scripted_till import ScriptedTill
from shared.qr_token import looks_like_token
from tests.server.database_under_test import copy_of_sqlite_file
from tests.server.web.browsing import (
    DESK,
    PHONE,
    SMALL_PHONE,
    WITHIN_A_SECOND_MS,
    Watched,
    chromium,
    open_page,
)
from tests.server.web.open_shop import COFFEE, COFFEE_CARD, PASSWORD, OpenShop, open_shop_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def shop(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    folder = tmp_path_factory.mktemp("browsed-shop")
    with (
        copy_of_sqlite_file(sqlite_template, folder) as url,
        open_shop_in(url, folder, workers=1) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def till(shop: OpenShop) -> ScriptedTill:
    return shop.world.till(0)


@pytest.fixture
def phone(shop: OpenShop, browser: Browser) -> Iterator[Watched]:
    watched = open_page(browser, shop.base_url, PHONE, is_mobile=True, has_touch=True)
    yield watched
    watched.has_behaved()
    watched.page.context.close()


@pytest.fixture
def desk(shop: OpenShop, browser: Browser) -> Iterator[Watched]:
    watched = open_page(browser, shop.base_url, DESK)
    yield watched
    watched.has_behaved()
    watched.page.context.close()


def buy_on(page: Page, shop: OpenShop, *, product: int = COFFEE) -> bytes:
    """Buy for the first store with taps only; leaves the code page open."""
    page.goto(shop.address)
    page.locator(f"a.good[href$='/p/{product}']").tap()
    page.locator(".buy-bar a").tap()
    page.locator(f"input[name=store][value='{shop.store_id(0)}']").check()
    page.locator(".buy-bar button").tap()
    page.locator("form button").tap()
    page.wait_for_url("**/v/*")
    return bytes.fromhex(page.url.rsplit("/", 1)[1])


def log_in_on(page: Page, login: str) -> None:
    page.goto("/console")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("form button")
    page.wait_for_url("**/console/redemptions")


def qr_on(page: Page) -> str:
    """What a scanner reads on the whole screen."""
    found = zxingcpp.read_barcodes(_decoded(page.screenshot()))
    assert found, "no code can be read on the screen"
    return found[0].text


def _decoded(png: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def test_a_purchase_ends_on_a_code_that_a_scanner_reads(
    shop: OpenShop, phone: Watched, till: ScriptedTill
) -> None:
    buy_on(phone.page, shop)

    assert looks_like_token(qr_on(phone.page))
    box = phone.page.locator(".qr-box svg").bounding_box()
    assert box is not None
    assert box["width"] >= 240
    digits = phone.page.locator(".digits")
    expect(digits).to_be_in_viewport()
    assert float(digits.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")) >= 28


def test_the_code_is_black_on_white_on_a_dark_phone(
    shop: OpenShop, browser: Browser, till: ScriptedTill
) -> None:
    watched = open_page(browser, shop.base_url, PHONE, color_scheme="dark", has_touch=True)
    buy_on(watched.page, shop)

    assert looks_like_token(qr_on(watched.page))
    white = watched.page.locator(".qr-box").evaluate(
        "node => getComputedStyle(node).backgroundColor"
    )
    assert white == "rgb(255, 255, 255)"
    watched.page.context.close()


def test_the_code_page_turns_by_itself_and_back(
    shop: OpenShop, phone: Watched, till: ScriptedTill
) -> None:
    page = phone.page
    ref = buy_on(page, shop, product=COFFEE_CARD)
    page.evaluate("window.notReloaded = true")

    eid = shop.redeem(till, ref, uses=5)
    expect(page.locator(".ticket-done")).to_contain_text("Store 1", timeout=3_000)
    expect(page.locator(".uses-left")).to_contain_text("5 / 10")
    shop.take_back(till, eid, uses=5)
    expect(page.locator(".ticket .notice")).to_contain_text("已撤销核销", timeout=3_000)
    expect(page.locator(".uses-left")).to_contain_text("10 / 10")
    shop.redeem(till, ref, uses=5)
    shop.redeem(till, ref, uses=5)

    expect(page.locator("#ticket[data-state=used]")).to_be_visible(timeout=3_000)
    expect(page.locator(".qr-box")).to_have_count(0)
    assert page.evaluate("window.notReloaded")


def test_the_code_is_shown_without_a_network(
    shop: OpenShop, phone: Watched, till: ScriptedTill
) -> None:
    page = phone.page
    buy_on(page, shop)
    before = qr_on(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(
        "caches.open('hexiao-code-1').then((kept) => kept.keys())"
        ".then((keys) => keys.some((key) => key.url === location.href)"
        " && keys.some((key) => key.url.includes('site.css')))"
    )

    page.context.set_offline(True)
    page.reload()

    expect(page.locator("#offline-note")).to_be_visible()
    assert qr_on(page) == before


def test_a_live_row_appears_within_a_second(
    shop: OpenShop, phone: Watched, desk: Watched, till: ScriptedTill
) -> None:
    log_in_on(desk.page, "admin")
    expect(desk.page.locator("#live")).to_have_attribute("data-state", "on")
    ref = buy_on(phone.page, shop)
    last_four = phone.page.locator(".digits span").last.inner_text()
    desk.page.evaluate("window.notReloaded = true")
    row = desk.page.locator("#rows tr", has_text=f"··{last_four}")
    expect(row).to_have_count(0)

    eid = shop.redeem(till, ref)

    expect(row).to_contain_text("¥19.90", timeout=WITHIN_A_SECOND_MS)
    shop.take_back(till, eid)
    expect(row).to_contain_text("已撤销", timeout=WITHIN_A_SECOND_MS)
    assert desk.page.evaluate("window.notReloaded")


def test_the_stores_page_shows_only_the_own_store(shop: OpenShop, desk: Watched) -> None:
    log_in_on(desk.page, "manager")
    expect(desk.page.locator(".side nav")).not_to_contain_text("账务核对")

    desk.page.goto(f"/console/redemptions?store={shop.store_id(1)}")

    expect(desk.page.locator("h1")).to_have_text("您没有此权限")


def test_a_till_is_added_while_the_page_stays_open(shop: OpenShop, desk: Watched) -> None:
    page = desk.page
    log_in_on(page, "admin")
    page.goto("/console/tills")
    page.click("text=添加终端")
    page.select_option("select[name=store]", label="Store 6")
    page.click("form[action='/console/tills/new'] button")
    code = page.inner_text("#pairing-code")
    assert qr_on(page) == code.replace("-", "")

    shop.world.line().pair(code)

    expect(page.locator("#pairing-digits")).to_be_visible(timeout=3_000)
    page.click("form[action$='/confirm'] button")
    expect(page.locator("#tills")).to_contain_text("Store 6")


def test_the_language_is_switched_in_the_page(shop: OpenShop, phone: Watched) -> None:
    page = phone.page
    page.goto(f"{shop.address}/p/{COFFEE}")
    assert page.locator("html").get_attribute("lang") == "zh-CN"

    page.locator("a[lang=en]").tap()

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith(f"{shop.address}/p/{COFFEE}")
    expect(page.locator(".buy-bar a")).to_have_text("Buy")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("size", [SMALL_PHONE, PHONE], ids=["320", "390"])
def test_no_page_of_the_shop_is_wider_than_the_phone(
    shop: OpenShop, browser: Browser, size: dict[str, int], language: str
) -> None:
    watched = open_page(browser, shop.base_url, size, locale=language, has_touch=True)
    page = watched.page
    buy_on(page, shop, product=COFFEE_CARD)
    addresses = [page.url, "", "/orders", "/orders?show=refunded", "/orders?show=used"]
    addresses += [f"/p/{COFFEE}", f"/p/{COFFEE}/buy"]
    for address in addresses:
        page.goto(address if address.startswith("http") else f"{shop.address}{address}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], address
        assert _small_targets(page) == [], address
    watched.has_behaved()
    page.context.close()


def _small_targets(page: Page) -> list[str]:
    """Things to press that are lower than 44 pixels; links inside of a sentence may be."""
    return list(
        page.evaluate(
            "[...document.querySelectorAll('a, button, select, summary, input:not([type=hidden])')]"
            ".filter((node) => node.checkVisibility() && !node.closest('.skip, dd, label.choice'))"
            ".filter((node) => node.getBoundingClientRect().height < 43.5)"
            ".map((node) => node.outerHTML.slice(0, 120))"
        )
    )


def test_static_files_are_kept_by_the_browser(shop: OpenShop) -> None:
    page = httpx.get(f"{shop.base_url}{shop.address}", trust_env=False).text
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]

    reply = httpx.get(f"{shop.base_url}{style}", trust_env=False)

    assert "max-age=31536000" in reply.headers["cache-control"]
