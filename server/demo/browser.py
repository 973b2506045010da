"""Eyes of headquarters and of buyers: Chromium without a window, and pictures of its pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from server.demo.waiting import StepFailedError

PAGE_MS = 10_000
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Browsers:
    """One Chromium and two people with a page each.

    Attributes:
        phone: a buyer's.
        desk: headquarters'.
    """

    phone: Page
    desk: Page


@contextmanager
def open_browsers() -> Iterator[Browsers]:
    """Start Chromium; leaving the block ends it.

    Raises:
        StepFailedError: no Chromium is installed, or it does not start.
    """
    with sync_playwright() as playwright:
        browser = _start(playwright)
        try:
            yield Browsers(
                phone=_page(browser, PHONE, scale=2, is_mobile=True),
                desk=_page(browser, DESK, scale=1, is_mobile=False),
            )
        finally:
            browser.close()


def photograph_page(page: Page, path: Path) -> None:
    """Write what a page shows now to a PNG file.

    Raises:
        StepFailedError: the page is gone.
    """
    try:
        page.screenshot(path=path, animations="disabled")
    except PlaywrightError as error:
        raise StepFailedError(f"no picture of {page.url}: {error.message}") from error


def _start(playwright: Playwright) -> Browser:
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None:
        raise StepFailedError("Chromium; `make setup` installs it")
    # Chromium's sandbox refuses to run as root, as it would be in a container.
    arguments = ["--lang=zh-CN", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return playwright.chromium.launch(executable_path=program, args=arguments)


def _page(browser: Browser, size: dict[str, int], *, scale: int, is_mobile: bool) -> Page:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        device_scale_factor=scale,
        is_mobile=is_mobile,
        has_touch=is_mobile,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(PAGE_MS)
    return context.new_page()
