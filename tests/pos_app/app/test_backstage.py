"""Till and server together, over HTTP on loopback."""

from pathlib import Path

from pos_app.core.verdict import Lane
from shared.reasons import Reason
from tests.pos_app.app.tills_at_work import open_backstage, pair, synced
from tests.server.api.running_server import World


def test_a_till_is_paired_synced_and_redeems_what_it_holds(
    world: World, shop: int, tmp_path: Path
) -> None:
    with open_backstage(tmp_path / "till") as (stage, ears):
        pair(stage, world, tmp_path / "till", shop)
        [voucher] = world.sell(1, store=shop)
        ears.until(lambda: stage.status()[0].vouchers == 1)
        verdict = stage.scan(voucher.code, repeated=False)
        assert (verdict.reason, verdict.lane) == (Reason.accepted, Lane.held)
        ears.until(lambda: synced(stage))


def test_a_voucher_of_the_server_is_asked_for(world: World, shop: int, tmp_path: Path) -> None:
    with open_backstage(tmp_path / "till") as (stage, ears):
        pair(stage, world, tmp_path / "till", shop)
        [voucher] = world.sell(1)
        ears.until(lambda: synced(stage))
        verdict = stage.scan(voucher.code, repeated=False)
        assert (verdict.reason, verdict.lane) == (Reason.accepted, Lane.asked)
        again = stage.scan(voucher.code, repeated=False)
        assert not again.accepted
