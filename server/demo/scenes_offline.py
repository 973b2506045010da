"""The story while the server is down: redeeming goes on, a kill loses nothing, the line returns."""

import secrets

from server.demo.buyer import qr_on
from server.demo.chain import LAKE_STORE, SET_MEAL
from server.demo.stage import Stage
from server.demo.waiting import expect, until
from shared.voucher_code import VoucherCode, new_code

DRAIN_SECONDS = 45.0


def line_cut(stage: Stage) -> str:
    """Till 1 loses its line, one more voucher is sold, then the server itself is stopped."""
    until(lambda: stage.till.file.pending() == 0, "till 1 to have sent everything")
    stage.till.keyboard.press("Escape")
    stage.line.cut()
    # Sold when the till can hear nothing any more; only the customer's phone knows of it.
    bought = stage.buyer().buy(SET_MEAL, LAKE_STORE)
    stage.sold.append(bought)
    stage.vouchers["token"] = bought
    bought.buyer.show_on(stage.browsers.phone, bought)
    stage.token = qr_on(stage.browsers.phone)
    stage.server.stop()
    expect(not stage.server.is_running, "the server's process to be gone")
    expect(stage.till.file.uses_held(bought.last_four) == 0, "till 1 not to have heard of the sale")
    until(stage.till.is_offline, "till 1 to say that it is offline", seconds=DRAIN_SECONDS)
    return "line cut, one more voucher sold, server process stopped"


def held_redeems_offline(stage: Stage) -> str:
    """A voucher that the till holds, by its digits: green, final, as fast as ever."""
    bought = stage.voucher("held offline")
    seen = stage.till.redeems(lambda: stage.till.keyboard.scan(bought.code), bought.last_four)
    expect(seen.lane == "held", f"a final redemption, and it was {seen.lane}")
    stage.redeemed.append(bought)
    return f"green without a server; {stage.till.file.pending()} events wait"


def token_from_phone_redeems_offline(stage: Stage) -> str:
    """A voucher the till never heard of: the QR code brings the news."""
    bought = stage.voucher("token")
    seen = stage.till.redeems(lambda: stage.till.keyboard.scan(stage.token), bought.last_four)
    expect(seen.lane == "held", f"a final redemption, and it was {seen.lane}")
    expect(stage.till.file.count_of("token_seen") == 1, "the token's grant in the journal")
    stage.redeemed.append(bought)
    return "sold after the cut, never synced, redeemed from the phone"


def unknown_refused_offline(stage: Stage) -> str:
    """Twelve good digits that nobody sold."""
    code = _unsold(stage)
    seen = stage.till.refuses(
        lambda: stage.till.keyboard.scan(code), code[-4:], ("offline_forbidden", "unknown")
    )
    return f"{seen.reason}: nothing the till holds, nobody to ask"


def _unsold(stage: Stage) -> VoucherCode:
    sold = {bought.last_four for bought in stage.sold}
    while True:
        code = new_code(secrets.token_bytes)
        if code[-4:] not in sold:
            return code


def killed_and_restarted(stage: Stage) -> str:
    """`kill -9` right after green, before anything was sent: it is all still there."""
    bought = stage.voucher("killed")
    file = stage.till.file
    stage.till.redeems(lambda: stage.till.keyboard.scan(bought.code), bought.last_four)
    stage.redeemed.append(bought)
    before = (file.last_seq(), file.pending(), file.history_rows())
    left = file.uses_held(bought.last_four)
    stage.till.kill()
    stage.till.open()
    stage.till.wait_until_ready()
    after = (file.last_seq(), file.pending(), file.history_rows())
    expect(after == before, f"the same journal after the restart: {before}, and it is {after}")
    expect(file.uses_held(bought.last_four) == left, "the same uses left")
    stage.till.keyboard.press("F3")
    return f"journal {after[0]} events, {after[1]} waiting, history {after[2]} rows: as before"


def line_back_drained(stage: Stage) -> str:
    """The server starts, the line is mended: everything is handed in."""
    file = stage.till.file
    waiting = file.pending()
    expect(waiting > 0, "events to wait")
    stage.server.start()
    stage.line.mend()
    until(lambda: file.pending() == 0, "nothing to wait any more", seconds=DRAIN_SECONDS)
    there, here = stage.server_file.journal_events(file.till_id()), file.last_seq()
    expect(there == here, f"{here} events at the server, and it has {there}")
    until(stage.till.is_online, "till 1 to say that it is online", seconds=DRAIN_SECONDS)
    return f"{waiting} events handed in; the server has all {there}"
