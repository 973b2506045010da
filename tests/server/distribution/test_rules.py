"""A redeemed amount is shared exactly, whatever the rates."""

import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.distribution.rules import (
    LINK_CODE_ALPHABET,
    LINK_CODE_LENGTH,
    Split,
    cleaned_link_code,
    new_link_code,
    redemption_split,
)
from server.vouchers.rules import SplitTerms
from shared.ids import DistributorId
from shared.money import value_of_uses

SOMEBODY = DistributorId(UUID(int=7))


def terms(
    level1_rate_bp: int, platform_rate_bp: int, distributor: DistributorId | None = SOMEBODY
) -> SplitTerms:
    return SplitTerms(distributor, level1_rate_bp, platform_rate_bp, rule_version=1)


rates = st.tuples(st.integers(0, 3_000), st.integers(0, 7_000))


@given(st.integers(0, 10**9), rates)
def test_no_fen_is_lost_or_made(value_fen: int, pair: tuple[int, int]) -> None:
    shared = redemption_split(value_fen, terms(*pair))
    assert shared.store_fen + shared.level1_fen + shared.platform_fen == value_fen
    assert min(shared.store_fen, shared.level1_fen, shared.platform_fen) >= 0


@given(st.integers(0, 10**9), rates)
def test_a_share_is_off_by_less_than_one_fen(value_fen: int, pair: tuple[int, int]) -> None:
    level1_rate_bp, platform_rate_bp = pair
    shared = redemption_split(value_fen, terms(level1_rate_bp, platform_rate_bp))
    assert abs(shared.level1_fen * 10_000 - value_fen * level1_rate_bp) < 10_000
    assert abs(shared.platform_fen * 10_000 - value_fen * platform_rate_bp) < 10_000


@given(st.integers(1, 10**7), st.integers(1, 63), rates, st.randoms(use_true_random=False))
def test_partial_redemptions_add_up_to_the_whole(
    value_fen: int, uses: int, pair: tuple[int, int], draw: random.Random
) -> None:
    left_fen, left, total = value_fen, uses, 0
    while left:
        taken = draw.randint(1, left)
        part_fen = value_of_uses(left_fen, taken, left)  # type: ignore[arg-type]
        shared = redemption_split(part_fen, terms(*pair))
        total += shared.store_fen + shared.level1_fen + shared.platform_fen
        left_fen, left = left_fen - part_fen, left - taken
    assert total == value_fen


def test_without_a_distributor_the_store_has_the_commission() -> None:
    assert redemption_split(10_000, terms(1_000, 500, None)) == Split(9_500, 0, 500)  # type: ignore[arg-type]
    assert redemption_split(10_000, terms(1_000, 500)) == Split(8_500, 1_000, 500)  # type: ignore[arg-type]


@pytest.mark.parametrize(("level1", "platform"), [(3_001, 0), (-1, 0), (3_000, 7_001), (0, -1)])
def test_rates_above_the_cap_cannot_exist(level1: int, platform: int) -> None:
    with pytest.raises(AssertionError):
        terms(level1, platform)


def test_link_codes_use_every_letter_and_no_other() -> None:
    codes = [new_link_code(random.Random(5).randbytes)]
    draw = random.Random(6)
    codes += [new_link_code(draw.randbytes) for _ in range(500)]
    assert {len(code) for code in codes} == {LINK_CODE_LENGTH}
    assert set("".join(codes)) == set(LINK_CODE_ALPHABET)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    "text", ["", "abc", "abcdefg0", "abcdefgh2", "灯笼灯笼灯笼灯笼", "abcdef'; "]
)
def test_what_cannot_be_a_link_code_is_none(text: str) -> None:
    assert cleaned_link_code(text) is None


def test_a_link_code_may_be_written_in_capitals() -> None:
    assert cleaned_link_code(" ABCDEFGH ") == "abcdefgh"
