"""The check of the books in the console."""

from litestar import Response, get

from server.console.session import Viewer
from server.reports.books import ledger_check
from server.web.site import AnyRequest, Site


@get("/console/ledger")
async def ledger_page(request: AnyRequest, site: Site, viewer: Viewer) -> Response[str]:
    """Show the balances of all accounts and every finding; "in order" in words."""
    check = await site.runtime.read(
        viewer.merchant_id, lambda uow: ledger_check(uow, viewer.person)
    )
    shown = [line for line in check.lines if line.balance_fen]
    context = {
        "viewer": viewer,
        "zone": viewer.zone,
        "checked_at": site.runtime.clock(),
        "findings": check.findings,
        "balances": shown,
        "debit_fen": sum(line.balance_fen for line in shown if line.balance_fen > 0),
        "credit_fen": -sum(line.balance_fen for line in shown if line.balance_fen < 0),
    }
    return site.pages.page(request, "console/ledger.html", context)
