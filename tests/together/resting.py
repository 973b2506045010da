"""When the line is up and everything is delivered: both sides come to rest and agree."""

from collections.abc import Callable

from pos_app.services.doubts import AskDue
from server.holdings import service as holdings
from server.ledger import service as ledger
from server.ledger.rules import AccountKind
from tests.together.dice import Dice
from tests.together.invariants import Watch
from tests.together.line_actions import go_straight
from tests.together.network import Kind
from tests.together.server_actions import run_jobs
from tests.together.snapshots import ServerSnapshot, TillSnapshot
from tests.together.till_node import TillNode
from tests.together.world import Violation, World

ROUNDS_MAX = 12
"""Every step of the protocol makes at most one other, so a few rounds suffice for any history."""
CHUNK = 1_000


def come_to_rest(world: World, watch: Watch, dice: Dice) -> None:
    """Deliver everything that is due, round after round, until nothing changes.

    Raises:
        Violation: it does not come to rest, or what rests is not right.
    """
    for till in world.tills:
        world.network.cut(till.place.number)
        till.waiting_for.clear()
        till.line_is_up = True
        till.cut_after = None
    world.server.cut_after = None
    for number in range(ROUNDS_MAX):
        before = (watch.server, watch.tills)
        world.take(_a_round, Dice(dice.draw ^ (number + 1)))
        watch.look(world)
        if _same(before, watch):
            check_rest(world, watch)
            return
    raise Violation("everything comes to rest", f"not within {ROUNDS_MAX} rounds")


def _same(before: tuple[ServerSnapshot, list[TillSnapshot]], watch: Watch) -> bool:
    server, tills = before
    if server.moved_since(watch.server) or len(tills) != len(watch.tills):
        return False
    return not any(was.moved_since(now) for was, now in zip(tills, watch.tills, strict=True))


def _a_round(world: World, dice: Dice) -> None:
    for till in world.tills:
        if not till.greeted:
            world.send(till, Kind.nonce, None)
            go_straight(world, till)
        for due in till.open_doubts():
            _settle(world, till, due)
        _sync_until_done(world, till)
    run_jobs(world, CHUNK)


def _settle(world: World, till: TillNode, due: AskDue) -> None:
    world.send(till, Kind.ask, due.request)
    go_straight(world, till)


def _sync_until_done(world: World, till: TillNode) -> None:
    for _ in range(ROUNDS_MAX):
        request = till.till.sync_request(0)
        kind = Kind.upload if request.events else Kind.poll
        world.send(till, kind, request)
        go_straight(world, till)
        if kind is Kind.poll:
            return


def check_rest(world: World, watch: Watch) -> None:
    """Check what must hold when nothing is under way any more."""
    checks: list[Callable[[World, ServerSnapshot, list[TillSnapshot]], None]] = [
        _check_nothing_waits,
        _check_tills_are_heard,
        _check_accepted_is_green,
        _check_services_agree,
    ]
    for check in checks:
        check(world, watch.server, watch.tills)


def _check_nothing_waits(world: World, server: ServerSnapshot, tills: list[TillSnapshot]) -> None:
    for grant in server.grants.values():
        if grant.state == "recalled":
            raise Violation("every recall ends", f"grant {grant[:2]} is still recalled")
        if grant.tenure_state == "ending":
            raise Violation("every handover ends", f"tenure {grant.tenure} is still ending")
    for row in server.holdings.values():
        if row.refund_state == "asked":
            raise Violation("every refund ends", f"voucher {row.voucher.hex()} is still waiting")
        if row.pending:
            raise Violation("nothing stays pending", f"voucher {row.voucher.hex()}")


def _check_tills_are_heard(world: World, server: ServerSnapshot, tills: list[TillSnapshot]) -> None:
    heads = world.server.read(lambda uow: holdings.heads(uow.connection))
    cursors = {till.hex: number for (_, till), number in heads.items()}
    tenures = {tenure.number for tenure in world.server.read(holdings.live_tenures)}
    for node, till in zip(world.tills, tills, strict=True):
        name = f"till {node.place.number}"
        received = server.heads.get(node.place.till.hex, 0)
        if not till.last_seq == till.accepted_seq == received:
            what = f"{name} wrote {till.last_seq} events, {received} were received"
            raise Violation("every event arrives", what)
        if till.cursor != cursors[node.place.till.hex]:
            raise Violation("every entry arrives", f"{name} stands at {till.cursor}")
        if till.tenure is not None and till.tenure not in tenures:
            what = f"{name} still keeps in tenure {till.tenure}, which is over"
            raise Violation("a tenure that is over is over", what)


def _check_accepted_is_green(
    world: World, server: ServerSnapshot, tills: list[TillSnapshot]
) -> None:
    doubtful = {grant.voucher for grant in server.grants.values() if grant.is_gone}
    greens = {eid: voucher for till in tills for eid, (voucher, _) in till.greens.items()}
    for eid, event in server.events.items():
        if event.status == "accepted" and eid not in greens:
            raise Violation(
                "accepted is green", f"event {eid}: a use is gone, no till showed green"
            )
        if event.status == "case" and event.voucher not in doubtful:
            raise Violation("no case without a loss", f"event {eid}")
    for eid, voucher in greens.items():
        found = server.events.get(eid)
        status = "unknown" if found is None else found.status
        allowed = {"accepted", "case"} if voucher in doubtful else {"accepted"}
        if status not in allowed and eid not in world.reversed_by_hq:
            raise Violation("green is accepted", f"event {eid} is {status} at the server")


def _check_services_agree(world: World, server: ServerSnapshot, tills: list[TillSnapshot]) -> None:
    """The product's own verification finds nothing, and the ledger owes what is left in goods."""
    findings = world.server.read(ledger.check)
    if findings:
        raise Violation("the books of money balance", f"{findings[0]}")
    kinds = [AccountKind.voucher_liability]
    balances = world.server.read(lambda uow: ledger.balances(uow, kinds))
    owed_fen = -sum(balance.amount_fen for balance in balances)
    left_fen = sum(row.value_left_fen for row in server.holdings.values())
    if owed_fen != left_fen:
        what = f"the ledger owes {owed_fen} fen in goods, the vouchers are worth {left_fen}"
        raise Violation("the books of money agree with the vouchers", what)
