"""The story while the line is up: a chain, forty orders, three ways to redeem, two refusals."""

import time

from server.demo.buyer import Purchase, code_on, picture_of, qr_on
from server.demo.chain import (
    ACADEMY_STORE,
    ADMINISTRATOR,
    COFFEE_CARD,
    LAKE_STORE,
    SET_MEAL,
    STATION_STORE,
    STUDENT_LUNCH,
)
from server.demo.counter import CAMERA_KEY, Counter
from server.demo.phone_video import film_counter, film_phone
from server.demo.stage import Stage, seconds_since
from server.demo.waiting import expect, until

ORDERS = 40
LIVE_SECONDS = 3.0
"""How long a row may take to the console's page; one second is the aim, machines are shared."""
FIRST_SYNC_SECONDS = 30.0

# What is bought for a part of the story: product, and the store the buyer chose.
PARTS: dict[str, tuple[int, str | None]] = {
    "gun": (SET_MEAL, LAKE_STORE),
    "camera": (COFFEE_CARD, LAKE_STORE),
    "typed": (SET_MEAL, None),
    "wrong store": (STUDENT_LUNCH, ACADEMY_STORE),
    "held offline": (SET_MEAL, LAKE_STORE),
    "killed": (COFFEE_CARD, LAKE_STORE),
    "refund": (SET_MEAL, LAKE_STORE),
}
# The other orders, in turn.
CROWD: tuple[tuple[int, str | None], ...] = (
    (SET_MEAL, LAKE_STORE),
    (COFFEE_CARD, STATION_STORE),
    (STUDENT_LUNCH, STATION_STORE),
    (SET_MEAL, ACADEMY_STORE),
    (COFFEE_CARD, None),
)


def chain_created(stage: Stage) -> str:
    """Import the chain, open the console, pair two tills as people do."""
    film_counter(stage.video)
    # Both tills start while the server does; nobody is in the shop yet.
    stage.till.open()
    stage.other_till.open()
    stage.server.start()
    chain = stage.import_chain()
    expect(chain.stores == 3, f"3 stores, and {chain.stores} were made")  # noqa: PLR2004
    expect(len(chain.link_codes) == 2, "2 distributors with links of their own")  # noqa: PLR2004
    stage.headquarters.log_in(ADMINISTRATOR, chain.passwords[ADMINISTRATOR])
    _pair(stage, stage.till, stage.line.url)
    _pair(stage, stage.other_till, stage.server.address)
    stage.headquarters.open("/console/tills")
    return f"{chain.stores} stores, {chain.products} products, 2 distributors, 2 tills paired"


def _pair(stage: Stage, counter: Counter, address: str) -> None:
    setup = counter.setup
    code = stage.headquarters.new_till_code(setup.store, setup.name)
    digits = counter.pair(address, code, stage.digits.read)
    shown = stage.headquarters.pairing_digits()
    expect(shown == digits, f"the same digits on both screens, and saw {shown} and {digits}")
    stage.headquarters.confirm_digits()
    until(counter.file.is_synced, f"the first sync of {setup.name}", seconds=FIRST_SYNC_SECONDS)
    counter.wait_until_ready()


def orders_paid(stage: Stage) -> str:
    """Forty customers, half of them sent by a distributor, buy and pay in the shop."""
    assert stage.chain is not None
    senders = (*stage.chain.link_codes, None, None)
    crowd = [CROWD[number % len(CROWD)] for number in range(ORDERS - len(PARTS))]
    for number, (part, wish) in enumerate([*PARTS.items(), *((None, wish) for wish in crowd)]):
        bought = _buy(stage, senders[number % len(senders)], wish)
        if part is not None:
            stage.vouchers[part] = bought
    expect(len({bought.code for bought in stage.sold}) >= ORDERS, "forty different codes")
    held = [bought for bought in stage.sold if bought.store == LAKE_STORE]
    until(
        lambda: all(stage.till.file.uses_held(bought.last_four) for bought in held),
        f"{len(held)} vouchers at till 1",
    )
    gun = stage.voucher("gun")
    gun.buyer.show_on(stage.browsers.phone, gun)
    return (
        f"{len(stage.sold)} orders paid over HTTP; {len(held)} vouchers reached till 1 by its feed"
    )


def _buy(stage: Stage, sender: str | None, wish: tuple[int, str | None]) -> Purchase:
    """Buy until the code ends in four digits of its own, by which the story can follow it."""
    while True:
        taken = {bought.last_four for bought in stage.sold}
        bought = stage.buyer(sender).buy(*wish)
        stage.sold.append(bought)
        if bought.last_four not in taken:
            return bought


def gun_redeems(stage: Stage) -> str:
    """A barcode gun reads the phone, and headquarters sees it without reloading."""
    bought = stage.voucher("gun")
    bought.buyer.show_on(stage.browsers.phone, bought)
    text = qr_on(stage.browsers.phone)
    stage.headquarters.open("/console/redemptions")
    stage.headquarters.wait_until_live()
    seen = stage.till.redeems(lambda: stage.till.keyboard.scan(text), bought.last_four)
    started = time.monotonic()
    expect(seen.lane == "held", f"the till to decide alone, and it was {seen.lane}")
    stage.headquarters.wait_for_row(bought.last_four, LAKE_STORE, seconds=LIVE_SECONDS)
    waited = seconds_since(started)
    stage.redeemed.append(bought)
    return f"{len(text)} keys, green, decided by the till; in the console {waited:.1f} s later"


def camera_redeems(stage: Stage) -> str:
    """The camera sees a phone with the code page on it."""
    bought = stage.voucher("camera")
    bought.buyer.show_on(stage.browsers.phone, bought)
    film_phone(picture_of(stage.browsers.phone), stage.video)
    seen = stage.till.redeems(lambda: stage.till.keyboard.press(CAMERA_KEY), bought.last_four)
    expect(seen.lane == "held", f"the till to decide alone, and it was {seen.lane}")
    stage.redeemed.append(bought)
    return "a filmed phone, moving and tilted, read and redeemed"


def _put_phone_away(stage: Stage) -> None:
    """Switch the camera off, and let it see an empty counter from now on."""
    stage.till.keyboard.press(CAMERA_KEY)
    film_counter(stage.video)


def typed_redeems(stage: Stage) -> str:
    """Twelve digits typed by hand; no store was chosen, so the server is asked."""
    _put_phone_away(stage)
    bought = stage.voucher("typed")
    seen = stage.till.redeems(lambda: stage.till.type_code(bought.code), bought.last_four)
    expect(seen.lane == "asked", f"the till to ask the server, and it was {seen.lane}")
    stage.redeemed.append(bought)
    return "12 digits typed; held by the server, which was asked and agreed"


def used_again_refused(stage: Stage) -> str:
    """The first voucher again: refused here, and at the other till with when and where."""
    bought = stage.voucher("gun")
    here = stage.till.refuses(
        lambda: stage.till.keyboard.scan(bought.code),
        bought.last_four,
        ("already_redeemed", "just_redeemed_here"),
    )
    there = stage.other_till.refuses(
        lambda: stage.other_till.keyboard.scan(bought.code),
        bought.last_four,
        ("already_redeemed",),
    )
    facts = stage.server_file.facts_of_newest_refusal()
    expect(facts.get("store") == LAKE_STORE, f"the store to be named, and the facts are {facts}")
    expect(facts.get("happened_at"), f"the time to be named, and the facts are {facts}")
    return f"{here.reason} here; {there.reason} elsewhere: {facts['store']}, {facts['happened_at']}"


def wrong_store_refused(stage: Stage) -> str:
    """A voucher of a product that this store does not take."""
    bought = stage.voucher("wrong store")
    seen = stage.till.refuses(
        lambda: stage.till.keyboard.scan(bought.code), bought.last_four, ("wrong_store",)
    )
    still_usable(bought)
    return f"{seen.reason}; the voucher is untouched"


def still_usable(bought: Purchase) -> None:
    """See that a voucher's page still shows its code.

    Raises:
        StepFailedError: it does not.
    """
    expect(code_on(bought.buyer.look(bought)) == bought.code, "the code on the buyer's page")
