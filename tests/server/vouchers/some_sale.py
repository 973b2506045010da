"""A paid order line that tests turn into a voucher."""

from datetime import timedelta
from uuid import UUID

from server.kernel.keys import RootKey
from server.vouchers.rules import SplitTerms, VoucherSale
from shared.ids import DistributorId, OrderId, ProductId
from tests.server.database_under_test import MERCHANT, NOW

KEYS = RootKey(bytes(range(32))).of(MERCHANT)
ORDER = OrderId(UUID("01890000-0000-7000-8000-0000000000d1"))
SOME_SALE = VoucherSale(
    order=ORDER,
    order_number="0123456789",
    product=ProductId(UUID("01890000-0000-7000-8000-0000000000b1")),
    product_number=101,
    product_name="双人套餐",
    uses_total=2,
    value_fen=17_600,
    face_fen=25_600,
    valid_from=NOW,
    valid_until=NOW + timedelta(days=30),
    stores=None,
    per_visit_uses_max=1,
    attention=False,
    booked_slot=None,
    chosen_store=None,
    split=SplitTerms(DistributorId(UUID(int=5)), 1_000, 500, 3),
)
