"""Tills in the console: the list, adding one with a code and six digits, switching one off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import segno
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from server.console.session import Viewer
from server.holdings import service as holdings
from server.kernel.unit_of_work import UnitOfWork
from server.staff.rules import Permission, require
from server.tills import confirmation, pairing_codes
from server.tills import service as tills
from server.tills.values import IssuedCode, Pairing
from server.web.security import is_https
from server.web.signed_cookie import cookie_seal
from server.web.site import AnyRequest, Site, see_other
from shared.errors import InvalidInputError
from shared.ids import StoreId, TillId

LIST = "/console/tills"
_CODE_COOKIE = "hexiao_pairing_code"
_SECONDS_OF_A_MINUTE = 60


@dataclass
class NewTillForm:
    """Where a till shall stand and what people call it."""

    store: UUID
    till_name: str


@dataclass(frozen=True, slots=True)
class PairingStep:
    """How far a pairing has come, as its page draws it.

    Attributes:
        step: `code` to type it in, `digits` to compare them, `over` when nothing is left to do.
        till_name: how people will call the till.
        store: where it will stand.
        expires_at: when the step ends.
        pairing: of the machine that has shown the code.
        digits: six, or None.
    """

    step: str
    till_name: str = ""
    store: StoreId | None = None
    expires_at: datetime | None = None
    pairing: Pairing | None = None
    digits: str | None = None


@get("/console/tills")
async def till_list(request: AnyRequest, site: Site, viewer: Viewer) -> Response[str]:
    """Every till the viewer may see, and machines that wait for a decision."""
    names = {store.id: store.name for store in viewer.stores}

    def read(uow: UnitOfWork) -> dict[str, object]:
        may_pair = viewer.can(Permission.pair_till)
        waiting = confirmation.waiting_pairings(uow, viewer.person) if may_pair else []
        rows = [row for row in tills.list_tills(uow) if row.store in names]
        return {
            "rows": rows,
            "last_seen": holdings.last_contacts(uow, [row.id for row in rows]),
            "waiting": [pairing for pairing, _ in waiting],
        }

    found = await site.runtime.read(viewer.merchant_id, read)
    context = {**found, "viewer": viewer, "zone": viewer.zone, "store_names": names}
    return site.pages.page(request, "console/tills.html", context)


@get("/console/tills/new", sync_to_thread=False)
def new_till_form(request: AnyRequest, site: Site, viewer: Viewer) -> Response[str]:
    """Ask for the store and the name of a new till."""
    return site.pages.page(
        request, "console/till_new.html", {"viewer": viewer, "stores": viewer.stores}
    )


@post("/console/tills/new", status_code=303)
async def new_till(
    site: Site,
    viewer: Viewer,
    data: Annotated[NewTillForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Make a code.

    Only its hash is stored, so the code itself stays with the browser that asked for it, in a
    cookie that no script reads and that ends with the code.
    """

    def issue(uow: UnitOfWork) -> IssuedCode:
        store = StoreId(data.store)
        root_key = site.runtime.root_key
        return pairing_codes.issue_pairing_code(uow, root_key, store, data.till_name, viewer.person)

    code = await site.runtime.write(viewer.merchant_id, issue)
    address = f"{LIST}/pairing/{code.id}"
    reply = see_other(address)
    reply.set_cookie(
        Cookie(
            key=_CODE_COOKIE,
            value=cookie_seal(site.runtime.root_key, _CODE_COOKIE, viewer.merchant_id).sealed(
                code.text
            ),
            path=address,
            max_age=int((code.expires_at - site.runtime.clock()).total_seconds()),
            httponly=True,
            secure=is_https(site.runtime.settings),
            samesite="strict",
        )
    )
    return reply


@get("/console/tills/pairing/{code_id:uuid}")
async def pairing_page(
    request: AnyRequest, site: Site, viewer: Viewer, code_id: UUID
) -> Response[str]:
    """Show the code until a machine has shown it too, then the digits to compare."""
    step = await site.runtime.read(viewer.merchant_id, lambda uow: _step(uow, viewer, code_id))
    seal = cookie_seal(site.runtime.root_key, _CODE_COOKIE, viewer.merchant_id)
    text = seal.opened(request.cookies.get(_CODE_COOKIE))
    left = int((step.expires_at - site.runtime.clock()).total_seconds()) if step.expires_at else 0
    minutes, seconds = divmod(max(0, left), _SECONDS_OF_A_MINUTE)
    names = {store.id: store.name for store in viewer.stores}
    context = {
        "viewer": viewer,
        "step": step.step,
        "is_open": step.step != "over",
        "till_name": step.till_name,
        "store_name": names.get(step.store, "") if step.store else "",
        "code_text": text,
        "qr": pairing_qr(text) if text else None,
        "minutes_left": minutes,
        "seconds_left": seconds,
        "pairing": step.pairing.id if step.pairing else None,
        "device_name": step.pairing.device_name if step.pairing else "",
        "digits": step.digits,
    }
    return site.pages.page(request, "console/till_pairing.html", context)


def pairing_qr(code_text: str) -> str:
    """The QR code of a pairing code: capital letters and digits only, so that guns type it."""
    qr = segno.make(code_text.replace("-", ""), error="m", micro=False)
    return qr.svg_inline(scale=1, border=4, omitsize=True, dark="#000", light="#fff")


def _step(uow: UnitOfWork, viewer: Viewer, code_id: UUID) -> PairingStep:
    for pairing, digits in confirmation.waiting_pairings(uow, viewer.person):
        if pairing.code == code_id:
            return PairingStep(
                "digits", pairing.till_name, pairing.store, pairing.expires_at, pairing, digits
            )
    for code in pairing_codes.open_codes(uow, viewer.person):
        if code.id == code_id:
            return PairingStep("code", code.till_name, code.store, code.expires_at)
    return PairingStep("over")


@post("/console/pairings/{pairing:uuid}/{decision:str}", status_code=303)
async def decide_pairing(site: Site, viewer: Viewer, pairing: UUID, decision: str) -> Redirect:
    """Confirm a machine whose digits are the same, or refuse it."""
    decide = {"confirm": confirmation.confirm, "refuse": confirmation.refuse}.get(decision)
    if decide is None:
        raise InvalidInputError(decision=decision)
    await site.runtime.write(viewer.merchant_id, lambda uow: decide(uow, pairing, viewer.person))
    return see_other(LIST)


@get("/console/tills/{till:uuid}/revoke")
async def ask_to_revoke(
    request: AnyRequest, site: Site, viewer: Viewer, till: UUID
) -> Response[str]:
    """Say what revoking a till means before it is done."""

    def read(uow: UnitOfWork) -> dict[str, object]:
        row = tills.till_of(uow, TillId(till))
        require(viewer.person, Permission.revoke_till, row.store)
        names = {store.id: store.name for store in viewer.stores}
        return {"till_name": row.name, "store_name": names.get(row.store, "")}

    found = await site.runtime.read(viewer.merchant_id, read)
    return site.pages.page(request, "console/till_revoke.html", {**found, "viewer": viewer})


@post("/console/tills/{till:uuid}/revoke", status_code=303)
async def revoke(site: Site, viewer: Viewer, till: UUID) -> Redirect:
    """Switch a till off."""
    await site.runtime.write(
        viewer.merchant_id, lambda uow: tills.revoke(uow, TillId(till), viewer.person)
    )
    return see_other(LIST)
