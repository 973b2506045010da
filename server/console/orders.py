"""Orders in the console: the list with what became of each voucher, and refunds by headquarters."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from server.console.query import number_of
from server.console.session import Viewer
from server.orders import service as orders
from server.orders.rules import Stage
from server.orders.service import OrderView
from server.staff.rules import Permission, require
from server.web.site import AnyRequest, Site, see_other
from server.web.texts import VoucherState
from server.web.vouchers import state_of, uses_left
from shared.ids import OrderId

ADDRESS = "/console/orders"
ROWS_OF_A_PAGE = 50
ORDERS_READ_MAX = 500
"""The newest; older ones are found by their number."""
NUMBER_CHARACTERS_MAX = 16


@dataclass(frozen=True, slots=True)
class VoucherCell:
    """A voucher in the list, without its code."""

    product_name: str
    last_four: str
    uses_left: int
    uses_total: int
    state: VoucherState


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order with its vouchers, and whether refunding it is worth offering."""

    view: OrderView
    vouchers: tuple[VoucherCell, ...]
    can_refund: bool


@get(ADDRESS)
async def order_list(request: AnyRequest, site: Site, viewer: Viewer) -> Response[str]:
    """Show orders, newest first; the query's `number`, `stage` and `page` narrow the list."""
    asked = request.query_params
    number = asked.get("number", "").strip()[:NUMBER_CHARACTERS_MAX]
    stage = next((one for one in Stage if one.value == asked.get("stage")), None)
    page = number_of(asked.get("page", ""))
    # A stage is not stored with an order, so a list of one stage is picked out of the newest.
    limit = page * ROWS_OF_A_PAGE + 1 if stage is None else ORDERS_READ_MAX
    views = await site.runtime.read(
        viewer.merchant_id,
        lambda uow: orders.list_orders(uow, viewer.person, limit, number or None),
    )
    kept = [view for view in views if stage is None or view.stage is stage]
    shown = kept[(page - 1) * ROWS_OF_A_PAGE : page * ROWS_OF_A_PAGE]
    context = {
        "viewer": viewer,
        "zone": viewer.zone,
        "number": number,
        "stage": stage.value if stage else "",
        "stages": [one.value for one in Stage],
        "rows": [_row(site, viewer, view) for view in shown],
        "newer_address": _address(number, stage, 1) if page > 1 else "",
        "older_address": _address(number, stage, page + 1)
        if len(kept) > page * ROWS_OF_A_PAGE
        else "",
    }
    return site.pages.page(request, "console/orders.html", context)


@get(f"{ADDRESS}/{{order:uuid}}/refund")
async def ask_to_refund(
    request: AnyRequest, site: Site, viewer: Viewer, order: UUID
) -> Response[str]:
    """Say what a refund means before it is done."""
    require(viewer.person, Permission.refund_order)
    view = await site.runtime.read(
        viewer.merchant_id, lambda uow: orders.view_of(uow, OrderId(order))
    )
    row = _row(site, viewer, view)
    context = {"viewer": viewer, "number": view.order.number, "vouchers": row.vouchers}
    return site.pages.page(request, "console/order_refund.html", context)


@post(f"{ADDRESS}/{{order:uuid}}/refund", status_code=303)
async def refund(site: Site, viewer: Viewer, order: UUID) -> Redirect:
    """Refund on the buyer's behalf; the service checks who may."""
    view = await site.runtime.read(
        viewer.merchant_id, lambda uow: orders.view_of(uow, OrderId(order))
    )
    await site.runtime.write(
        viewer.merchant_id,
        lambda uow: orders.request_refund(uow, OrderId(order), viewer.person),
    )
    return see_other(_address(view.order.number, None, 1))


def _row(site: Site, viewer: Viewer, view: OrderView) -> OrderRow:
    now = site.runtime.clock()
    cells = tuple(
        VoucherCell(
            product_name=one.terms.product_name,
            last_four=one.terms.last_four,
            uses_left=uses_left(one),
            uses_total=one.terms.uses_total,
            state=state_of(one, now),
        )
        for one in view.vouchers
    )
    may = viewer.can(Permission.refund_order) and view.stage is Stage.to_redeem
    return OrderRow(view, cells, may and any(line.refundable for line in view.lines))


def _address(number: str, stage: Stage | None, page: int) -> str:
    values = {
        "number": number,
        "stage": stage.value if stage else "",
        "page": str(page) if page > 1 else "",
    }
    asked = {name: value for name, value in values.items() if value}
    return f"{ADDRESS}?{urlencode(asked)}" if asked else ADDRESS
