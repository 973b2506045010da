"""Rules of the till that can be switched off; see `tests.together.mutations`."""

import dataclasses
from datetime import UTC, datetime
from typing import Unpack
from uuid import UUID

import msgspec

from pos_app.core import decision
from pos_app.core.knowledge import Holding, TillKnowledge, VoucherKnowledge
from pos_app.core.presented import ShownToken
from pos_app.services import doubts, feed, till
from pos_app.services.work import EventHeader
from pos_app.storage import grants, journal, schema
from pos_app.storage.database import Connection
from shared import feed as feed_entries
from shared.clock import ClockAnchor, ClockReading, MachineTime
from shared.journal import Intent, JournalEvent, Release, Shown
from shared.reasons import Reason
from shared.wire import EventStatus, GrantKey
from tests.together.switching import Replacement

ONE_IN = 4


def feed_grants_again() -> tuple[Replacement, ...]:
    """A feed entry adds its grant although a token has opened it already."""
    view = schema._GRANT_NOW
    mutated = view.replace(" AND feed_no > (SELECT cursor FROM state)", "")
    assert mutated != view
    steps = tuple(
        tuple(mutated if statement == view else statement for statement in step)
        for step in schema.STEPS
    )
    return (Replacement(schema, "STEPS", steps),)


def token_without_cursor() -> tuple[Replacement, ...]:
    """A token is accepted although the feed has passed its number."""
    right = decision.token_doubt

    def token_doubt(
        shown: ShownToken, voucher: VoucherKnowledge, till: TillKnowledge
    ) -> decision.TokenDoubt | None:
        return right(shown, voucher, dataclasses.replace(till, cursor=0))

    return (Replacement(decision, "token_doubt", token_doubt),)


def token_opens_again() -> tuple[Replacement, ...]:
    """A token opens its grant again although it was opened, or closed, before."""
    return (Replacement(grants, "token_was_seen", lambda _connection, _grant: False),)


def token_of_any_tenure() -> tuple[Replacement, ...]:
    """A token is accepted by whoever is keeper, also from another tenure."""
    return (Replacement(decision, "token_is_authentic", lambda _text, _tenure, _key: True),)


def doubt_forgotten() -> tuple[Replacement, ...]:
    """A request that a cashier gave up is forgotten instead of voided."""

    def void(*, voucher_ref: bytes, uses: int, eid: UUID, **header: Unpack[EventHeader]) -> Shown:
        return Shown(**header, eid=eid, answer=EventStatus.void, reason=Reason.outcome_unknown)

    return (Replacement(doubts, "Void", void),)


def intent_not_written() -> tuple[Replacement, ...]:
    """A request leaves without an intent in the journal."""
    return (_not_written(Intent),)


def answer_not_written() -> tuple[Replacement, ...]:
    """A card turns green before that is in the journal."""
    return (_not_written(Shown),)


def _not_written(kind: type) -> Replacement:
    right = journal.append

    def append(
        connection: Connection, draft: JournalEvent, *, undone_grant: GrantKey | None = None
    ) -> JournalEvent:
        if isinstance(draft, kind):
            return draft
        return right(connection, draft, undone_grant=undone_grant)

    return Replacement(journal, "append", append)


def loss_not_heard() -> tuple[Replacement, ...]:
    """A keeper goes on after it has heard that it was declared lost."""
    return (Replacement(feed._APPLY, feed_entries.Lost, lambda _reading, _entry: None),)


def end_without_release() -> tuple[Replacement, ...]:
    """A keeper that was replaced leaves without giving back what it holds."""

    def end(reading: feed._Reading, entry: feed_entries.End) -> None:
        if entry.tenure == reading.tenure:
            feed._leave_tenure(reading)

    return (Replacement(feed._APPLY, feed_entries.End, end),)


def recall_not_heard() -> tuple[Replacement, ...]:
    """A keeper does not answer a recall."""
    return (Replacement(feed._APPLY, feed_entries.RecallEntry, lambda _reading, _entry: None),)


def feed_skips_entries() -> tuple[Replacement, ...]:
    """The cursor passes a grant that was never applied."""
    right = feed._apply

    def apply(reading: feed._Reading, raw: msgspec.Raw | bytes) -> None:
        if feed_entries.entry_number(raw) % ONE_IN:
            right(reading, raw)

    return (Replacement(feed, "_apply", apply),)


def release_too_little() -> tuple[Replacement, ...]:
    """A keeper that gives back keeps one use for itself."""

    def release(*, grant: GrantKey, uses: int, **header: Unpack[EventHeader]) -> Release:
        return Release(**header, grant=grant, uses=max(0, uses - 1))

    return (Replacement(feed, "Release", release),)


def lease_ignored() -> tuple[Replacement, ...]:
    """A till uses what it holds for ever without contact."""
    return (Replacement(TillKnowledge, "lease_is_over", property(lambda _till: False)),)


def expiry_ignored() -> tuple[Replacement, ...]:
    """A till redeems what it holds after the end of its validity."""
    right = decision.judge_held

    def judge_held(
        holding: Holding, voucher: VoucherKnowledge, till: TillKnowledge, uses: int
    ) -> Reason:
        endless = dataclasses.replace(holding, valid_until=datetime.max.replace(tzinfo=UTC))
        return right(endless, voucher, till, uses)

    return (Replacement(decision, "judge_held", judge_held),)


def wall_clock_trusted() -> tuple[Replacement, ...]:
    """A till believes its wall clock, whoever has set it."""

    def read_clock(
        machine: MachineTime, _anchor: ClockAnchor | None, _latest: datetime | None
    ) -> ClockReading:
        return ClockReading(machine.wall, trusted=True)

    return (Replacement(till, "read_clock", read_clock),)


MUTATIONS = (
    lease_ignored,
    expiry_ignored,
    wall_clock_trusted,
    feed_grants_again,
    token_without_cursor,
    token_opens_again,
    token_of_any_tenure,
    doubt_forgotten,
    intent_not_written,
    answer_not_written,
    loss_not_heard,
    end_without_release,
    recall_not_heard,
    feed_skips_entries,
    release_too_little,
)
