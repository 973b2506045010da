"""What every store redeemed on one business day."""

from litestar import Response, get

from server.console.query import day_of
from server.console.redemptions import list_address
from server.console.session import Viewer
from server.reports.redemptions import store_days
from server.reports.values import Totals
from server.web.site import AnyRequest, Site
from shared.clock import business_day


@get("/console/stores")
async def stores_page(
    request: AnyRequest, site: Site, viewer: Viewer, day: str = ""
) -> Response[str]:
    """Show the totals of a day, today's unless another is asked for."""
    cutoff_hours = viewer.merchant.policy.day_cutoff_hours
    shown = day_of(day) or business_day(site.runtime.clock(), viewer.zone, cutoff_hours)
    days = await site.runtime.read(
        viewer.merchant_id, lambda uow: store_days(uow, viewer.person, shown)
    )
    total = Totals()
    for one in days:
        total = total.plus(one.totals)
    context = {
        "viewer": viewer,
        "zone": viewer.zone,
        "day": shown,
        "cutoff_hour": cutoff_hours,
        "rows": [
            {
                "store": one.store,
                "totals": one.totals,
                "address": list_address(one.store.id, shown),
            }
            for one in days
        ],
        "total": total,
        "total_address": list_address(None, shown),
    }
    return site.pages.page(request, "console/stores.html", context)
