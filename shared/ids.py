"""The identifiers of the product, one type each, so that a store's id cannot pass for a till's.

Every id is a UUIDv7 made by whoever starts the fact, and stored before it is sent. Code that needs
a new id receives an `IdSource`; the programs hand in `uuid_utils.compat.uuid7`, the simulation a
seeded one.
"""

from collections.abc import Callable
from typing import NewType
from uuid import UUID

MerchantId = NewType("MerchantId", UUID)
StoreId = NewType("StoreId", UUID)
TillId = NewType("TillId", UUID)
StaffId = NewType("StaffId", UUID)
ProductId = NewType("ProductId", UUID)
OrderId = NewType("OrderId", UUID)
DistributorId = NewType("DistributorId", UUID)
EventId = NewType("EventId", UUID)
"""One customer intention at a counter, kept through every lane and retry."""

VoucherRef = NewType("VoucherRef", bytes)
"""16 bytes: a keyed hash of the redemption code; see `shared.voucher_code.voucher_ref`."""

IdSource = Callable[[], UUID]
"""Makes a new UUIDv7 at each call."""

EntropySource = Callable[[int], bytes]
"""Returns that many unpredictable bytes."""
