"""The rounds with the server on their own thread, over real HTTP on loopback."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from uuid_utils.compat import uuid7

from pos_app.core.knowledge import Standing
from pos_app.core.line import Line, LineJudge
from pos_app.core.verdict import Verdict
from pos_app.network import client as client_module
from pos_app.network.client import ServerClient, Signer
from pos_app.services.doubts import AskDue
from pos_app.services.machine import machine_time, wall_clock
from pos_app.services.sync_rounds import SyncRounds
from pos_app.services.sync_thread import SyncThread
from pos_app.services.till import Attempt, Sources, Till
from server.demo.line import Line as CutLine
from shared.ids import TillId
from shared.reasons import Reason
from shared.wire import EventStatus
from tests.pos_app.app.tills_at_work import Ears
from tests.pos_app.network.loopback_server import loopback_server
from tests.pos_app.services.small_server import SmallServer
from tests.pos_app.tills import CODE, Counter


@dataclass
class Joined:
    """A till whose rounds run with a small server."""

    till: Till
    sync: SyncThread
    ears: Ears
    server: SmallServer

    def ask(self) -> Verdict:
        due = self.till.redeem(Attempt(CODE, online=True))
        assert isinstance(due, AskDue)
        return self.sync.ask(due)

    def until(self, hope: Callable[[], bool]) -> None:
        self.ears.until(hope)


@contextmanager
def joined(server: SmallServer, url: str, folder: Path) -> Iterator[Joined]:
    counter = Counter(folder / "till.sqlite")
    till = Till(counter.database, counter.keys, Sources(machine_time, uuid7, os.urandom))
    signer = Signer(TillId(counter.identity.till), 1, counter.keys.signing)
    judge, ears = LineJudge(), Ears()
    sync = SyncThread(
        lambda: ServerClient(url, signer, wall_clock, os.urandom, judge),
        lambda client: SyncRounds(till, client, ears.news(), os.urandom, "0"),
        judge,
    )
    sync.start()
    try:
        yield Joined(till, sync, ears, server)
    finally:
        server.closing.set()
        server.asks_answered.set()
        sync.stop()


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Joined]:
    server = SmallServer()
    with loopback_server(server.answer) as http, joined(server, http.url, tmp_path) as made:
        made.until(lambda: made.till.status().first_sync_done)
        yield made


def test_an_event_is_sent_while_a_poll_is_open(work: Joined) -> None:
    work.till.redeem(Attempt("garbage"))
    work.sync.wake()
    work.until(lambda: work.till.status().pending == 0)
    assert work.server.kinds == ["refused"]
    assert work.sync.line is Line.online


def test_an_ask_is_answered_and_recorded(work: Joined) -> None:
    assert work.ask().reason is Reason.accepted
    work.until(lambda: work.till.status().pending == 0)
    assert work.server.kinds == ["intent", "shown"]


def test_an_ask_without_answer_is_found_out_later_with_the_same_event(
    work: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.services.sync_rounds.ASK_SECONDS", 0.2)
    work.server.asks_answered.clear()
    waiting = work.ask()
    assert waiting.reason is Reason.outcome_unknown
    work.server.asks_answered.set()
    work.until(lambda: work.ears.resolved != [])
    [verdict] = work.ears.resolved
    assert (verdict.eid, verdict.reason) == (waiting.eid, Reason.accepted)
    assert work.till.open_doubts() == []


def test_a_second_scan_waits_for_the_answer_that_is_already_on_its_way(
    work: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.services.sync_rounds.ASK_SECONDS", 0.2)
    work.server.asks_answered.clear()
    waiting = work.ask()
    work.until(lambda: len(work.server.asked) == 2)
    assert work.ask() == waiting
    work.server.asks_answered.set()
    work.until(lambda: work.ears.resolved != [])
    assert work.server.asked == [waiting.eid] * 2
    assert work.till.open_doubts() == []


def test_a_called_off_ask_stays_called_off_when_the_answer_comes(
    work: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.services.sync_rounds.ASK_SECONDS", 0.2)
    work.server.asks_answered.clear()
    waiting = work.ask()
    work.till.call_off(waiting.eid)
    work.server.asks_answered.set()
    work.sync.wake()
    work.until(lambda: work.till.status().pending == 0)
    assert work.ears.resolved == []
    assert work.server.kinds == ["intent", "void"]


def test_a_refused_ask_carries_the_reason(work: Joined) -> None:
    work.server.decision = (EventStatus.refused, Reason.refunded)
    assert work.ask().reason is Reason.refunded


def test_a_till_that_was_switched_off_hears_of_it(work: Joined) -> None:
    work.server.refusal = "till_revoked"
    work.till.redeem(Attempt("garbage"))
    work.sync.wake()
    work.until(lambda: work.till.standing() is Standing.revoked)


def test_a_life_that_is_over_still_hands_in_its_journal(tmp_path: Path) -> None:
    server = SmallServer()
    server.hello_refusal = "old_incarnation"
    with (
        loopback_server(server.answer) as http,
        joined(server, http.url, tmp_path) as work,
    ):
        work.till.redeem(Attempt("garbage"))
        work.sync.wake()
        work.until(lambda: work.till.status().pending == 0)
        assert work.till.standing() is Standing.revoked


def test_a_server_that_takes_nothing_is_not_asked_in_a_loop(work: Joined) -> None:
    work.server.acknowledges = False
    work.till.redeem(Attempt("garbage"))
    work.sync.wake()
    work.until(lambda: work.sync.trouble == "server_stalled")
    assert len(work.server.kinds) < 10


def test_without_a_server_an_ask_is_called_off_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(client_module, "CONNECT_SECONDS", 1.0)
    server = SmallServer()
    with joined(server, "http://127.0.0.1:9", tmp_path) as work:
        verdict = work.ask()
        assert verdict.reason is Reason.offline_forbidden
        assert work.till.open_doubts() == []
        work.until(lambda: work.sync.line is Line.offline)


def test_a_line_that_comes_back_counts_as_up_without_waiting_for_news(tmp_path: Path) -> None:
    server = SmallServer()
    with (
        loopback_server(server.answer) as http,
        CutLine(int(http.url.rsplit(":", 1)[1])) as wire_to_server,
        joined(server, wire_to_server.url, tmp_path) as work,
    ):
        work.until(lambda: work.sync.line is Line.online)
        wire_to_server.cut()
        work.until(lambda: work.sync.line is Line.offline)
        wire_to_server.mend()
        work.sync.retry_now()
        work.until(lambda: work.sync.line is Line.online)
