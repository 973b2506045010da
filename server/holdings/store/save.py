"""Saves what a batch changed in the books.

Rows locked at the beginning come first; numbers from rows that everyone shares come last.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from server.holdings.rules.facts import Alarm, CaseClosed, CaseOpened, Fact
from server.holdings.rules.records import EventRecord, Grant, Holding, Tenure
from server.holdings.states import AlarmKind
from server.holdings.store.load import OpenBooks
from server.holdings.tables import (
    ALARM,
    CASE,
    COUNTER,
    EVENT,
    EVENT_CHARGE,
    GRANT,
    HOLDING,
    PENDING_PROVISIONAL,
    TENURE,
)
from server.kernel.bulk import insert_rows, update_rows
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import EventId, TillId

NEWS = "news"
TENURES = "tenures"
_POOLS = ("held", "out", "redeemed", "refunded")


def save_holdings(connection: Connection, merchant: object, opened: OpenBooks) -> None:
    """Write the holdings that changed, each only if it still is as it was read."""
    changed = [
        (opened.before.holdings[ref], holding)
        for ref, holding in opened.books.holdings.items()
        if holding != opened.before.holdings[ref]
    ]
    rows = [_holding_row(merchant, before, after) for before, after in changed]
    update_rows(connection, HOLDING, ("merchant", "voucher"), _POOLS, rows)
    for before, after in changed:
        if before.pending != after.pending:
            _save_pending(connection, merchant, after)


def _holding_row(merchant: object, before: Holding, after: Holding) -> dict[str, Any]:
    return {
        "merchant": merchant,
        "voucher": after.voucher,
        "before_held": before.held,
        "before_out": before.out,
        "before_redeemed": before.redeemed,
        "before_refunded": before.refunded,
        "held": after.held,
        "out": after.out,
        "redeemed": after.redeemed,
        "refunded": after.refunded,
        "value_left_fen": after.value_left_fen,
        "refunded_fen": after.refunded_fen,
        "refund_state": after.refund_state.value,
        "pending": len(after.pending),
    }


def _save_pending(connection: Connection, merchant: object, after: Holding) -> None:
    table = PENDING_PROVISIONAL.c
    connection.execute(
        delete(PENDING_PROVISIONAL).where(
            table.merchant == merchant, table.voucher == after.voucher
        )
    )
    rows = [
        {"merchant": merchant, "voucher": after.voucher, "arrival_no": number, "eid": eid}
        for number, eid in enumerate(after.pending, 1)
    ]
    insert_rows(connection, PENDING_PROVISIONAL, rows)


def save_grants(connection: Connection, merchant: object, opened: OpenBooks) -> None:
    """Write the grants that changed and those that are new."""
    before = opened.before.grants
    changed = [
        {
            "merchant": merchant,
            "tenure": key.tenure,
            "feed_no": key.feed_no,
            "before_out": before[key].out,
            "before_state": before[key].state.value,
            "out": grant.out,
            "state": grant.state.value,
        }
        for key, grant in opened.books.grants.items()
        if key in before and grant != before[key]
    ]
    keys = ("merchant", "tenure", "feed_no")
    update_rows(connection, GRANT, keys, ("out", "state"), changed)
    new = [grant for key, grant in opened.books.grants.items() if key not in before]
    insert_rows(connection, GRANT, [_grant_row(merchant, grant) for grant in new])


def _grant_row(merchant: object, grant: Grant) -> dict[str, Any]:
    return {
        "merchant": merchant,
        "tenure": grant.key.tenure,
        "feed_no": grant.key.feed_no,
        "voucher": grant.voucher,
        "k": grant.uses,
        "out": grant.out,
        "state": grant.state.value,
        "random_bits": grant.random_bits,
        "granted_at": grant.granted_at,
    }


def save_tenures(connection: Connection, merchant: object, opened: OpenBooks) -> None:
    """Write the tenures that changed."""
    before = opened.before.tenures
    for number, tenure in sorted(opened.books.tenures.items()):
        if tenure != before[number]:
            _save_tenure(connection, merchant, before[number], tenure)


def _save_tenure(connection: Connection, merchant: object, before: Tenure, after: Tenure) -> None:
    # The risk is added, because another transaction may add the value of other grants meanwhile.
    table = TENURE.c
    connection.execute(
        update(TENURE)
        .where(table.merchant == merchant, table.number == after.number)
        .values(
            state=after.state.value if before.state is not after.state else table.state,
            ended_at=after.ended_at if before.ended_at != after.ended_at else table.ended_at,
            halted=after.halted if before.halted != after.halted else table.halted,
            risk_fen=table.risk_fen + (after.risk_fen - before.risk_fen),
        )
    )


def save_events(connection: Connection, merchant: object, opened: OpenBooks) -> None:
    """Write events that are new or changed, each with a number of its own in the news."""
    before = opened.before.events
    fresh = [event for eid, event in opened.books.events.items() if event != before.get(eid)]
    if not fresh:
        return
    news_no = take_numbers(connection, merchant, NEWS, len(fresh))
    for event in fresh:
        event.news_no = news_no
        news_no += 1
    new = [_event_row(merchant, event) for event in fresh if event.eid not in before]
    insert_rows(connection, EVENT, new)
    changed = [_event_change(merchant, event) for event in fresh if event.eid in before]
    update_rows(connection, EVENT, ("merchant", "eid"), (), changed)
    insert_rows(connection, EVENT_CHARGE, _new_charges(merchant, opened, fresh))


def _event_row(merchant: object, event: EventRecord) -> dict[str, Any]:
    return _event_change(merchant, event) | {
        "intent_hash": event.intent_hash,
        "voucher": event.voucher,
        "n": event.uses,
        "facts": event.facts,
        "lane": event.lane.value,
        "maker": event.maker,
        "till": event.place.till,
        "store": event.place.store,
        "clerk": event.place.clerk,
        "happened_at": event.place.happened_at,
        "first_seen": event.first_seen,
    }


def _event_change(merchant: object, event: EventRecord) -> dict[str, Any]:
    grant = event.charged_grant
    return {
        "merchant": merchant,
        "eid": event.eid,
        "value_fen": event.value_fen,
        "status": event.status.value,
        "reason": event.reason.value,
        "charge": event.charge.value,
        "charge_tenure": grant.tenure if grant else None,
        "charge_feed_no": grant.feed_no if grant else None,
        "late": event.late,
        "news_no": event.news_no,
    }


def _new_charges(
    merchant: object, opened: OpenBooks, events: Iterable[EventRecord]
) -> list[dict[str, Any]]:
    rows = []
    for event in events:
        before = opened.before.events.get(event.eid)
        known = before.charges if before else frozenset()
        rows += [
            {
                "merchant": merchant,
                "eid": event.eid,
                "tenure": key.tenure,
                "feed_no": key.feed_no,
            }
            for key in sorted(event.charges - known)
        ]
    return rows


def take_numbers(connection: Connection, merchant: object, name: str, count: int) -> int:
    """Take numbers of a merchant under a row lock, which makes them follow the commits.

    Returns:
        The first of `count` numbers in a row.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    inserted = dialect.insert(COUNTER).values(merchant=merchant, name=name, value=count)
    statement = inserted.on_conflict_do_update(
        index_elements=[COUNTER.c.merchant, COUNTER.c.name],
        set_={"value": COUNTER.c.value + inserted.excluded.value},
    ).returning(COUNTER.c.value)
    last: int = connection.execute(statement).scalar_one()
    return last - count + 1


def save_cases_and_alarms(uow: UnitOfWork, facts: Iterable[Fact]) -> None:
    """Open and close cases in the order in which it happened, and keep alarms."""
    opened: dict[EventId, dict[str, Any]] = {}
    for fact in facts:
        match fact:
            case CaseOpened(eid, kind):
                opened[eid] = {"id": uow.new_id(), "eid": eid, "kind": kind.value, "closed": None}
            case CaseClosed(eid):
                if eid in opened:
                    opened[eid]["closed"] = uow.now
                else:
                    _close_case(uow, eid)
            case Alarm(kind, till, detail):
                insert_alarm(uow, kind, till, detail)
            case _:
                pass
    case_columns = {"merchant": uow.merchant, "owner": None, "ledger_entry": None}
    cases = [case_columns | row | {"opened": uow.now} for row in opened.values()]
    insert_rows(uow.connection, CASE, cases)


def insert_alarm(uow: UnitOfWork, kind: AlarmKind, till: TillId, detail: str) -> None:
    """Keep one alarm."""
    row = {
        "merchant": uow.merchant,
        "id": uow.new_id(),
        "kind": kind.value,
        "till": till,
        "detail": detail,
        "raised_at": uow.now,
    }
    insert_rows(uow.connection, ALARM, [row])


def _close_case(uow: UnitOfWork, eid: EventId) -> None:
    uow.connection.execute(
        update(CASE)
        .where(CASE.c.merchant == uow.merchant, CASE.c.eid == eid, CASE.c.closed.is_(None))
        .values(closed=uow.now)
    )
