"""A chain open for business: staff who can log in, two products, shop and console served."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from server.bench.scripted_till import ScriptedTill
from server.catalog import service as catalog
from server.distribution import service as distribution
from server.holdings import service as holdings
from server.kernel.unit_of_work import UnitOfWork
from server.staff import service as staff
from server.staff.passwords import hash_password
from server.staff.rules import Person, Role
from server.stores import service as stores
from server.web.security import CSRF_COOKIE, CSRF_HEADER
from shared.feed import GrantEntry, decode_entry
from shared.ids import DistributorId, EventId, ProductId, StaffId, VoucherRef
from shared.journal import Undo, UndoTo
from shared.wire import GrantKey
from tests.server.api.running_server import World, serving, world_in

PASSWORD = "correct horse battery"
COFFEE = 7
COFFEE_CARD = 8
JSON = {"Accept": "application/json"}
CODE_ON_PAGE = re.compile(r"<span>(\d{4})</span><span>(\d{4})</span><span>(\d{4})</span>")


@dataclass(slots=True)
class OpenShop:
    """A served chain; people are `admin`, `manager` of store 0 and `clerk` of store 1."""

    world: World
    link_code: str
    visits: ExitStack

    @property
    def base_url(self) -> str:
        return self.world.base_url

    @property
    def address(self) -> str:
        return "/s/sample"

    def store_id(self, number: int) -> str:
        return str(self.world.store(number))

    def visitor(self, **headers: str) -> httpx.Client:
        """Somebody with a cookie jar; redirects are not followed."""
        client = httpx.Client(base_url=self.base_url, headers=headers, timeout=30, trust_env=False)
        return self.visits.enter_context(client)

    def redeem(self, till: ScriptedTill, ref: bytes, uses: int = 1) -> UUID:
        """Redeem a voucher that the till's feed has granted to it, and send the event."""
        till.sync()
        grant = next(
            entry
            for raw in reversed(till.feed)
            if isinstance(entry := decode_entry(raw), GrantEntry) and entry.voucher_ref == ref
        )
        eid = uuid7()
        key = GrantKey(grant.tenure, grant.feed_no)
        till.sync([till.redeem(eid, ref, key, uses)])
        return eid

    def take_back(self, till: ScriptedTill, eid: UUID, uses: int = 1) -> None:
        """Undo a redemption and send the event."""
        till.sync([till.write(Undo, eid=EventId(eid), uses=uses, to=UndoTo.grant)])

    def held(self, ref: bytes) -> int:
        """Uses that tills hold."""
        view = self.world.do(lambda uow: holdings.holding_of(uow, VoucherRef(ref)))
        assert view is not None
        return view.out


def post(client: httpx.Client, address: str, **fields: object) -> httpx.Response:
    """Send a form the way a browser does, with the token of the last page."""
    if CSRF_COOKIE not in client.cookies:
        client.get("/console/login")
    return client.post(
        address,
        data={name: str(value) for name, value in fields.items()},
        headers={CSRF_HEADER: client.cookies[CSRF_COOKIE]},
    )


def log_in(client: httpx.Client, login: str, password: str = PASSWORD) -> httpx.Response:
    return post(client, "/console/login", login=login, password=password)


def buy(
    shop: OpenShop, client: httpx.Client, *, product: int = COFFEE, store: int | None = None
) -> dict[str, object]:
    """Order, pay and read the voucher, all as JSON; the code page's answer."""
    placed = post(
        client,
        f"{shop.address}/orders",
        product=product,
        quantity=1,
        store="" if store is None else shop.store_id(store),
    ).json()
    post(client, placed["pay"])
    order = client.get(placed["result"]).json()
    page: dict[str, object] = client.get(order["vouchers"][0]["line"]["address"]).json()
    return page


@contextmanager
def open_shop_in(database_url: str, folder: Path, workers: int) -> Iterator[OpenShop]:
    with world_in(database_url, folder) as world:
        link_code = world.do(_open_for_business(world))
        with serving(world, workers=workers), ExitStack() as visits:
            yield OpenShop(world, link_code, visits)


def _open_for_business(world: World) -> Callable[[UnitOfWork], str]:
    password_hash = hash_password(PASSWORD)

    def work(uow: UnitOfWork) -> str:
        people = (("admin", Role.platform_admin, None), ("manager", Role.store_manager, 0))
        for login, role, at in (*people, ("clerk", Role.clerk, 1)):
            where = None if at is None else frozenset({world.store(at)})
            one = Person(StaffId(uow.new_id()), login, f"Name of {login}", login, role, where, True)
            staff.save_person(uow, None, one)
            staff.set_password_hash(uow, None, one.id, password_hash)
        for store_id in world.chain.stores[:2]:
            store = stores.store_of(uow, store_id)
            stores.save_store(
                uow,
                None,
                replace(store, address="1 Lake Road", phone="000-0000-0001", hours="10:00–21:00"),
            )
        card = replace(
            world.chain.product,
            id=ProductId(uow.new_id()),
            number=COFFEE_CARD,
            name="Coffee card",
            description="Ten cups, one price",
            uses_per_unit=10,
            per_visit_uses_max=5,
            price_fen=9_900,
            face_fen=15_000,
        )
        catalog.save_product(uow, None, card)
        sender = distribution.join(uow, None, DistributorId(uow.new_id()), "Sender")
        distribution.accept_agreement(uow, sender.id)
        return sender.link_code

    return work
