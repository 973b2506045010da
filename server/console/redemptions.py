"""The live list of redemptions in the console."""

from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get
from litestar.response import ServerSentEvent

from server.console.query import day_of, number_of, store_of
from server.console.session import Viewer
from server.kernel.watcher import redemption_news
from server.reports.redemptions import redemption_page
from server.reports.values import RedemptionPage, RedemptionQuery, RedemptionRow
from server.web.site import AnyRequest, Site
from server.web.streams import news_stream

ADDRESS = "/console/redemptions"
FRESH = timedelta(seconds=8)
"""So long a new line is highlighted."""


def list_address(store: UUID | None, day: date | None, page: int = 1) -> str:
    """The stable address of a filtered list; every total in the console leads to one."""
    values = {
        "store": str(store) if store else "",
        "day": day.isoformat() if day else "",
        "page": str(page) if page > 1 else "",
    }
    asked = {name: value for name, value in values.items() if value}
    return f"{ADDRESS}?{urlencode(asked)}" if asked else ADDRESS


@get(ADDRESS)
async def redemption_list(request: AnyRequest, site: Site, viewer: Viewer) -> Response[str]:
    """Show redemptions, newest change first; the first page keeps itself up to date.

    The query's `store`, `day` and `page` are all that the list depends on.
    """
    asked = request.query_params
    query = RedemptionQuery(
        store_of(asked.get("store", "")),
        day_of(asked.get("day", "")),
        number_of(asked.get("page", "")),
    )
    seen = site.runtime.watcher.newest(redemption_news(viewer.merchant_id))
    found = await site.runtime.read(
        viewer.merchant_id, lambda uow: redemption_page(uow, viewer.person, query)
    )
    context = {
        "viewer": viewer,
        "zone": viewer.zone,
        "stores": viewer.stores,
        "store": query.store,
        "day": query.day,
        "rows": found.rows,
        "fresh": _fresh(site, found.rows),
        "totals": found.totals,
        "news_address": f"{ADDRESS}/news?after={seen}" if query.page == 1 else "",
        "newer_address": list_address(query.store, query.day) if query.page > 1 else "",
        "older_address": _older(query, found),
    }
    return site.pages.page(request, "console/redemptions.html", context)


@get(f"{ADDRESS}/news", sync_to_thread=False)
def redemption_news_stream(site: Site, viewer: Viewer, after: int = 0) -> ServerSentEvent:
    """Tell the list whenever there is something to look at; it carries no content."""
    return news_stream(site.runtime.watcher, redemption_news(viewer.merchant_id), after)


def _older(query: RedemptionQuery, found: RedemptionPage) -> str:
    return list_address(query.store, query.day, query.page + 1) if found.has_older else ""


def _fresh(site: Site, rows: tuple[RedemptionRow, ...]) -> set[UUID]:
    since = site.runtime.clock() - FRESH
    return {row.eid for row in rows if row.received_at >= since}
