"""What a product may be, and until when its vouchers are valid."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.catalog.rules import Product, Stock, Validity, product_faults, validity_of
from shared.clock import utc
from shared.ids import StoreId
from tests.server.catalog.some_product import SOME_PRODUCT

SHANGHAI = ZoneInfo("Asia/Shanghai")


def faulty_fields(product: Product) -> list[str]:
    return [field for field, _ in product_faults(product)]


def test_a_sound_product_has_no_faults() -> None:
    assert product_faults(SOME_PRODUCT) == []


@pytest.mark.parametrize(
    ("product", "field"),
    [
        (replace(SOME_PRODUCT, number=16_384), "number"),
        (replace(SOME_PRODUCT, name="  "), "name"),
        (replace(SOME_PRODUCT, price_fen=0), "price_fen"),
        (replace(SOME_PRODUCT, uses_per_unit=64), "uses_per_unit"),
        (replace(SOME_PRODUCT, per_visit_uses_max=0), "per_visit_uses_max"),
        (replace(SOME_PRODUCT, stores=frozenset[StoreId]()), "stores"),
        (replace(SOME_PRODUCT, validity=Validity(0)), "validity"),
        (replace(SOME_PRODUCT, validity=Validity(None)), "validity"),
        (replace(SOME_PRODUCT, validity=Validity(5, utc(2026, 1, 1))), "validity"),
        (
            replace(SOME_PRODUCT, validity=Validity(None, utc(2026, 1, 2), utc(2026, 1, 1))),
            "validity",
        ),
        (replace(SOME_PRODUCT, level1_rate_bp=3_001), "level1_rate_bp"),
        (replace(SOME_PRODUCT, level1_rate_bp=3_000, platform_rate_bp=7_001), "platform_rate_bp"),
    ],
)
def test_a_fault_names_its_field(product: Product, field: str) -> None:
    assert field in faulty_fields(product)


def test_days_end_with_a_local_calendar_day() -> None:
    # 23:30 on 1 March in Shanghai; seven days later ends when 8 March is over there.
    paid_at = utc(2026, 3, 1, 15, 30)
    assert validity_of(Validity(7), paid_at, SHANGHAI) == (paid_at, utc(2026, 3, 8, 16))


def test_fixed_dates_stay_as_they_are() -> None:
    rule = Validity(None, utc(2026, 5, 1), utc(2026, 6, 1))
    assert validity_of(rule, utc(2026, 4, 1), SHANGHAI) == (utc(2026, 5, 1), utc(2026, 6, 1))


@given(
    st.integers(1, 400),
    st.integers(0, 40 * 365 * 24),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]),
)
def test_so_many_days_are_never_cut_short(days: int, hours: int, zone: str) -> None:
    paid_at = utc(2020, 1, 1) + timedelta(hours=hours)
    _, until = validity_of(Validity(days), paid_at, ZoneInfo(zone))
    # An hour less where clocks are set forward in between.
    assert until - paid_at >= timedelta(days=days) - timedelta(hours=1)
    assert until - paid_at <= timedelta(days=days + 2)


def test_what_is_left_of_stock() -> None:
    assert Stock(10, 3, 4).left == 3
    assert Stock(None, 3, 4).left is None
