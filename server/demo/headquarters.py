"""People of the chain at the console, in a real browser."""

import re

from playwright.sync_api import Page

from server.demo.waiting import StepFailedError, until

DIGITS_SECONDS = 30.0


class Headquarters:
    """One person at the console.

    Args:
        desk: a browser's page.
        address: of the server.
    """

    def __init__(self, desk: Page, address: str) -> None:
        self.desk = desk
        self._address = address

    def log_in(self, login: str, password: str) -> None:
        """Log in as a person does.

        Raises:
            StepFailedError: the console does not open.
        """
        self.open("/console/login")
        self.desk.fill("input[name=login]", login)
        self.desk.fill("input[name=password]", password)
        self.desk.click("form[action='/console/login'] button")
        if "/console/login" in self.desk.url:
            raise StepFailedError(f"{login} cannot log in: {self.desk.inner_text('main')[:200]}")

    def open(self, path: str) -> None:
        """Go to a page of the console."""
        self.desk.goto(f"{self._address}{path}", wait_until="load")

    def new_till_code(self, store: str, till_name: str) -> str:
        """Ask for a new till at a store; returns the code to type into it."""
        self.open("/console/tills/new")
        self.desk.select_option("select[name=store]", label=store)
        self.desk.fill("input[name=till_name]", till_name)
        self.desk.click("form[action='/console/tills/new'] button")
        return self.desk.inner_text("#pairing-code").strip()

    def pairing_digits(self) -> str:
        """The six digits on the page of the till that is being added."""
        page = self.desk
        page.wait_for_selector("#pairing-digits", timeout=DIGITS_SECONDS * 1000)
        return re.sub(r"\D", "", page.inner_text("#pairing-digits"))

    def confirm_digits(self) -> None:
        """Press "the digits are the same"."""
        self.desk.click("form[action$='/confirm'] button")

    def redemption_rows(self) -> list[str]:
        """The rows of the live list as it stands now, without loading it again."""
        return [row.inner_text() for row in self.desk.query_selector_all("#rows tr")]

    def redeemed_value(self) -> str:
        """The sum above the live list."""
        return self.desk.inner_text("#total-value").strip()

    def wait_until_live(self) -> None:
        """Wait until the open page hears of news by itself."""
        self.desk.wait_for_selector("#live[data-state=on]")

    def wait_for_row(self, *words: str, seconds: float) -> str:
        """Wait until a row of the live list holds all the words; nothing is reloaded.

        Raises:
            StepFailedError: none does in time.
        """

        def look() -> str | None:
            rows = self.redemption_rows()
            return next((row for row in rows if all(word in row for word in words)), None)

        return until(look, f"a row with {' and '.join(words)} in the console", seconds=seconds)

    def refund(self, order_number: str) -> None:
        """Refund what is left of an order."""
        self.open("/console/orders")
        row = self.desk.locator("tr", has_text=order_number)
        row.locator("a[href$='/refund']").click()
        self.desk.click("form[action$='/refund'] button")
