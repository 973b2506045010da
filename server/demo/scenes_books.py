"""The end of the story: everybody agrees, a refund is called back, the books are proved."""

from server.demo.books import copy_database, flip_a_byte_of_the_journal, verify
from server.demo.chain import ADMINISTRATOR, LAKE_STORE
from server.demo.counter import SYNC_KEY
from server.demo.stage import Stage
from server.demo.waiting import expect, until

ONLINE_SECONDS = 45.0
RECALL_SECONDS = 20.0


def other_till_and_console_agree(stage: Stage) -> str:
    """What was redeemed offline is used up at the other till and listed at headquarters."""
    bought = stage.voucher("token")
    # Left alone, a till tries again after half a minute at most; its cashier need not wait.
    stage.other_till.keyboard.press(SYNC_KEY)
    until(stage.other_till.is_online, "till 2 to be online again", seconds=ONLINE_SECONDS)
    seen = stage.other_till.refuses(
        lambda: stage.other_till.keyboard.scan(bought.code),
        bought.last_four,
        ("already_redeemed",),
    )
    assert stage.chain is not None
    stage.headquarters.log_in(ADMINISTRATOR, stage.chain.passwords[ADMINISTRATOR])
    stage.headquarters.open("/console/redemptions")
    rows = stage.headquarters.redemption_rows()
    for one in stage.redeemed:
        expect(
            any(one.last_four in row and LAKE_STORE in row for row in rows),
            f"··{one.last_four} in the console",
        )
    expect(len(rows) == len(stage.redeemed), f"{len(stage.redeemed)} rows, and saw {len(rows)}")
    value = stage.headquarters.redeemed_value()
    return f"{seen.reason} at the other till; {len(rows)} rows, {value} in the console"


def refund_by_recall(stage: Stage) -> str:
    """A voucher that till 1 holds is refunded: recalled, released, paid back, and dead."""
    bought = stage.voucher("refund")
    file = stage.till.file
    expect(file.uses_held(bought.last_four) == 1, "till 1 to hold the voucher")
    releases = file.count_of("release")
    bought.buyer.ask_for_refund(bought)
    until(
        lambda: file.count_of("release") > releases, "till 1 to release it", seconds=RECALL_SECONDS
    )
    expect(file.uses_held(bought.last_four) == 0, "till 1 to hold it no more")
    until(
        lambda: bought.buyer.look(bought).states.get("ticket") == "refunded",
        "the buyer's page to say that it is refunded",
        seconds=RECALL_SECONDS,
    )
    seen = stage.till.refuses(
        lambda: stage.till.keyboard.scan(bought.code), bought.last_four, ("refunded",)
    )
    bought.buyer.show_on(stage.browsers.phone, bought)
    return f"recalled, released by till 1, refunded; the counter says {seen.reason}"


def books_verified(stage: Stage) -> str:
    """The proof passes on the real books, and fails when one bit of one event is flipped."""
    copy = stage.private / "flipped.sqlite"
    proved, said = verify(stage.server.database)
    expect(proved, f"the books to be in order: {said}")
    copy_database(stage.server.database, copy)
    changed = flip_a_byte_of_the_journal(copy)
    believed, complaint = verify(copy)
    expect(not believed, f"the proof to notice that {changed} was changed")
    stage.headquarters.open("/console/ledger")
    return f"{said}; with one bit of {changed} flipped: {complaint}"
