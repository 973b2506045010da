"""What the demo reads from outside must be what a till writes."""

from pathlib import Path

from server.demo.till_file import TillFile
from shared.voucher_code import code_from_body
from tests.pos_app.tills import CODE, paired

LAST_FOUR = CODE[-4:]


def test_a_till_that_is_not_there_yet_has_written_nothing(tmp_path: Path) -> None:
    file = TillFile(tmp_path / "till.sqlite")
    assert (file.last_seq(), file.pending(), file.uses_held()) == (0, 0, 0)
    assert not file.is_synced()


def test_a_held_voucher_is_followed_from_the_feed_to_its_use(tmp_path: Path) -> None:
    counter = paired(tmp_path / "till.sqlite")
    counter.hear(counter.grant(uses=2))
    file = TillFile(tmp_path / "till.sqlite")
    assert file.is_synced()
    assert file.till_id() == counter.identity.till.hex
    assert (file.uses_held(LAST_FOUR), file.uses_held("0000")) == (2, 0)

    before = file.last_seq()
    assert file.scan_after(before) is None
    counter.till.redeem(counter.offline(CODE))

    seen = file.scan_after(before, LAST_FOUR)
    assert seen is not None
    assert (seen.lane, seen.reason, seen.last_four) == ("held", "accepted", LAST_FOUR)
    assert file.uses_held(LAST_FOUR) == 1
    assert (file.pending(), file.count_of("redeem"), file.history_rows()) == (1, 1, 1)


def test_a_refusal_is_seen_with_its_reason(tmp_path: Path) -> None:
    counter = paired(tmp_path / "till.sqlite")
    file = TillFile(tmp_path / "till.sqlite")
    unsold = code_from_body(55_555_555_555)
    counter.till.redeem(counter.offline(unsold))

    seen = file.scan_after(0, unsold[-4:])
    assert seen is not None
    assert (seen.lane, seen.reason) == ("none", "offline_forbidden")


def test_the_grant_a_token_brings_is_counted(tmp_path: Path) -> None:
    counter = paired(tmp_path / "till.sqlite")
    file = TillFile(tmp_path / "till.sqlite")
    counter.till.redeem(counter.offline(counter.token(counter.grant())))
    assert file.count_of("token_seen") == 1
