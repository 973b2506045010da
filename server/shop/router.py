"""Binds the shop's pages together: addresses, form protection, and how problems look."""

from pathlib import Path
from typing import Annotated

from litestar import Request, Response, Router, get
from litestar.di import Provide
from litestar.params import Parameter
from litestar.response import Redirect

from server.kernel.settings import Environment
from server.shop.code_page import choose_store, code_news, code_page
from server.shop.ordering import order_form, place_order
from server.shop.orders import ask_for_refund, my_orders, one_order, refund_form
from server.shop.paying import pay_order, payment_result
from server.shop.sandbox_page import pay_at_sandbox, sandbox_page
from server.shop.shelf import distributor_link, home, product_page
from server.shop.visit import Shop, shop_address, shop_of
from server.stores import service as stores
from server.web.assets import STATIC_FOLDERS
from server.web.problems import Problem
from server.web.security import csrf_protection
from server.web.site import AnyRequest, Site, problem_handlers, see_other

_WORKER: Path = STATIC_FOLDERS[0] / "service-worker.js"


@get("/")
async def front_door(site: Site) -> Redirect:
    """Lead to the shop where there is only one, else to the console."""
    every = await site.runtime.database.read(stores.merchants)
    return see_other(shop_address(every[0]) if len(every) == 1 else "/console")


@get("/service-worker.js", sync_to_thread=False)
def service_worker() -> Response[bytes]:
    """The script that keeps code pages for use without a network; its place sets its scope."""
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(_WORKER.read_bytes(), media_type="text/javascript", headers=headers)


def shop_router(site: Site) -> Router:
    """Every page of every shop, and the sandbox provider's where it may run."""

    def provide_site() -> Site:
        return site

    def draw(request: AnyRequest, problem: Problem, status: int) -> Response[str]:
        return site.pages.page(request, "message.html", {"problem": problem}, status)

    async def provide_shop(
        request: Request,  # type: ignore[type-arg]
        short_name: Annotated[str, Parameter(max_length=31)],
    ) -> Shop:
        return await shop_of(request, site, short_name)

    of_shop = Router(
        path="/s/{short_name:str}",
        route_handlers=[
            *(home, product_page, distributor_link, order_form, place_order),
            *(pay_order, payment_result, my_orders, one_order, refund_form, ask_for_refund),
            *(code_page, code_news, choose_store, service_worker),
        ],
        dependencies={"shop": Provide(provide_shop)},
    )
    settings = site.runtime.settings
    sandbox = [sandbox_page, pay_at_sandbox]
    return Router(
        path="/",
        route_handlers=[
            front_door,
            of_shop,
            *(sandbox if settings.environment is not Environment.production else ()),
        ],
        dependencies={"site": Provide(provide_site, sync_to_thread=False)},
        middleware=[csrf_protection(site.runtime.root_key, settings)],
        exception_handlers=problem_handlers(site, draw),
    )
