"""The one route of a scan, on a real database."""

from datetime import timedelta

from pos_app.core.verdict import Lane, Verdict
from pos_app.services.doubts import AskDue
from pos_app.services.till import Attempt, Till
from pos_app.storage import journal
from pos_app.storage.grants import open_grants
from shared.clock import last_second_before
from shared.feed import Product, Store
from shared.journal import Redeem, Refused, TokenSeen, decode_event
from shared.reasons import Fact, FactName, Reason
from shared.sealing import PURPOSE_EVIDENCE, unseal
from shared.voucher_code import code_from_body, grouped
from shared.wire import AskReply, EventStatus, GrantKey
from tests.pos_app.tills import CODE, SERVER_SEALING_KEY, TENURE, Counter, paired, reference

OTHER_CODE = code_from_body(55_555)


def redeem(till: Till, attempt: Attempt) -> Verdict:
    answer = till.redeem(attempt)
    assert isinstance(answer, Verdict)
    return answer


def ask(counter: Counter, text: str = CODE) -> AskDue:
    answer = counter.till.redeem(Attempt(text, online=True))
    assert isinstance(answer, AskDue)
    return answer


def reply_to(due: AskDue, status: EventStatus, reason: Reason) -> AskReply:
    facts = [Fact(FactName.product, "tea")]
    return AskReply(due.request.eid, status, reason, facts, due.waiting.decided_at)


def events(counter: Counter) -> list[object]:
    return [decode_event(raw) for raw in counter.till.sync_request().events]


class TestHeld:
    def test_a_held_voucher_is_redeemed_without_a_network(self) -> None:
        counter = paired()
        counter.hear(counter.grant())
        verdict = redeem(counter.till, counter.offline(CODE))
        assert verdict.reason is Reason.accepted
        assert verdict.lane is Lane.held
        assert verdict.fact(FactName.uses_left) == "0"
        assert verdict.fact(FactName.value_fen) == "8800"

    def test_its_event_names_the_grant_and_seals_what_was_shown_to_the_server(self) -> None:
        counter = paired()
        grant = counter.grant()
        counter.hear(grant)
        verdict = redeem(counter.till, counter.offline(grouped(CODE)))
        [event] = events(counter)
        assert isinstance(event, Redeem)
        assert (event.eid, event.grant) == (verdict.eid, GrantKey(TENURE, grant.feed_no))
        shown = unseal(event.evidence, SERVER_SEALING_KEY, PURPOSE_EVIDENCE)
        assert shown.decode() == grouped(CODE)

    def test_it_is_refused_the_second_time_naming_when_and_where(self) -> None:
        counter = paired()
        counter.hear(
            Store(feed_no=counter.number(), store=counter.identity.store, name="North Gate",
                  open=True, till_name="till 1"),
            counter.grant(),
        )  # fmt: skip
        first = redeem(counter.till, counter.offline(CODE))
        counter.machine.pass_time(timedelta(minutes=10))
        second = redeem(counter.till, counter.offline(CODE))
        assert second.reason is Reason.already_redeemed
        assert second.fact(FactName.happened_at) == first.decided_at.isoformat()
        assert second.fact(FactName.store) == "North Gate"
        assert second.fact(FactName.till) == "till 1"

    def test_shown_again_at_once_it_is_just_redeemed_here(self) -> None:
        counter = paired()
        counter.hear(counter.grant())
        redeem(counter.till, counter.offline(CODE))
        counter.machine.pass_time(timedelta(seconds=3))
        verdict = redeem(counter.till, counter.offline(CODE))
        assert verdict.reason is Reason.just_redeemed_here
        assert verdict.fact(FactName.seconds_ago) == "3"

    def test_several_uses_go_one_by_one_until_none_is_left(self) -> None:
        counter = paired()
        counter.hear(counter.grant(uses=3))
        assert redeem(counter.till, counter.offline(CODE, uses=2)).accepted
        assert redeem(counter.till, counter.offline(CODE)).accepted
        counter.machine.pass_time(timedelta(hours=1))
        assert redeem(counter.till, counter.offline(CODE)).reason is Reason.exhausted

    def test_a_gun_that_reads_twice_takes_one_of_several_uses(self) -> None:
        counter = paired()
        counter.hear(counter.grant(uses=3))
        assert redeem(counter.till, Attempt(CODE)).accepted
        again = redeem(counter.till, Attempt(CODE, repeated=True))
        assert again.reason is Reason.just_redeemed_here
        assert redeem(counter.till, Attempt(CODE)).accepted

    def test_a_resting_store_redeems_nothing(self) -> None:
        counter = paired()
        counter.hear(
            counter.grant(),
            Store(feed_no=counter.number(), store=counter.identity.store, name="North Gate",
                  open=False, till_name="till 1"),
        )  # fmt: skip
        assert redeem(counter.till, counter.offline(CODE)).reason is Reason.store_closed

    def test_an_expired_voucher_names_its_validity(self) -> None:
        counter = paired()
        grant = counter.grant()
        counter.hear(grant)
        counter.machine.pass_time(timedelta(days=2))
        counter.hear()
        counter.machine.pass_time(timedelta(days=19))
        counter.hear()
        verdict = redeem(counter.till, counter.offline(CODE))
        assert verdict.reason is Reason.expired
        assert (
            verdict.fact(FactName.valid_until) == last_second_before(grant.valid_until).isoformat()
        )

    def test_what_a_clerk_has_to_check_is_on_the_card(self) -> None:
        counter = paired()
        counter.hear(
            Product(feed_no=counter.number(), product_number=5, name="tea for two",
                    attention_text="check the identity card", provisional_allowed=False),
            counter.grant(),
        )  # fmt: skip
        verdict = redeem(counter.till, counter.offline(CODE))
        assert verdict.attention == "check the identity card"
        assert verdict.fact(FactName.product) == "tea for two"

    def test_past_the_offline_lease_what_is_held_rests(self) -> None:
        counter = paired()
        counter.hear(counter.grant())
        counter.machine.pass_time(timedelta(hours=73))
        assert redeem(counter.till, counter.offline(CODE)).reason is Reason.lease_over
        counter.hear()
        assert redeem(counter.till, counter.offline(CODE)).accepted


class TestToken:
    def test_a_token_redeems_a_voucher_sold_a_moment_ago_without_a_network(self) -> None:
        counter = paired()
        token = counter.token(counter.grant())
        verdict = redeem(counter.till, counter.offline(token))
        assert verdict.reason is Reason.accepted
        seen, redeemed = events(counter)
        assert isinstance(seen, TokenSeen)
        assert isinstance(redeemed, Redeem)
        assert seen.grant == redeemed.grant

    def test_the_rest_of_it_is_redeemed_by_its_digits(self) -> None:
        counter = paired()
        token = counter.token(counter.grant(uses=2))
        assert redeem(counter.till, counter.offline(token)).accepted
        assert redeem(counter.till, counter.offline(CODE)).accepted
        assert not redeem(counter.till, counter.offline(token)).accepted

    def test_shown_twice_it_opens_one_grant(self) -> None:
        counter = paired()
        token = counter.token(counter.grant())
        assert redeem(counter.till, counter.offline(token)).accepted
        assert not redeem(counter.till, counter.offline(token)).accepted

    def test_an_old_one_is_dead_once_the_feed_has_passed_its_number(self) -> None:
        counter = paired()
        grant = counter.grant()
        counter.hear(grant, counter.recall(grant))
        verdict = redeem(counter.till, counter.offline(counter.token(grant)))
        assert verdict.reason is Reason.offline_forbidden

    def test_of_another_tenure_opens_nothing(self) -> None:
        counter = paired()
        token = counter.token(counter.grant(), tenure=TENURE + 256)
        assert not redeem(counter.till, counter.offline(token)).accepted

    def test_after_its_last_day_opens_nothing(self) -> None:
        counter = paired()
        token = counter.token(counter.grant(valid_until=counter.machine.wall))
        counter.machine.pass_time(timedelta(days=1))
        assert redeem(counter.till, counter.offline(token)).reason is Reason.expired

    def test_an_untrusted_clock_takes_no_token(self) -> None:
        counter = paired()
        token = counter.token(counter.grant())
        counter.machine.restart()
        assert redeem(counter.till, counter.offline(token)).reason is Reason.clock_skew

    def test_of_a_till_that_is_no_keeper_opens_nothing(self) -> None:
        counter = paired()
        token = counter.token(counter.grant())
        counter.feed_no = 1
        counter.hear(counter.end())
        assert redeem(counter.till, counter.offline(token)).reason is Reason.offline_forbidden


class TestNotHeld:
    def test_without_a_network_it_is_refused_and_that_is_written_down(self) -> None:
        counter = paired()
        verdict = redeem(counter.till, counter.offline(OTHER_CODE))
        assert verdict.reason is Reason.offline_forbidden
        [event] = events(counter)
        assert isinstance(event, Refused)
        assert (event.eid, event.last_four) == (verdict.eid, OTHER_CODE[-4:])

    def test_with_a_network_the_intent_is_written_before_the_request_leaves(self) -> None:
        counter = paired()
        due = ask(counter)
        assert due.request.voucher_ref == reference()
        assert due.waiting.reason is Reason.outcome_unknown
        [(doubt, again)] = counter.till.open_doubts()
        assert (doubt.eid, again.request) == (due.request.eid, due.request)

    def test_the_servers_yes_is_written_down_and_green(self) -> None:
        counter = paired()
        due = ask(counter)
        verdict = counter.till.take_answer(
            due.request.eid, reply_to(due, EventStatus.accepted, Reason.accepted)
        )
        assert verdict is not None
        assert (verdict.reason, verdict.lane) == (Reason.accepted, Lane.asked)
        assert counter.till.open_doubts() == []

    def test_the_servers_no_carries_its_reason_and_facts(self) -> None:
        counter = paired()
        due = ask(counter)
        verdict = counter.till.take_answer(
            due.request.eid, reply_to(due, EventStatus.refused, Reason.wrong_store)
        )
        assert verdict is not None
        assert verdict.reason is Reason.wrong_store
        assert verdict.fact(FactName.product) == "tea"

    def test_a_refusal_is_never_green_whatever_stands_beside_it(self) -> None:
        counter = paired()
        due = ask(counter)
        verdict = counter.till.take_answer(
            due.request.eid, reply_to(due, EventStatus.refused, Reason.accepted)
        )
        assert verdict is not None
        assert not verdict.accepted


class TestGarbage:
    def test_of_any_length_and_alphabet_is_refused_and_counted(self) -> None:
        counter = paired()
        for text in ("", "hello", "券" * 5000, "\x00\x1d", "1234 5678 9013", "A" * 38, "９" * 11):
            assert redeem(counter.till, counter.offline(text)).reason is Reason.bad_format
        assert counter.till.status().pending == 7

    def test_of_twelve_digits_is_not_shown_whole(self) -> None:
        counter = paired()
        verdict = redeem(counter.till, counter.offline("123456789012"))
        assert verdict.fact(FactName.received) == "…9012"


class TestInDoubt:
    def test_a_second_scan_carries_the_same_event_on(self) -> None:
        counter = paired()
        first, second = ask(counter), ask(counter)
        assert second.request == first.request
        assert len(counter.till.open_doubts()) == 1

    def test_without_a_network_the_second_scan_waits(self) -> None:
        counter = paired()
        due = ask(counter)
        verdict = redeem(counter.till, counter.offline(CODE))
        assert (verdict.reason, verdict.eid) == (Reason.outcome_unknown, due.request.eid)

    def test_a_token_ends_the_doubt_in_the_held_lane_with_the_same_event(self) -> None:
        counter = paired()
        due = ask(counter)
        token = counter.token(counter.grant())
        verdict = redeem(counter.till, counter.offline(token))
        assert verdict.accepted
        assert verdict.eid == due.request.eid
        assert counter.till.open_doubts() == []
        late = reply_to(due, EventStatus.accepted, Reason.accepted)
        assert counter.till.take_answer(due.request.eid, late) is None

    def test_called_off_it_ignores_a_late_answer(self) -> None:
        counter = paired()
        due = ask(counter)
        assert counter.till.call_off(due.request.eid) is not None
        late = reply_to(due, EventStatus.accepted, Reason.accepted)
        assert counter.till.take_answer(due.request.eid, late) is None
        assert counter.till.call_off(due.request.eid) is None

    def test_goods_handed_over_keep_the_question_open_and_ask_nobody_again(self) -> None:
        counter = paired()
        due = ask(counter)
        counter.till.note_handed_over(due.request.eid)
        counter.till.note_handed_over(due.request.eid)
        [(doubt, _)] = counter.till.open_doubts()
        assert doubt.handed_over
        counter.hear(counter.grant())
        assert redeem(counter.till, counter.offline(CODE)).reason is Reason.outcome_unknown
        assert counter.till.call_off(due.request.eid, Reason.offline_forbidden) is None
        late = reply_to(due, EventStatus.accepted, Reason.accepted)
        assert counter.till.take_answer(due.request.eid, late) is not None


def test_a_refused_use_takes_nothing_from_the_holding() -> None:
    counter = paired()
    counter.hear(counter.grant(uses=2, per_visit_uses_max=1))
    assert redeem(counter.till, counter.offline(CODE, uses=2)).reason is Reason.exhausted
    assert counter.database.read(open_grants) == [(GrantKey(TENURE, 2), 2)]
    assert counter.database.read(journal.verify) is None
