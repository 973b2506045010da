"""Who is at the console: the session's cookie, and the person behind it on every request.

The cookie is `short name of the company.token`. Litestar's own session middleware is not used: it
writes to its store on every response and keeps a session id that the browser brought, while here a
log-in makes a new one and a page view writes nothing.
"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.datastructures import Cookie

from server.kernel.database import Connection
from server.kernel.unit_of_work import UnitOfWork
from server.sessions.service import LIFETIME
from server.staff import service as staff
from server.staff.rules import PERMISSIONS, STORE_ROLES, Permission, Person
from server.stores import service as stores
from server.stores.rules import Merchant, Store
from server.web.security import is_https
from server.web.site import AnyRequest, NotLoggedInError, Site
from shared.ids import MerchantId

SESSION_COOKIE = "hexiao_console"
_PATH = "/console"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who looks at a page of the console.

    Attributes:
        person: with the role and stores of this moment.
        merchant: whose console it is.
        stores: the stores the person may see, by number.
        token: of the session.
    """

    person: Person
    merchant: Merchant
    stores: tuple[Store, ...]
    token: str = field(repr=False)

    @property
    def merchant_id(self) -> MerchantId:
        """The tenant of every transaction for this person."""
        return self.merchant.id

    @property
    def merchant_name(self) -> str:
        """As the page's frame shows it."""
        return self.merchant.name

    @property
    def name(self) -> str:
        """Of the person."""
        return self.person.name

    @property
    def role(self) -> str:
        """For the filter that names roles."""
        return self.person.role.value

    @property
    def zone(self) -> ZoneInfo:
        """In which times are written."""
        return self.merchant.zone

    @property
    def sees_everything(self) -> bool:
        """Whether the person belongs to headquarters."""
        return self.person.role not in STORE_ROLES

    @property
    def store_name(self) -> str:
        """The store of somebody who has exactly one, else empty."""
        return self.stores[0].name if not self.sees_everything and len(self.stores) == 1 else ""

    def can(self, permission: str) -> bool:
        """Whether a part of a page is worth showing; the service checks it again."""
        return Permission(permission) in PERMISSIONS[self.person.role]


def cookie_of(site: Site, merchant: Merchant, token: str) -> Cookie:
    """The cookie of a new session."""
    return _cookie(site, f"{merchant.short_name}.{token}", int(LIFETIME.total_seconds()))


def forgotten_cookie(site: Site) -> Cookie:
    """Takes the session's cookie out of the browser."""
    return _cookie(site, "", 0)


def _cookie(site: Site, value: str, max_age_seconds: int) -> Cookie:
    return Cookie(
        key=SESSION_COOKIE,
        value=value,
        path=_PATH,
        max_age=max_age_seconds,
        httponly=True,
        secure=is_https(site.runtime.settings),
        samesite="lax",
    )


async def viewer_of(request: AnyRequest, site: Site) -> Viewer:
    """The person behind a request.

    Raises:
        NotLoggedInError: no cookie, or its session is unknown, ended or expired.
    """
    short_name, _, token = request.cookies.get(SESSION_COOKIE, "").rpartition(".")
    if not short_name:
        raise NotLoggedInError

    def find(connection: Connection) -> Viewer | None:
        merchant = stores.merchant_named(connection, short_name)
        if merchant is None:
            return None
        return _find(site.runtime.begin(connection, merchant.id), merchant, token)

    found = await site.runtime.database.read(find)
    if found is None:
        raise NotLoggedInError
    return found


def _find(uow: UnitOfWork, merchant: Merchant, token: str) -> Viewer | None:
    person = staff.person_of_session(uow, token)
    if person is None:
        return None
    return Viewer(person, merchant, tuple(stores.stores_seen_by(uow, person)), token)


async def provide_viewer(request: Request, site: Site) -> Viewer:  # type: ignore[type-arg]
    """Hand the viewer to a page; Litestar's dependency injection calls it."""
    return await viewer_of(request, site)
