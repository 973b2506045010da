"""What happens at headquarters, in the shop, and to the server itself."""

from datetime import timedelta

from server.holdings import service as holdings
from server.holdings.books import close_books, open_books, terms_needed
from server.holdings.rules import redeeming as rules
from server.holdings.store.load import Wanted
from server.kernel.unit_of_work import UnitOfWork
from server.orders import service as orders
from server.orders.rules import Cart, CartLine, NotRefundableError, OrderNotPaidError
from server.payments.gateway import PaymentAnswer, PaymentStatus
from server.redemption.posting import post_redemptions
from server.vouchers import service as vouchers
from server.vouchers.rules import TooManyStoreMovesError
from shared.ids import EventId, OrderId, StoreId, TillId
from shared.wire import EventStatus
from tests.together.chain import MERCHANT, ROOT_KEY
from tests.together.dice import Dice
from tests.together.world import Action, ShownToken, Sold, World

PROVIDER = "sandbox"
STATEMENTS_MAX = 40
"""Most transactions of the server have fewer; beyond them the power is cut at the commit."""
JOB_CHUNK = 20


def sell(world: World, dice: Dice) -> None:
    """Somebody orders, pays, and perhaps has chosen a store."""
    product = dice.pick(world.chain.products, lambda product: product.bytes)
    store = dice.pick(world.chain.stores, lambda store: store.bytes)
    assert product is not None
    cart = Cart(
        order=OrderId(dice.new_id()),
        buyer=None,
        lines=(CartLine(product, dice.number("units", 1, 2)),),
        store=store if dice.chance("a store is chosen", 60) else None,
        link_code=world.chain.link_code if dice.chance("through a link", 40) else None,
    )
    keys = ROOT_KEY.of(MERCHANT)
    world.server.write(lambda uow: orders.place(uow, keys, cart))
    order, payment = world.server.write(lambda uow: orders.start_payment(uow, cart.order, PROVIDER))
    answer = PaymentAnswer(
        payment.number, PaymentStatus.succeeded, payment.number, order.amount_fen, world.time.now
    )
    world.paid.append((cart.order.bytes, answer))
    _be_told_of_payment(world, answer)


def hear_of_payment_again(world: World, dice: Dice) -> None:
    """The provider tells of a payment once more, however late."""
    told = dice.pick(world.paid, lambda told: told[0])
    if told is not None:
        _be_told_of_payment(world, told[1])


def _be_told_of_payment(world: World, answer: PaymentAnswer) -> None:
    keys = ROOT_KEY.of(MERCHANT)
    paid = world.server.write(lambda uow: orders.paid(uow, keys, answer))

    def bought(uow: UnitOfWork) -> list[Sold]:
        terms = vouchers.terms_of(uow, paid.vouchers)
        return [
            Sold(
                name=paid.order.bytes,
                ref=ref,
                code=vouchers.code_of(uow, keys, ref),
                order=paid.order,
                uses=terms[ref].uses_total,
            )
            for ref in paid.vouchers
        ]

    world.sold += world.server.read(bought)


def _any_voucher(world: World, dice: Dice) -> Sold | None:
    return dice.pick(world.some_sold(dice), lambda sold: sold.name)


def show_code(world: World, dice: Dice) -> None:
    """A buyer opens the code page; somebody may keep a picture of it for ever."""
    sold = _any_voucher(world, dice)
    if sold is not None:
        open_code_page(world, sold)


def show_newest_code(world: World, dice: Dice) -> None:
    """A buyer opens the code page right after buying."""
    if world.sold:
        open_code_page(world, world.sold[-1])


def open_code_page(world: World, sold: Sold) -> None:
    """Remember the token that the page shows now, if there is one."""
    grant = world.server.read(lambda uow: holdings.open_grant(uow, sold.ref))
    if grant is None:
        return
    text = holdings.token_text(ROOT_KEY, MERCHANT, grant, sold.code)
    world.tokens.setdefault(text, ShownToken(text, grant.till, sold.ref))


def choose_store(world: World, dice: Dice) -> None:
    """A buyer takes a voucher to a store, or from one store to another."""
    sold = _any_voucher(world, dice)
    store = dice.pick(world.chain.stores, lambda store: store.bytes)
    if sold is None or store is None:
        return
    try:
        world.server.write(lambda uow: orders.choose_store(uow, sold.ref, store))
    except (OrderNotPaidError, TooManyStoreMovesError):
        return


def recall(world: World, dice: Dice) -> None:
    """Headquarters wants a voucher back."""
    sold = _any_voucher(world, dice)
    if sold is not None:
        world.server.write(lambda uow: holdings.recall(uow, sold.ref))


def refund(world: World, dice: Dice) -> None:
    """A buyer wants the money for unredeemed uses back."""
    sold = _any_voucher(world, dice)
    if sold is None:
        return
    try:
        world.server.write(lambda uow: orders.request_refund(uow, sold.order))
    except NotRefundableError:
        return


def reverse(world: World, dice: Dice) -> None:
    """Headquarters takes a redemption back; a till that holds what paid for it has to agree."""
    green = dice.pick(world.greens.values(), lambda green: green.eid.bytes)
    if green is None:
        return
    eid = EventId(green.eid)
    is_ours = world.server.read(lambda uow: _server_may_reverse(uow, eid))
    if is_ours is None:
        return
    world.server.write(lambda uow: _reverse(uow, eid))
    if is_ours:
        world.reversed_by_hq.add(green.eid.hex)


def _server_may_reverse(uow: UnitOfWork, eid: EventId) -> bool | None:
    """Whether no till holds what paid for a redemption; None if there is nothing to reverse."""
    books = open_books(uow, Wanted(undone={eid})).books
    event = books.events.get(eid)
    if event is None or event.status is not EventStatus.accepted:
        return None
    grant = books.grants.get(event.charged_grant) if event.charged_grant else None
    return grant is None or not grant.live


def _reverse(uow: UnitOfWork, eid: EventId) -> None:
    opened = open_books(uow, Wanted(undone={eid}))
    rules.reverse(opened.books, eid)
    terms = terms_needed(uow, opened)
    post_redemptions(uow, opened.books.facts, terms)
    close_books(uow, opened, terms)


def change_keeper(world: World, dice: Dice) -> None:
    """Another till of a store becomes keeper, or the same one gets a new key."""
    till = dice.pick(world.tills, lambda till: till.place.till.bytes)
    assert till is not None
    place = till.place
    world.server.write(
        lambda uow: holdings.appoint_keeper(uow, StoreId(place.store), TillId(place.till))
    )


def declare_lost(world: World, dice: Dice) -> None:
    """Headquarters gives a keeper up and appoints another one, sooner or later."""
    if not world.risky:
        return
    tenures = world.server.read(holdings.live_tenures)
    tenure = dice.pick(tenures, lambda tenure: tenure.number.to_bytes(8, "big"))
    if tenure is not None:
        world.server.write(lambda uow: holdings.declare_lost(uow, tenure.number))


def do_jobs(world: World, dice: Dice) -> None:
    """The server does what waits to be done, a chunk of each kind."""
    run_jobs(world, JOB_CHUNK)


def run_jobs(world: World, chunk: int) -> None:
    """One chunk of every job, each in a transaction of its own."""
    write = world.server.write
    write(lambda uow: holdings.follow_tenures(uow, chunk))
    for store in world.chain.stores:
        _grant_waiting(world, store, chunk)
    write(lambda uow: orders.settle_refunds(uow, chunk))
    write(lambda uow: orders.expire_unpaid(uow, chunk))


def _grant_waiting(world: World, store: StoreId, chunk: int) -> None:
    world.server.write(lambda uow: holdings.grant_waiting(uow, store, chunk))


def server_power_fails(world: World, dice: Dice) -> None:
    """In its next transaction the server's power is cut, between statements or before commit."""
    world.server.cut_after = dice.number("statements", 0, STATEMENTS_MAX)


def process_dies(world: World, dice: Dice) -> None:
    """The server's process is killed between two transactions and started again."""
    world.restart_server()


def time_passes(world: World, dice: Dice) -> None:
    """Nothing happens for a while."""
    seconds = dice.number("seconds", 5, 1_800)
    world.time.pass_by(timedelta(seconds=seconds))


def a_night_passes(world: World, dice: Dice) -> None:
    """Nothing happens for a long while: leases and vouchers may run out."""
    world.time.pass_by(timedelta(hours=dice.number("hours", 4, 30)))


def a_long_weekend_passes(world: World, dice: Dice) -> None:
    """A till without a line rests for days, and is then used again."""
    till = dice.pick(world.tills, lambda till: till.place.till.bytes)
    assert till is not None
    till.line_is_up = False
    world.network.cut(till.place.number)
    world.time.pass_by(timedelta(hours=dice.number("hours", 60, 90)))


ACTIONS: dict[str, tuple[Action, int]] = {
    "sell": (sell, 30),
    "hear_of_payment_again": (hear_of_payment_again, 4),
    "show_code": (show_code, 25),
    "show_newest_code": (show_newest_code, 40),
    "choose_store": (choose_store, 20),
    "recall": (recall, 10),
    "refund": (refund, 6),
    "reverse": (reverse, 14),
    "change_keeper": (change_keeper, 4),
    "declare_lost": (declare_lost, 2),
    "do_jobs": (do_jobs, 6),
    "server_power_fails": (server_power_fails, 8),
    "process_dies": (process_dies, 3),
    "time_passes": (time_passes, 8),
    "a_night_passes": (a_night_passes, 2),
    "a_long_weekend_passes": (a_long_weekend_passes, 2),
}
"""By name: what happens, and how often among all."""
