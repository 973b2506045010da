"""What must hold after every single step, from the tables alone.

A till that was declared lost may have redeemed unseen, so uses it held are not compared with its
tables, and doubles of such a voucher are possible by nature; the books still have to add up.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from pos_app.core.verdict import Lane
from tests.together.snapshots import (
    GrantRow,
    HoldingRow,
    Key,
    Pair,
    ServerSnapshot,
    TillSnapshot,
    moment,
    read_server,
    read_till,
)
from tests.together.world import Violation, World

CLOCK_ERROR_MAX = timedelta(seconds=35)
"""A reply may have been on its way for as long as a till waits for it."""
FREELY_OPEN = ("open", "active")


@dataclass(slots=True)
class Watch:
    """Looks at every table after a step, and only at those that changed.

    Attributes:
        server: the server's books as last seen.
        tills: tables of the tills as last seen, by number.
    """

    server: ServerSnapshot = field(default_factory=ServerSnapshot)
    tills: list[TillSnapshot] = field(default_factory=list)

    def look(self, world: World) -> None:
        """Compare everything.

        Raises:
            Violation: something does not hold.
        """
        server = read_server(world.server, self.server)
        before = self.tills or [TillSnapshot() for _ in world.tills]
        tills = [read_till(till, seen) for till, seen in zip(world.tills, before, strict=True)]
        same_tills = all(now is seen for now, seen in zip(tills, before, strict=True))
        if server is self.server and same_tills and self.tills:
            return
        if server is not self.server:
            check_books(server)
            check_counts(server)
            check_honesty(server)
        self.server, self.tills = server, tills
        check_grants(world, server, tills)
        check_never_twice(world, server, tills)
        check_screens(world, tills)
        check_times(world, server)
        world.new_greens.clear()


def check_books(server: ServerSnapshot) -> None:
    """The server's equation: in each row, against grants, events and refunds, in uses and fen."""
    out: Counter[bytes] = Counter()
    for grant in server.grants.values():
        out[grant.voucher] += grant.out
    redeemed: Counter[bytes] = Counter()
    redeemed_fen: Counter[bytes] = Counter()
    for event in server.events.values():
        if event.status == "accepted":
            redeemed[event.voucher] += event.n
            redeemed_fen[event.voucher] += event.value_fen
    for row in server.holdings.values():
        refunded, refunded_fen = server.refunds.get(row.voucher, (0, 0))
        sums = {
            "out": (row.out, out[row.voucher]),
            "redeemed": (row.redeemed, redeemed[row.voucher]),
            "refunded": (row.refunded, refunded),
            "refunded fen": (row.refunded_fen, refunded_fen),
            "sold": (row.sold, row.held + row.out + row.redeemed + row.refunded),
            "value": (
                row.value_fen,
                row.value_left_fen + redeemed_fen[row.voucher] + row.refunded_fen,
            ),
        }
        for name, (in_row, in_sum) in sums.items():
            if in_row != in_sum:
                what = f"voucher {row.voucher.hex()}: {name} {in_row}, but it adds up to {in_sum}"
                raise Violation("conservation at the server", what)
        _check_refund(server, row)


def _check_refund(server: ServerSnapshot, row: HoldingRow) -> None:
    if row.refund_state == "none":
        return
    for grant in server.grants.values():
        if (
            grant.voucher == row.voucher
            and grant.state == "open"
            and grant.tenure_state == "active"
        ):
            what = f"voucher {row.voucher.hex()} is {row.refund_state}, yet {grant[:2]} is open"
            raise Violation("a refund recalls everything", what)
    if row.refund_state == "done" and row.out:
        what = f"voucher {row.voucher.hex()} was refunded while tills hold {row.out}"
        raise Violation("a refund waits for every use", what)


def check_counts(server: ServerSnapshot) -> None:
    """What each store is counted to hold and to have redeemed, against grants and events."""
    reserved: Counter[Pair] = Counter()
    used: Counter[Pair] = Counter()
    for grant in server.grants.values():
        reserved[grant.store, server.products[grant.voucher]] += grant.out
    for event in server.events.values():
        if event.status == "accepted":
            used[event.store, server.products[event.voucher]] += event.n
    for pair in reserved.keys() | used.keys() | server.counts.keys():
        counted = server.counts.get(pair, (0, 0))
        if counted != (reserved[pair], used[pair]):
            what = f"{pair}: counted {counted}, it is {reserved[pair], used[pair]}"
            raise Violation("counts of stores", what)


def check_honesty(server: ServerSnapshot) -> None:
    """No till here is dishonest and no key stolen, so nothing may look as if."""
    for name, found in (("alarm", server.alarms), ("refused event", server.refused_events)):
        if found:
            raise Violation("honest tills raise no alarm", f"{name}: {found[0]}")


def check_grants(world: World, server: ServerSnapshot, tills: list[TillSnapshot]) -> None:
    """For each grant: what the server books as out is at the till, or on its way."""
    by_till: dict[str, list[GrantRow]] = {}
    for grant in server.grants.values():
        by_till.setdefault(grant.till, []).append(grant)
    for node, till in zip(world.tills, tills, strict=True):
        name = node.place.till.hex
        at_till = _at_till(server.heads.get(name, 0), till)
        for grant in by_till.get(name, ()):
            key = (grant.tenure, grant.feed_no)
            real = at_till.pop(key, 0) + _on_its_way(grant, till)
            if not grant.is_gone and real != grant.out:
                what = f"grant {key}: the server books {grant.out}, till {node.place.number} {real}"
                raise Violation("conservation of each grant", what)
        for key, uses in at_till.items():
            if uses:
                what = f"till {node.place.number} holds {uses} of {key}, which is not its own"
                raise Violation("tills hold their own grants only", what)


def _at_till(received_seq: int, till: TillSnapshot) -> dict[Key, int]:
    uses = till.unsent(received_seq)
    uses.update(till.held)
    return dict(uses)


def _on_its_way(grant: GrantRow, till: TillSnapshot) -> int:
    """A grant that neither the feed nor a token has brought to the till yet."""
    key = (grant.tenure, grant.feed_no)
    arrived = grant.feed_no <= till.cursor or key in till.opened
    return 0 if arrived else grant.k


def check_never_twice(world: World, server: ServerSnapshot, tills: list[TillSnapshot]) -> None:
    """Goods handed over and not taken back, and money paid back, are at most what was sold."""
    doubtful = {grant.voucher for grant in server.grants.values() if grant.is_gone}
    green: Counter[bytes] = Counter()
    for till in tills:
        for eid, (voucher, uses) in till.greens.items():
            if eid not in world.reversed_by_hq:
                green[voucher] += uses
    for voucher, uses in green.items():
        row = server.holdings.get(voucher)
        if row is None:
            raise Violation("never twice", f"{uses} uses of {voucher.hex()}, which was never sold")
        if voucher not in doubtful and uses + row.refunded > row.sold:
            what = f"voucher {voucher.hex()}: {uses} green + {row.refunded} refunded > {row.sold}"
            raise Violation("never twice", what)


def check_screens(world: World, tills: list[TillSnapshot]) -> None:
    """What a screen showed green is in the journal of that till."""
    for green in world.new_greens:
        if green.eid.hex not in tills[green.till].greens:
            raise Violation("green after commit", f"event {green.eid} is not in the journal")


def _end_of_token(valid_until: datetime) -> datetime:
    """A token says only the last day of validity, in UTC."""
    last_moment = valid_until - timedelta(microseconds=1)
    return datetime.combine(last_moment.date(), time.min, UTC) + timedelta(days=1)


def check_times(world: World, server: ServerSnapshot) -> None:
    """A till that trusts its clock is right, and redeems nothing expired or beyond its lease."""
    for green in world.new_greens:
        node = world.tills[green.till]
        clock = node.till.clock()
        if green.lane is not Lane.held or not clock.trusted:
            continue
        if abs(clock.at - world.time.now) > CLOCK_ERROR_MAX:
            what = f"till {green.till} believes it is {clock.at}, it is {world.time.now}"
            raise Violation("a trusted clock is right", what)
        now = world.time.now - CLOCK_ERROR_MAX
        if now > node.lease_ends:
            what = f"till {green.till} redeemed at {now}, its lease was over at {node.lease_ends}"
            raise Violation("nothing is redeemed after the lease", what)
        if now > _end_of_token(moment(server.valid_until[green.ref])):
            what = f"voucher {green.ref.hex()} was redeemed at {now}"
            raise Violation("nothing expired is redeemed", what)
