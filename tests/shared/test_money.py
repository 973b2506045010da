"""Money: nothing is lost or made by splitting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import Fen, split, value_of_uses, yuan_text

amounts = st.integers(0, 10**12).map(Fen)
weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any)


class TestSplit:
    """Largest remainder."""

    @given(amounts, weights)
    def test_the_shares_add_up_to_the_total(self, total: Fen, parts: list[int]) -> None:
        assert sum(split(total, parts)) == total

    @given(amounts, weights)
    def test_no_share_is_a_whole_fen_away_from_its_exact_part(
        self, total: Fen, parts: list[int]
    ) -> None:
        whole = sum(parts)
        for share, part in zip(split(total, parts), parts, strict=True):
            assert abs(share * whole - total * part) < whole

    @pytest.mark.parametrize(
        ("total", "parts", "shares"),
        [
            (5000, [9000, 1000], [4500, 500]),
            (100, [1, 1, 1], [34, 33, 33]),
            (1, [1, 1], [1, 0]),
            (0, [3, 7], [0, 0]),
        ],
    )
    def test_known_splits(self, total: int, parts: list[int], shares: list[int]) -> None:
        assert split(Fen(total), parts) == shares


class TestValueOfUses:
    """A voucher's value over any order of partial redemptions."""

    @given(amounts, st.lists(st.integers(1, 5), min_size=1, max_size=8))
    def test_any_order_of_visits_gives_out_the_whole_value(
        self, paid: Fen, visits: list[int]
    ) -> None:
        left, uses_left, given_out = paid, sum(visits), 0
        for uses in visits:
            value = value_of_uses(left, uses, uses_left)
            assert 0 <= value <= left
            left, uses_left, given_out = Fen(left - value), uses_left - uses, given_out + value
        assert given_out == paid


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (123450, "1234.50"), (-1, "-0.01")]
)
def test_fen_are_written_as_yuan(fen: int, text: str) -> None:
    assert yuan_text(fen) == text
