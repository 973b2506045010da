"""Names of stores, tills and clerks, as the facts of a verdict carry them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.holdings import service as holdings
from server.holdings.values import Redemption
from server.kernel.unit_of_work import UnitOfWork
from server.redemption.rules import moment_text
from server.staff import service as staff
from shared.ids import StaffId, StoreId, TillId
from shared.reasons import Fact, FactName


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id; what has no name is left out of the facts."""

    stores: Mapping[StoreId, str]
    tills: Mapping[TillId, str]
    clerks: Mapping[str, str]
    contacts: Mapping[TillId, datetime]

    @staticmethod
    def of(
        uow: UnitOfWork,
        stores: Mapping[StoreId, str],
        tills: Collection[TillId],
        clerks: Collection[str | None],
    ) -> "Names":
        """Read the names of tills and clerks."""
        ids = {clerk: id_ for clerk in clerks if (id_ := _staff_id(clerk)) is not None}
        people = staff.people_named(uow, set(ids.values())) if ids else {}
        clerk_names = {
            clerk: people[id_].short_name
            for clerk, id_ in ids.items()
            if clerk is not None and id_ in people
        }
        return Names(
            stores,
            holdings.till_names(uow, tills),
            clerk_names,
            holdings.last_contacts(uow, tills),
        )

    def facts_of(self, redemption: Redemption) -> list[Fact]:
        """When, where and by whom a voucher was redeemed before."""
        facts = [Fact(FactName.happened_at, moment_text(redemption.happened_at))]
        named = (
            (FactName.store, self.stores.get(redemption.store)),
            (FactName.till, self.tills.get(redemption.till)),
            (FactName.clerk, self.clerks.get(redemption.clerk or "")),
        )
        return facts + [Fact(name, value) for name, value in named if value]

    def holder_facts(self, store: StoreId, till: TillId) -> list[Fact]:
        """Who holds a voucher, and when that till was last heard of."""
        contact = self.contacts.get(till)
        named = (
            (FactName.store, self.stores.get(store)),
            (FactName.till, self.tills.get(till)),
            (FactName.last_contact, moment_text(contact) if contact else None),
        )
        return [Fact(name, value) for name, value in named if value]


def _staff_id(clerk: str | None) -> StaffId | None:
    try:
        return StaffId(UUID(clerk)) if clerk else None
    except ValueError:
        return None
