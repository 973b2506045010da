"""What people look at: history, status, the queue."""

from datetime import timedelta

import msgspec

from pos_app.core.history import HistoryState
from pos_app.core.verdict import Verdict
from pos_app.services.doubts import AskDue
from pos_app.services.till import Attempt
from shared.feed import Policy, Product, Reverse
from shared.reasons import Reason
from shared.wire import AskReply, EventStatus, Outcome
from tests.pos_app.tills import CODE, NOW, Counter, paired


def states(counter: Counter) -> list[HistoryState]:
    return [row.state for row in counter.till.history_of_today(50)]


def redeemed(counter: Counter) -> Verdict:
    counter.hear(
        Product(feed_no=counter.number(), product_number=5, name="tea", attention_text=None,
                provisional_allowed=False),
        counter.grant(),
    )  # fmt: skip
    answer = counter.till.redeem(Attempt(CODE))
    assert isinstance(answer, Verdict)
    return answer


def test_a_redemption_stands_there_with_product_value_and_last_digits() -> None:
    counter = paired()
    verdict = redeemed(counter)
    [row] = counter.till.history_of_today(50)
    assert (row.eid, row.state, row.product) == (verdict.eid, HistoryState.redeemed, "tea")
    assert (row.last_four, row.value_fen, row.sent) == (CODE[-4:], 8800, False)


def test_one_by_token_has_its_last_digits_before_the_feed_comes() -> None:
    counter = paired()
    counter.till.redeem(Attempt(counter.token(counter.grant())))
    [row] = counter.till.history_of_today(50)
    assert (row.last_four, row.state) == (CODE[-4:], HistoryState.redeemed)


def test_a_refusal_stands_there_with_its_reason() -> None:
    counter = paired()
    counter.till.redeem(Attempt("garbage"))
    [row] = counter.till.history_of_today(50)
    assert (row.state, row.reason) == (HistoryState.refused, Reason.bad_format)


def test_an_ask_goes_from_asking_to_its_end() -> None:
    counter = paired()
    due = counter.till.redeem(Attempt(CODE, online=True))
    assert isinstance(due, AskDue)
    assert states(counter) == [HistoryState.asking]
    reply = AskReply(due.request.eid, EventStatus.refused, Reason.refunded, [], NOW)
    counter.till.take_answer(due.request.eid, reply)
    [row] = counter.till.history_of_today(50)
    assert (row.state, row.reason) == (HistoryState.refused, Reason.refunded)


def test_a_called_off_ask_is_given_up() -> None:
    counter = paired()
    due = counter.till.redeem(Attempt(CODE, online=True))
    assert isinstance(due, AskDue)
    counter.till.call_off(due.request.eid)
    assert states(counter) == [HistoryState.given_up]


def test_what_headquarters_reverses_is_undone() -> None:
    counter = paired()
    verdict = redeemed(counter)
    counter.hear(Reverse(feed_no=counter.number(), eid=verdict.eid))
    assert states(counter) == [HistoryState.undone]


def test_a_case_is_in_dispute() -> None:
    counter = paired()
    verdict = redeemed(counter)
    counter.hear(outcomes=(Outcome(verdict.eid, EventStatus.case, Reason.refunded),))
    assert states(counter) == [HistoryState.conflict]


def test_yesterday_is_not_today() -> None:
    counter = paired()
    redeemed(counter)
    counter.machine.pass_time(timedelta(days=1))
    counter.hear()
    assert states(counter) == []


def test_the_queue_is_counted_in_rows_and_says_since_when() -> None:
    counter = paired()
    counter.till.redeem(Attempt("one"))
    counter.machine.pass_time(timedelta(minutes=5))
    counter.till.redeem(Attempt("two"))
    status = counter.till.status()
    assert (status.pending, status.pending_since) == (2, NOW)
    reply = counter.reply()
    counter.till.apply_sync_reply(msgspec.structs.replace(reply, accepted_seq=1))
    assert counter.till.status().pending == 1


def test_times_are_told_in_the_zone_of_the_merchants_policy() -> None:
    counter = paired()
    assert counter.till.status().time_zone == "Asia/Shanghai"
    policy = Policy(
        feed_no=counter.number(),
        undo_minutes=15,
        provisional_allowed=False,
        provisional_value_max_fen=0,
        provisional_count_max=0,
        provisional_hours_max=0,
        day_cutoff_hours=4,
        time_zone="Asia/Urumqi",
    )
    counter.hear(policy)
    assert counter.till.status().time_zone == "Asia/Urumqi"
