"""Amounts, moments and codes as people read them."""

from zoneinfo import ZoneInfo

import pytest

from server.web.formats import code_groups, moment_filters, money
from server.web.language import Language
from shared.clock import utc

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("amount_fen", "text"),
    [(0, "¥0.00"), (5, "¥0.05"), (8_800, "¥88.00"), (123_456_789, "¥1,234,567.89"), (-1, "−¥0.01")],
)
def test_money_is_written_to_the_fen(amount_fen: int, text: str) -> None:
    assert money(amount_fen) == text


def test_a_code_is_read_in_fours() -> None:
    assert code_groups("123456789012") == ["1234", "5678", "9012"]


def test_moments_are_local_and_in_the_readers_language() -> None:
    at = utc(2026, 11, 21, 17, 5)
    chinese, english = moment_filters(Language.zh_cn), moment_filters(Language.en)

    assert chinese["moment"](at, SHANGHAI) == "2026年11月22日 01:05"
    assert english["moment"](at, SHANGHAI) == "22 Nov 2026, 01:05"
    assert english["day_of"](at, SHANGHAI) == "22 Nov 2026"


def test_the_last_day_of_a_validity_is_the_day_before_its_end() -> None:
    midnight = utc(2026, 12, 22, 16)

    assert moment_filters(Language.en)["last_day"](midnight, SHANGHAI) == "22 Dec 2026"
