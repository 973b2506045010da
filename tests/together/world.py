"""Everything of one history: server, tills, the line between them, and what people know.

What is remembered here (codes, tokens on phones, what screens showed) is what exists outside of
computers. Whether the computers agree with it is checked elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from pos_app.core.verdict import Lane, Verdict
from server.payments.gateway import PaymentAnswer
from shared.ids import OrderId, VoucherRef
from shared.voucher_code import VoucherCode
from tests.together.chain import OPENED_AT, Chain, server_file, till_file
from tests.together.dice import Dice
from tests.together.machine import Machine, TrueTime
from tests.together.network import Kind, Message, Network
from tests.together.power import PowerCut
from tests.together.server_node import ServerNode
from tests.together.till_node import TillNode

PATIENCE = {
    Kind.upload: timedelta(seconds=30),
    Kind.poll: timedelta(seconds=30),
    Kind.ask: timedelta(seconds=5),
    Kind.nonce: timedelta(seconds=10),
    Kind.hello: timedelta(seconds=10),
}


STEP_MS_MAX = 200
"""Time that passes with each step; longer times pass in steps of their own."""

RECENT = 6
"""So many vouchers and tokens are on people's minds."""


class Violation(AssertionError):  # noqa: N818 - the word of this field
    """An invariant does not hold."""

    def __init__(self, invariant: str, what: str) -> None:
        super().__init__(f"{invariant}: {what}")
        self.invariant = invariant


@dataclass(frozen=True, slots=True)
class Sold:
    """A voucher as its buyer has it."""

    name: bytes
    ref: VoucherRef
    code: VoucherCode
    order: OrderId
    uses: int


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A picture of a code page that somebody took, at whatever time."""

    text: str
    till: UUID
    ref: VoucherRef

    @property
    def name(self) -> bytes:
        """The token itself."""
        return self.text.encode()


@dataclass(frozen=True, slots=True)
class Green:
    """Goods were handed over: what a screen showed."""

    eid: UUID
    ref: VoucherRef
    uses: int
    lane: Lane
    till: int


@dataclass(slots=True)
class World:
    """One history in progress.

    Attributes:
        chain: what it began with.
        folder: holds the databases.
        dice: of the present step.
        time: the true time.
        server: the server.
        tills: by number.
        network: the line.
        sold: vouchers, in order of sale.
        paid: what the payment provider told, each with the order's id.
        tokens: every token ever shown by a code page, by its text.
        greens: every acceptance that a screen showed, by event id.
        new_greens: those of the present step.
        reversed_by_hq: hexadecimal ids of events that headquarters took back by itself.
        risky: whether tills may be declared lost.
    """

    chain: Chain
    folder: Path
    dice: Dice = field(default_factory=lambda: Dice(0))
    time: TrueTime = field(default_factory=lambda: TrueTime(OPENED_AT))
    network: Network = field(default_factory=Network)
    sold: list[Sold] = field(default_factory=list)
    paid: list[tuple[bytes, PaymentAnswer]] = field(default_factory=list)
    tokens: dict[str, ShownToken] = field(default_factory=dict)
    greens: dict[UUID, Green] = field(default_factory=dict)
    new_greens: list[Green] = field(default_factory=list)
    reversed_by_hq: set[str] = field(default_factory=set)
    risky: bool = False
    server: ServerNode = field(init=False)
    tills: list[TillNode] = field(init=False)

    def __post_init__(self) -> None:
        self.chain.copy_to(self.folder)
        self.server = ServerNode(server_file(self.folder), self.time, self.dice)
        self.tills = []
        for place in self.chain.tills:
            machine = Machine(self.time, timedelta(0), OPENED_AT)
            path = till_file(self.folder, place.number)
            self.tills.append(TillNode(place, path, machine, self.dice))

    def close(self) -> None:
        """Leave nothing open."""
        self.server.close()
        for till in self.tills:
            till.close()

    def take(self, action: "Action", dice: Dice) -> None:
        """Take one step; a machine whose power is cut in it is started again."""
        self.dice = self.server.dice = dice
        for till in self.tills:
            till.dice = dice
        self.time.pass_by(timedelta(milliseconds=dice.number("passes", 1, STEP_MS_MAX)))
        self._give_up_waiting()
        try:
            action(self, dice)
        except PowerCut as cut:
            self._start_again(cut.args[0])

    def _start_again(self, machine: object) -> None:
        if isinstance(machine, int):
            self.restart_till(self.tills[machine])
        else:
            self.restart_server()

    def restart_server(self) -> None:
        """Kill the server's process and start another."""
        self.server.stop()
        self.server.start()

    def restart_till(self, till: TillNode) -> None:
        """Kill a till's program and start it again."""
        till.stop()
        till.start()

    def some_sold(self, dice: Dice) -> list[Sold]:
        """Vouchers to choose from: mostly those of the moment, so that much happens to each."""
        return self.sold[-RECENT:] if dice.chance("a recent voucher", 70) else self.sold

    # --- messages ---

    def send(self, till: TillNode, kind: Kind, request: msgspec.Struct | None) -> Message:
        """Let a till send a request; without a line it is lost at once."""
        name = self.dice.new_id().bytes
        till.waiting_for[name] = (kind, self.time.now + PATIENCE[kind])
        raw = b"" if request is None else msgspec.json.encode(request)
        message = Message(name, kind, till.place.number, raw)
        if till.line_is_up:
            self.network.send(message)
        return message

    def reply(self, request: Message, reply: msgspec.Struct) -> None:
        """Let the server answer; without a line it is lost at once."""
        message = request.answered_by(msgspec.json.encode(reply))
        if self.tills[request.till].line_is_up:
            self.network.send(message)

    def _give_up_waiting(self) -> None:
        for till in self.tills:
            late = [name for name, (_, until) in till.waiting_for.items() if until < self.time.now]
            for name in late:
                del till.waiting_for[name]

    # --- what screens show ---

    def show(self, till: TillNode, verdict: Verdict | None, ref: VoucherRef, uses: int) -> None:
        """A screen shows a verdict; on green the goods are handed over."""
        if verdict is None or not verdict.accepted:
            return
        if verdict.eid in self.greens:
            raise Violation("green once", f"event {verdict.eid} was shown green twice")
        green = Green(verdict.eid, ref, uses, verdict.lane, till.place.number)
        self.greens[verdict.eid] = green
        self.new_greens.append(green)


Action = Callable[[World, Dice], None]
