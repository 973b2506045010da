"""A loopback server that speaks just enough to let one till's rounds run."""

import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from pos_app.services.machine import wall_clock
from shared import wire
from shared.journal import decode_event
from shared.reasons import Reason
from tests.pos_app.network.loopback_server import Heard, Said, said

POLL_SECONDS_MAX = 20.0


class SmallServer:
    """Takes every event, has no news, and decides asks as a test says.

    Attributes:
        asks_answered: set while asks are answered; cleared, an ask waits.
        decision: what asks are answered with.
        refusal: the code with which every sync is refused, or empty.
        hello_refusal: the code with which no nonce is given, or empty.
        acknowledges: false for a server that takes nothing of an upload.
    """

    def __init__(self) -> None:
        self.asks_answered = threading.Event()
        self.asks_answered.set()
        self.closing = threading.Event()
        self.decision = (wire.EventStatus.accepted, Reason.accepted)
        self.refusal = ""
        self.hello_refusal = ""
        self.acknowledges = True
        self.kinds: list[str] = []
        self.asked: list[UUID] = []

    def answer(self, heard: Heard) -> Said:
        answers = {
            wire.PATH_NONCE: self._nonce,
            wire.PATH_HELLO: self._hello,
            wire.PATH_SYNC: self._sync,
            wire.PATH_ASK: self._ask,
        }
        return answers[heard.path](heard)

    def _nonce(self, _heard: Heard) -> Said:
        if self.hello_refusal:
            return said(wire.ErrorReply(self.hello_refusal, "", {}, wall_clock()), 403)
        return said(wire.NonceReply(b"nonce", wall_clock()))

    def _hello(self, _heard: Heard) -> Said:
        return said(
            wire.HelloReply(wire.HelloStatus.welcome, 0, wall_clock(), _lease(), min_version=1)
        )

    def _sync(self, heard: Heard) -> Said:
        if self.refusal:
            return said(wire.ErrorReply(self.refusal, "", {}, wall_clock()), 403)
        request = msgspec.json.decode(heard.body, type=wire.SyncRequest)
        events = [decode_event(raw) for raw in request.events]
        self.kinds += [str(event.__struct_config__.tag) for event in events]
        if not events and request.wait_seconds:
            self.closing.wait(POLL_SECONDS_MAX)
        accepted = events[-1].seq if events and self.acknowledges else 0
        reply: dict[str, Any] = {"accepted_seq": accepted, "outcomes": [], "feed": []}
        return said(
            wire.SyncReply(
                **reply,
                more=False,
                server_time=wall_clock(),
                offline_until=_lease(),
                min_version=1,
            )
        )

    def _ask(self, heard: Heard) -> Said:
        request = msgspec.json.decode(heard.body, type=wire.AskRequest)
        self.asked.append(request.eid)
        self.asks_answered.wait(POLL_SECONDS_MAX)
        status, reason = self.decision
        return said(wire.AskReply(request.eid, status, reason, [], wall_clock()))


def _lease() -> datetime:
    return wall_clock() + timedelta(hours=72)
