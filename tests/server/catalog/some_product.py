"""A product that tests sell."""

from uuid import UUID

from server.catalog.rules import Product, Validity
from shared.ids import ProductId

SOME_PRODUCT = Product(
    id=ProductId(UUID("01890000-0000-7000-8000-0000000000b1")),
    number=101,
    name="双人套餐",
    description="",
    price_fen=8_800,
    face_fen=12_800,
    uses_per_unit=1,
    per_visit_uses_max=1,
    validity=Validity(30),
    stores=None,
    refundable=True,
    booking_required=False,
    provisional_allowed=False,
    attention_text=None,
    platform_rate_bp=500,
    level1_rate_bp=1_000,
    rule_version=1,
    on_shelf=True,
)
