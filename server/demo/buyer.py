"""A customer: buys in the shop over HTTP, and shows the code page on a phone."""

import re
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from playwright.sync_api import Page

from server.demo.screen import Picture
from server.demo.visitor import PageSeen, Visitor
from server.demo.waiting import StepFailedError, expect, until
from shared.voucher_code import VoucherCode, parse_code

ANY_STORE = "还不确定"
_QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_CODE = re.compile(r"\b(\d{4}) (\d{4}) (\d{4})\b")


@dataclass(frozen=True, slots=True)
class Purchase:
    """One voucher that was bought and paid.

    Attributes:
        product: its number.
        store: the store the buyer chose, or None.
        code: its twelve digits.
        page: address of its code page.
        buyer: who can open that page.
    """

    product: int
    store: str | None
    code: VoucherCode
    page: str
    buyer: "Buyer"

    @property
    def last_four(self) -> str:
        """The end of the code, by which tills and lists name it."""
        return self.code[-4:]


class Buyer:
    """One customer's visits to one shop.

    Args:
        address: of the server.
        shop: short name of the chain.
        link_code: of the distributor who sent the buyer, or None.
    """

    def __init__(self, address: str, shop: str, link_code: str | None = None) -> None:
        self._visitor = Visitor(address)
        self._shop = f"/s/{shop}"
        if link_code is not None:
            self._visitor.open(f"{self._shop}/d/{link_code}")

    def buy(self, product: int, store: str | None) -> Purchase:
        """Order one piece, pay it at the sandbox provider and open its code page.

        Args:
            product: its number.
            store: name of the store where it will be used, None for "I do not know yet".

        Raises:
            StepFailedError: any page on the way was not what it should be.
        """
        form = self._visitor.open(f"{self._shop}/p/{product}/buy").form_to("/orders")
        chosen = form.choice("store", store) if store else ""
        to_pay = self._visitor.send(form, store=chosen, quantity="1")
        paid = self._visitor.send(to_pay.form_to("/pay"))
        page = self._code_page(paid)
        return Purchase(product, store, code_on(page), page.url, self)

    def look(self, purchase: Purchase) -> PageSeen:
        """Open a voucher's page again."""
        return self._visitor.open(purchase.page)

    def ask_for_refund(self, purchase: Purchase) -> PageSeen:
        """Ask for a refund as the code page offers it."""
        refund = self._visitor.open(self.look(purchase).link_to("/refund"))
        return self._visitor.send(refund.form_to("/refund"))

    def show_on(self, phone: Page, purchase: Purchase) -> None:
        """Open a voucher's page on a phone that is this buyer's."""
        phone.context.clear_cookies()
        phone.context.add_cookies(
            [
                {"name": name, "value": value, "url": purchase.page}
                for name, value in self._visitor.cookies().items()
            ]
        )
        phone.goto(purchase.page, wait_until="load")

    def _code_page(self, page: PageSeen) -> PageSeen:
        """From wherever the payment led to, to the code page of the one voucher."""
        if _CODE.search(page.words):
            return page
        return self._visitor.open(page.link_to("/v/"))


def code_on(page: PageSeen) -> VoucherCode:
    """The twelve digits that stand on a code page.

    Raises:
        StepFailedError: none do.
    """
    for groups in _CODE.findall(page.words):
        code = parse_code("".join(groups))
        if code is not None:
            return code
    raise StepFailedError(f"no code on {page.url}: {page.words[:200]}")


def picture_of(phone: Page) -> Picture:
    """What is on the phone's screen."""
    drawn = np.frombuffer(phone.screenshot(animations="disabled"), np.uint8)
    picture = cv2.imdecode(drawn, cv2.IMREAD_COLOR)
    expect(picture is not None, "a picture of the phone")
    return np.asarray(picture, np.uint8)


def qr_on(phone: Page) -> str:
    """What a barcode gun reads from the phone's screen.

    Raises:
        StepFailedError: there is no QR code on it.
    """

    def read() -> str | None:
        found = zxingcpp.read_barcodes(picture_of(phone), formats=_QR_CODES)
        return found[0].text if found else None

    return until(read, "a QR code on the phone")
