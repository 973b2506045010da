"""The page of the sandbox provider: one button that pays with play money.

It stands outside the shops, as a real provider's page would, and tells the merchant by a signed
callback. It exists only where the sandbox may run.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.response import Redirect

from server.orders import service as orders
from server.payments.gateway import GatewayRefusedError, PaymentAnswer
from server.payments.sandbox import PAGE_PREFIX, SandboxGateway
from server.stores import service as stores
from server.stores.rules import Merchant
from server.web.gateways import sandbox_of
from server.web.site import AnyRequest, Site, json_reply, see_other, wants_json
from shared.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class PlayPayment:
    """What the page shows, and where it leads back to."""

    amount_fen: int
    description: str
    expires_at: datetime
    return_path: str


@get(f"{PAGE_PREFIX}{{number:str}}")
async def sandbox_page(request: AnyRequest, site: Site, number: str) -> Response[str]:
    """Show what is to be paid."""
    merchant, payment = await _found(site, number)
    context = {"merchant_name": merchant.name, "payment": payment, "zone": merchant.zone}
    return site.pages.page(request, "shop/sandbox.html", context)


@post(f"{PAGE_PREFIX}{{number:str}}", status_code=200)
async def pay_at_sandbox(
    request: AnyRequest, site: Site, number: str
) -> Response[bytes] | Redirect:
    """Pay, deliver the callback, and send the buyer back."""
    merchant, payment = await _found(site, number)
    gateway = sandbox_of(site.runtime, merchant.id)
    callback = await asyncio.to_thread(gateway.pay, number)
    answer = gateway.parse_callback(callback, site.runtime.clock())
    keys = site.runtime.keys(merchant.id)
    assert isinstance(answer, PaymentAnswer)
    await site.runtime.write(merchant.id, lambda uow: orders.paid(uow, keys, answer))
    if wants_json(request):
        return json_reply({"status": answer.status, "return": payment.return_path})
    return see_other(payment.return_path)


async def _found(site: Site, number: str) -> tuple[Merchant, PlayPayment]:
    """The payment and whose it is: like a real provider, the page knows only its own number."""
    for merchant in await site.runtime.database.read(stores.merchants):
        gateway: SandboxGateway = sandbox_of(site.runtime, merchant.id)
        try:
            found = await asyncio.to_thread(gateway.look_up, number)
        except GatewayRefusedError:
            continue
        shown = (found.amount_fen, found.description, found.expires_at, found.return_path)
        return merchant, PlayPayment(*shown)
    raise NotFoundError(what="payment")
