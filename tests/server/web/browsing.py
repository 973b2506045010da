"""Chromium for tests: pages that note every broken policy and every request to another host."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 320, "height": 640}
DESK = {"width": 1366, "height": 768}
WITHIN_A_SECOND_MS = 1_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(slots=True)
class Watched:
    """A page, and what it did wrong.

    Attributes:
        page: the browser's page.
        complaints: policies it broke and errors its scripts threw.
        foreign: addresses on other hosts that it asked for.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def has_behaved(self) -> None:
        assert self.complaints == []
        assert self.foreign == []


@contextmanager
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    assert program is not None, "Chromium is missing; `make setup` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, base_url: str, size: dict[str, int], **options: object) -> Watched:
    """A page of a visitor of their own, at a server."""
    named = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | options
    context = browser.new_context(base_url=base_url, viewport=size, **named)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    watched = Watched(context.new_page())
    home = urlsplit(base_url).netloc

    def look_at(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != home:
            watched.foreign.append(address)

    context.on("request", lambda request: look_at(request.url))
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    watched.page.add_init_script(
        "addEventListener('securitypolicyviolation', (event) =>"
        " console.error('policy ' + event.violatedDirective + ' ' + event.blockedURI))"
    )
    watched.page.on(
        "console",
        lambda message: (
            watched.complaints.append(message.text)
            if message.text.startswith("policy ") or "Content Security Policy" in message.text
            else None
        ),
    )
    return watched
