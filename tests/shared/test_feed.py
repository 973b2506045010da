"""The feed: entries are read back as written, and what they say of a voucher hides its buyer."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from shared.feed import (
    AnyEntry,
    GrantEntry,
    Keep,
    Reverse,
    VoucherCard,
    decode_entry,
    encode_entry,
    entry_number,
)

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
GRANT = GrantEntry(
    feed_no=4,
    tenure=2,
    voucher_ref=b"v" * 16,
    uses=1,
    product_number=7,
    valid_from=AT,
    valid_until=AT,
    per_visit_uses_max=1,
    card=VoucherCard(
        last_four="7999",
        value_fen=5000,
        face_fen=6800,
        order_number="A1001",
        uses_total=1,
        attention=False,
        booked_slot=None,
    ),
)


@pytest.mark.parametrize(
    "entry", [Keep(feed_no=1, tenure=2), GRANT, Reverse(feed_no=9, eid=UUID(int=1))]
)
def test_an_entry_reads_back(entry: AnyEntry) -> None:
    raw = encode_entry(entry)
    assert decode_entry(raw) == entry
    assert entry_number(raw) == entry.feed_no


def test_an_entry_of_an_unknown_kind_still_has_its_number() -> None:
    raw = msgspec.json.encode({"kind": "from_the_future", "feed_no": 12})
    assert entry_number(raw) == 12
    with pytest.raises(msgspec.ValidationError):
        decode_entry(raw)


def test_a_card_has_no_place_for_a_name_a_phone_or_a_code() -> None:
    fields = set(VoucherCard.__struct_fields__)
    assert not fields & {"name", "phone", "code", "buyer"}
