"""What happens on the line: messages arrive, late, twice, out of order, or never."""

import msgspec

from shared import wire
from shared.ids import VoucherRef
from tests.together.dice import Dice
from tests.together.network import Kind, Message
from tests.together.server_node import RefusedUploadError
from tests.together.till_node import TillNode
from tests.together.world import RECENT, Action, Violation, World

COMPANIONS_MAX = 3
"""So many requests may be decided in one transaction with the one that arrives."""
SYNCS = (Kind.upload, Kind.poll)


def deliver(world: World, dice: Dice) -> None:
    """Any message that is under way arrives, whether it was sent first or last."""
    message = dice.pick(world.network.flying, lambda message: message.key)
    if message is None:
        return
    world.network.take(message)
    if message.is_reply:
        _take_reply(world, message)
    else:
        serve(world, message)


def serve(world: World, message: Message) -> None:
    """The server answers a request, together with others of its kind that arrive just now."""
    if message.kind in SYNCS:
        _serve_syncs(world, [message, *_companions(world, message, SYNCS)])
    elif message.kind is Kind.ask:
        _serve_asks(world, [message, *_companions(world, message, (Kind.ask,))])
    elif message.kind is Kind.nonce:
        world.reply(message, world.server.nonce(world.tills[message.till].place))
    else:
        _serve_hello(world, message)


def _companions(world: World, message: Message, kinds: tuple[Kind, ...]) -> list[Message]:
    """Requests of other tills that the group commit would decide together with this one."""
    if not world.dice.chance("in a group", 40):
        return []
    tills = {message.till}
    found = []
    for other in world.network.flying:
        if not other.is_reply and other.kind in kinds and other.till not in tills:
            tills.add(other.till)
            found.append(other)
    for other in found[:COMPANIONS_MAX]:
        world.network.take(other)
    return found[:COMPANIONS_MAX]


def _serve_syncs(world: World, messages: list[Message]) -> None:
    requests = [
        (world.tills[message.till].place, msgspec.json.decode(message.raw, type=wire.SyncRequest))
        for message in messages
    ]
    try:
        replies = world.server.take_uploads(requests)
    except RefusedUploadError as refusal:
        raise Violation("honest uploads are taken", str(refusal)) from refusal
    for message, reply in zip(messages, replies, strict=True):
        world.reply(message, reply)


def _serve_asks(world: World, messages: list[Message]) -> None:
    requests = [
        (world.tills[message.till].place, msgspec.json.decode(message.raw, type=wire.AskRequest))
        for message in messages
    ]
    replies = world.server.answer_asks(requests)
    for message, reply in zip(messages, replies, strict=True):
        world.reply(message, reply)


def _serve_hello(world: World, message: Message) -> None:
    request = msgspec.json.decode(message.raw, type=wire.HelloRequest)
    reply = world.server.hello(world.tills[message.till].place, request)
    if reply is None:
        return  # not fresh: the till asks for another nonce when it has waited long enough
    if reply.status is not wire.HelloStatus.welcome:
        raise Violation("no fork without a restored disk", f"till {message.till}: {reply.status}")
    world.reply(message, reply)


def _take_reply(world: World, message: Message) -> None:
    till = world.tills[message.till]
    if till.waiting_for.pop(message.name, None) is None:
        return  # nobody waits for it any more
    _be_answered(world, till, message)


def _be_answered(world: World, till: TillNode, message: Message) -> None:
    """A till that waited for a reply takes it."""
    if message.kind in SYNCS:
        till.take_sync_reply(message.raw)
    elif message.kind is Kind.ask:
        reply = msgspec.json.decode(message.raw, type=wire.AskReply)
        doubts = {due.request.eid: due.request for due in till.open_doubts()}
        verdict = till.take_answer(reply)
        if verdict is not None:
            request = doubts[reply.eid]
            world.show(till, verdict, VoucherRef(request.voucher_ref), request.uses)
    elif message.kind is Kind.nonce:
        nonce = msgspec.json.decode(message.raw, type=wire.NonceReply).nonce
        world.send(till, Kind.hello, till.till.hello_request(nonce, "0.1.0"))
    else:
        till.take_hello_reply(message.raw)


def overtake(world: World, request: Message) -> None:
    """A request and its reply arrive at once, before all that was sent earlier."""
    while request in world.network.flying:
        world.network.take(request)
        serve(world, request)
    for reply in [one for one in world.network.flying if one.key == request.name + b"\x01"]:
        world.network.take(reply)
        _take_reply(world, reply)


def go_straight(world: World, till: TillNode) -> None:
    """Whatever a till has under way arrives in order, and so do the replies, until it has none."""
    while True:
        number = till.place.number
        mine = next((message for message in world.network.flying if message.till == number), None)
        if mine is None:
            return
        world.network.take(mine)
        if mine.is_reply:
            _take_reply(world, mine)
        else:
            serve(world, mine)


def lose(world: World, dice: Dice) -> None:
    """A message never arrives."""
    message = dice.pick(world.network.flying, lambda message: message.key)
    if message is not None:
        world.network.take(message)


def double(world: World, dice: Dice) -> None:
    """A request arrives twice."""
    flying = [message for message in world.network.flying if not message.is_reply]
    message = dice.pick(flying, lambda message: message.key)
    if message is not None:
        world.network.flying.append(message)


def send_again(world: World, dice: Dice) -> None:
    """A request of any time is sent once more, by somebody who had kept it."""
    kinds = {Kind.ask} if dice.chance("an ask", 50) else {Kind.upload, Kind.poll, Kind.hello}
    sent = [message for message in world.network.sent if message.kind in kinds]
    if dice.chance("a recent one", 50):
        sent = sent[-RECENT:]
    message = dice.pick(sent, lambda message: message.key)
    if message is not None:
        world.network.flying.append(message)


def line_fails(world: World, dice: Dice) -> None:
    """A till loses its line, and with it everything that is under way."""
    till = dice.pick(world.tills, lambda till: till.place.till.bytes)
    assert till is not None
    till.line_is_up = False
    world.network.cut(till.place.number)


def line_returns(world: World, dice: Dice) -> None:
    """A till has its line back."""
    down = [till for till in world.tills if not till.line_is_up]
    till = dice.pick(down, lambda till: till.place.till.bytes)
    if till is not None:
        till.line_is_up = True


def line_is_good(world: World, dice: Dice) -> None:
    """For a moment nothing is late: a till's requests and replies all arrive."""
    up = [till for till in world.tills if till.line_is_up]
    till = dice.pick(up, lambda till: till.place.till.bytes)
    if till is not None:
        go_straight(world, till)


ACTIONS: dict[str, tuple[Action, int]] = {
    "deliver": (deliver, 220),
    "line_is_good": (line_is_good, 70),
    "lose": (lose, 25),
    "double": (double, 12),
    "send_again": (send_again, 16),
    "line_fails": (line_fails, 6),
    "line_returns": (line_returns, 14),
}
"""By name: what happens, and how often among all."""
