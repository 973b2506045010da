"""The feed: each entry applied exactly once, in any company of tokens, scans and repeats."""

from uuid import uuid5

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.core.knowledge import Standing
from pos_app.core.verdict import Verdict
from pos_app.services.feed import FeedGapError
from pos_app.services.till import Attempt
from pos_app.storage import grants, journal
from pos_app.storage.copies import product
from pos_app.storage.database import Connection
from pos_app.storage.state import read_state
from shared.feed import OutcomeEntry, Product, Reverse, Revoked
from shared.journal import Release, TenureDone, Undo, UndoTo, decode_event
from shared.reasons import Reason
from shared.voucher_code import code_from_body
from shared.wire import EventStatus, GrantKey, Outcome
from tests.pos_app.tills import CODE, NOW, TENURE, Counter, paired

OTHER_CODE = code_from_body(2)


def open_grants(counter: Counter) -> list[tuple[GrantKey, int]]:
    return counter.database.read(grants.open_grants)


def events(counter: Counter) -> list[object]:
    return [decode_event(raw) for raw in counter.till.sync_request().events]


def scan(counter: Counter, text: str = CODE) -> Verdict:
    answer = counter.till.redeem(Attempt(text))
    assert isinstance(answer, Verdict)
    return answer


def tombstones(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM tombstone").scalar_one())


class TestGrant:
    def test_opens_a_holding(self) -> None:
        counter = paired()
        counter.hear(counter.grant(uses=3))
        assert open_grants(counter) == [(GrantKey(TENURE, 2), 3)]

    def test_of_another_tenure_only_moves_the_cursor(self) -> None:
        counter = paired()
        counter.hear(counter.grant(tenure=TENURE + 1))
        assert open_grants(counter) == []
        assert counter.till.sync_request().cursor == 2

    def test_that_a_token_brought_first_counts_once(self) -> None:
        counter = paired()
        grant = counter.grant(uses=2)
        scan(counter, counter.token(grant))
        counter.hear(grant)
        assert open_grants(counter) == [(GrantKey(TENURE, 2), 1)]


class TestRecall:
    def test_releases_what_is_left_behind_the_redemption(self) -> None:
        counter = paired()
        grant = counter.grant(uses=2)
        counter.hear(grant)
        scan(counter)
        counter.hear(counter.recall(grant))
        _, release = events(counter)
        assert isinstance(release, Release)
        assert (release.grant, release.uses) == (GrantKey(TENURE, 2), 1)
        assert open_grants(counter) == []

    def test_of_a_spent_grant_releases_nothing_but_closes_it(self) -> None:
        counter = paired()
        grant = counter.grant()
        counter.hear(grant)
        scan(counter)
        counter.hear(counter.recall(grant))
        release = events(counter)[-1]
        assert isinstance(release, Release)
        assert release.uses == 0

    def test_in_one_page_with_its_grant_and_a_token_before_it(self) -> None:
        counter = paired()
        grant = counter.grant(uses=2)
        scan(counter, counter.token(grant))
        counter.hear(grant, counter.recall(grant))
        release = events(counter)[-1]
        assert isinstance(release, Release)
        assert release.uses == 1

    def test_twice_releases_once(self) -> None:
        counter = paired()
        grant = counter.grant()
        counter.hear(grant, counter.recall(grant))
        counter.hear(counter.recall(grant))
        assert len(events(counter)) == 1


class TestEndOfTenure:
    def test_in_good_order_everything_is_released_and_the_key_destroyed(self) -> None:
        counter = paired()
        counter.hear(counter.grant(), counter.grant(code=OTHER_CODE), counter.end())
        assert [type(event) for event in events(counter)] == [Release, Release, TenureDone]
        state = counter.database.read(read_state)
        assert state is not None
        assert (state.tenure, state.sealed_token_key) == (None, None)

    def test_declared_lost_nothing_is_released_and_nothing_is_held(self) -> None:
        counter = paired()
        counter.hear(counter.grant(), counter.lost())
        assert events(counter) == []
        assert scan(counter).reason is Reason.offline_forbidden

    def test_a_new_tenure_begins_with_its_own_key(self) -> None:
        counter = paired()
        counter.hear(counter.end(), counter.keep(TENURE + 1))
        grant = counter.grant(tenure=TENURE + 1)
        assert scan(counter, counter.token(grant, tenure=TENURE + 1)).accepted

    def test_a_till_switched_off_forgets_vouchers_and_keeps_its_journal(self) -> None:
        counter = paired()
        counter.hear(counter.grant(), counter.grant(code=OTHER_CODE))
        scan(counter)
        counter.hear(Revoked(feed_no=counter.number(), at=NOW))
        assert counter.till.status().vouchers == 0
        assert counter.till.status().standing is Standing.revoked
        assert len(events(counter)) == 1
        assert scan(counter).reason is Reason.device_revoked


class TestReverse:
    def test_gives_the_use_back_to_the_open_grant(self) -> None:
        counter = paired()
        counter.hear(counter.grant())
        verdict = scan(counter)
        counter.hear(Reverse(feed_no=counter.number(), eid=verdict.eid))
        undo = events(counter)[-1]
        assert isinstance(undo, Undo)
        assert undo.to is UndoTo.grant
        assert open_grants(counter) == [(GrantKey(TENURE, 2), 1)]
        assert scan(counter).accepted

    def test_gives_it_to_the_server_where_the_grant_is_closed(self) -> None:
        counter = paired()
        grant = counter.grant(uses=2)
        counter.hear(grant)
        verdict = scan(counter)
        counter.hear(counter.recall(grant), Reverse(feed_no=counter.number(), eid=verdict.eid))
        undo = events(counter)[-1]
        assert isinstance(undo, Undo)
        assert undo.to is UndoTo.server

    def test_twice_undoes_once_and_an_unknown_one_is_left_alone(self) -> None:
        counter = paired()
        counter.hear(counter.grant())
        verdict = scan(counter)
        counter.hear(
            Reverse(feed_no=counter.number(), eid=verdict.eid),
            Reverse(feed_no=counter.number(), eid=verdict.eid),
            Reverse(feed_no=counter.number(), eid=uuid5(verdict.eid, "other")),
        )
        assert len(events(counter)) == 2


class TestOutcome:
    def test_a_case_is_on_the_list_until_a_person_takes_note(self) -> None:
        counter = paired()
        counter.hear(counter.grant())
        verdict = scan(counter)
        counter.hear(outcomes=(Outcome(verdict.eid, EventStatus.case, Reason.refunded),))
        [row] = counter.till.exceptions(10)
        assert (row.eid, row.reason) == (verdict.eid, Reason.refunded)
        counter.till.acknowledge(verdict.eid)
        assert counter.till.exceptions(10) == []
        assert counter.till.status().exceptions == 0

    def test_decided_later_it_replaces_the_earlier_word(self) -> None:
        counter = paired()
        counter.hear(counter.grant())
        verdict = scan(counter)
        counter.hear(outcomes=(Outcome(verdict.eid, EventStatus.case, Reason.refunded),))
        counter.hear(
            OutcomeEntry(
                feed_no=counter.number(),
                eid=verdict.eid,
                status=EventStatus.accepted,
                reason=Reason.accepted,
            )
        )
        assert counter.till.exceptions(10) == []


class TestDelivery:
    def test_the_same_page_again_changes_nothing(self) -> None:
        counter = paired()
        grant = counter.grant(uses=2)
        page = (grant, counter.recall(grant), counter.grant(code=OTHER_CODE), counter.end())
        counter.hear(*page)
        before = fingerprint(counter)
        counter.hear(*page)
        assert fingerprint(counter) == before

    def test_a_hole_is_refused_and_nothing_of_the_page_is_kept(self) -> None:
        counter = paired()
        first = counter.grant()
        counter.number()
        with pytest.raises(FeedGapError):
            counter.hear(first, counter.grant(code=OTHER_CODE))
        assert open_grants(counter) == []

    def test_news_of_a_kind_from_the_future_is_passed_over(self) -> None:
        counter = paired()
        unknown = msgspec.Raw(b'{"kind":"moonlight","feed_no":2}')
        reply = counter.reply()
        counter.till.apply_sync_reply(msgspec.structs.replace(reply, feed=[unknown]))
        assert counter.till.sync_request().cursor == 2

    def test_a_new_life_begins_where_the_feed_is(self) -> None:
        counter = Counter()
        counter.feed_no = 40
        counter.hear(counter.keep(), counter.grant())
        assert open_grants(counter) == [(GrantKey(TENURE, 42), 1)]

    def test_copies_are_replaced(self) -> None:
        counter = paired()
        for name in ("tea", "coffee"):
            counter.hear(
                Product(feed_no=counter.number(), product_number=5, name=name,
                        attention_text=None, provisional_allowed=False)
            )  # fmt: skip
        copied = counter.database.read(lambda connection: product(connection, 5))
        assert copied is not None
        assert copied.name == "coffee"


def test_a_token_closed_before_its_feed_entry_stays_dead_until_the_feed_passes_it() -> None:
    counter = paired()
    grant = counter.grant(uses=2)
    token = counter.token(grant)
    assert scan(counter, token).accepted
    # A voluntary release, as the keeper makes it when the token has expired.
    counter.database.write(
        lambda connection: journal.append(
            connection,
            Release(seq=0, prev_hash=b"", at=NOW, grant=GrantKey(TENURE, 2), uses=1),
        )
    )
    assert counter.database.read(tombstones) == 1
    assert not scan(counter, token).accepted
    counter.hear(grant)
    assert counter.database.read(tombstones) == 0
    assert open_grants(counter) == []
    assert not scan(counter, token).accepted


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(["token", "token", "feed", "feed", "restart"]), uses=st.integers(1, 2))
def test_token_and_feed_commute(order: list[str], uses: int) -> None:
    """However often and in whatever order they come, the grant's uses come out once."""
    counter = paired()
    grant = counter.grant(uses=uses)
    green = 0
    for step in order:
        match step:
            case "token":
                green += scan(counter, counter.token(grant)).accepted
            case "feed":
                counter.hear(grant)
            case "restart":
                counter.machine.restart()
                counter.hear()
    green += sum(scan(counter).accepted for _ in range(3))
    assert green == uses
    assert counter.database.read(journal.verify) is None


def fingerprint(counter: Counter) -> list[object]:
    """Everything the till has written, table by table."""

    def read(connection: Connection) -> list[object]:
        tables = ("journal", "feed_grant", "outcome", "product", "state")
        return [connection.exec_driver_sql(f"SELECT * FROM {table}").all() for table in tables]

    return counter.database.read(read)
