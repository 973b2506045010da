"""What happens at the counters: scans, doubts, sync rounds, failing machines, jumping clocks."""

from datetime import timedelta

from pos_app.services.doubts import AskDue
from pos_app.services.till import Attempt
from shared.ids import VoucherRef
from tests.together.dice import Dice
from tests.together.line_actions import go_straight, overtake
from tests.together.network import Kind
from tests.together.till_node import TillNode
from tests.together.world import RECENT, Action, World

STATEMENTS_MAX = 25
"""A transaction of a till has fewer; beyond them the power is cut at the commit."""


def _any_till(world: World, dice: Dice) -> TillNode:
    till = dice.pick(world.tills, lambda till: till.place.till.bytes)
    assert till is not None
    return till


def scan_token(world: World, dice: Dice) -> None:
    """Somebody shows a QR code, fresh or from an old picture, at its till or at another."""
    till = _any_till(world, dice)
    tokens = list(world.tokens.values())
    if dice.chance("at its till", 75):
        tokens = [token for token in tokens if token.till == till.place.till]
    if dice.chance("a recent token", 60):
        tokens = tokens[-RECENT:]
    token = dice.pick(tokens, lambda token: token.name)
    if token is not None:
        _scan(world, dice, till, token.text, token.ref)


def scan_fresh_token(world: World, dice: Dice) -> None:
    """Somebody shows a QR code a moment after the code page had shown it."""
    till = _any_till(world, dice)
    tokens = [token for token in world.tokens.values() if token.till == till.place.till]
    if tokens:
        _scan(world, dice, till, tokens[-1].text, tokens[-1].ref)


def scan_code(world: World, dice: Dice) -> None:
    """Somebody reads twelve digits out."""
    sold = dice.pick(world.some_sold(dice), lambda sold: sold.name)
    if sold is not None:
        _scan(world, dice, _any_till(world, dice), sold.code, sold.ref)


def _scan(world: World, dice: Dice, till: TillNode, text: str, ref: VoucherRef) -> None:
    online = till.line_is_up and till.greeted and dice.chance("believes to be online", 85)
    wanted = 2 if dice.chance("two at once", 20) else 1
    answer = till.redeem(Attempt(text=text, uses=wanted, online=online))
    if isinstance(answer, AskDue):
        send_ask(world, till, answer)
        return
    world.show(till, answer, ref, till.uses_of(answer))


def send_ask(world: World, till: TillNode, due: AskDue) -> None:
    """Send a request in doubt, for the first time or again."""
    if till.greeted:
        world.send(till, Kind.ask, due.request)


def ask_again(world: World, dice: Dice) -> None:
    """A till repeats a request that had no answer."""
    till = _any_till(world, dice)
    due = dice.pick(till.open_doubts(), lambda due: due.request.eid.bytes)
    if due is not None:
        send_ask(world, till, due)


def call_off(world: World, dice: Dice) -> None:
    """A cashier gives up a request that has no answer."""
    till = _any_till(world, dice)
    due = dice.pick(till.open_doubts(), lambda due: due.request.eid.bytes)
    if due is None:
        return
    till.call_off(due.request.eid)
    if till.line_is_up and till.greeted and dice.chance("the void is faster", 50):
        overtake(world, world.send(till, Kind.upload, till.till.sync_request(0)))


def note_handed_over(world: World, dice: Dice) -> None:
    """A cashier says that the goods have left before the answer came."""
    till = _any_till(world, dice)
    due = dice.pick(till.open_doubts(), lambda due: due.request.eid.bytes)
    if due is not None:
        till.till.note_handed_over(due.request.eid)


def sync(world: World, dice: Dice) -> None:
    """A till does what its sync thread does next: greet, upload or poll."""
    till = _any_till(world, dice)
    if not till.greeted:
        greet(world, till)
    elif dice.chance("poll beside an upload", 25):
        send_poll(world, till)
    elif not till.waits(Kind.upload):
        request = till.till.sync_request(0)
        if request.events:
            world.send(till, Kind.upload, request)
        else:
            send_poll(world, till)


def sync_round(world: World, dice: Dice) -> None:
    """A till with a good line greets, uploads everything and hears all news."""
    till = _any_till(world, dice)
    if not till.line_is_up:
        return
    if not till.greeted:
        greet(world, till)
        go_straight(world, till)
    if till.greeted and not till.waits(Kind.upload):
        overtake(world, world.send(till, Kind.upload, till.till.sync_request(0)))


def send_poll(world: World, till: TillNode) -> None:
    """Ask for news, unless that is under way."""
    if not till.waits(Kind.poll):
        world.send(till, Kind.poll, till.till.poll_request(25))


def greet(world: World, till: TillNode) -> None:
    """Begin a hello; until it is answered nothing else leaves."""
    if not till.waits(Kind.nonce, Kind.hello):
        world.send(till, Kind.nonce, None)


def till_power_fails(world: World, dice: Dice) -> None:
    """In its next transaction a till's power is cut, between statements or before commit."""
    _any_till(world, dice).cut_after = dice.number("statements", 0, STATEMENTS_MAX)


def program_dies(world: World, dice: Dice) -> None:
    """A till's program is killed between two transactions and started again."""
    world.restart_till(_any_till(world, dice))


def machine_reboots(world: World, dice: Dice) -> None:
    """A till is switched off and on."""
    till = _any_till(world, dice)
    till.machine.reboot()
    world.restart_till(till)


def clock_jumps(world: World, dice: Dice) -> None:
    """Somebody sets a till's clock, or its battery is empty."""
    furthest = 10 * 60 if dice.chance("a little", 60) else 40 * 24 * 60
    minutes = dice.number("minutes", -furthest, furthest)
    _any_till(world, dice).machine.wall_is_ahead = timedelta(minutes=minutes)


def clock_is_set_right(world: World, dice: Dice) -> None:
    """A till's clock is right again."""
    _any_till(world, dice).machine.wall_is_ahead = timedelta(0)


ACTIONS: dict[str, tuple[Action, int]] = {
    "scan_token": (scan_token, 80),
    "scan_fresh_token": (scan_fresh_token, 80),
    "scan_code": (scan_code, 90),
    "ask_again": (ask_again, 15),
    "call_off": (call_off, 16),
    "note_handed_over": (note_handed_over, 3),
    "sync": (sync, 150),
    "sync_round": (sync_round, 40),
    "till_power_fails": (till_power_fails, 6),
    "program_dies": (program_dies, 4),
    "machine_reboots": (machine_reboots, 3),
    "clock_jumps": (clock_jumps, 6),
    "clock_is_set_right": (clock_is_set_right, 4),
}
"""By name: what happens, and how often among all."""
