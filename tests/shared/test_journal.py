"""The journal's chain: any lost, changed, swapped or foreign event is named."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.journal import (
    FIRST_HASH,
    Note,
    Redeem,
    UnknownEvent,
    decode_event,
    encode_event,
    event_hash,
    first_broken_link,
    intent_hash,
)
from shared.wire import GrantKey

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def chain(length: int, start: int = 1, last_hash: bytes = FIRST_HASH) -> list[bytes]:
    """That many notes, each naming the one before."""
    raws: list[bytes] = []
    for seq in range(start, start + length):
        raw = encode_event(Note(seq=seq, prev_hash=last_hash, at=AT, topic="test", body={}))
        raws.append(raw)
        last_hash = event_hash(raw)
    return raws


def test_a_whole_chain_has_no_broken_link() -> None:
    raws = chain(5)
    assert first_broken_link(raws) is None
    assert first_broken_link(raws[3:], 3, event_hash(raws[2])) is None


@given(st.data())
def test_any_flipped_bit_breaks_the_chain_at_that_event_or_the_next(data: st.DataObject) -> None:
    raws = chain(4)
    index = data.draw(st.integers(0, 2))
    place = data.draw(st.integers(0, len(raws[index]) - 1))
    changed = bytearray(raws[index])
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    raws[index] = bytes(changed)
    broken = first_broken_link(raws)
    assert broken is not None
    assert broken.seq in (index + 1, index + 2)


def test_a_gap_a_swap_and_a_foreign_event_are_named() -> None:
    raws = chain(4)
    assert first_broken_link([raws[0], raws[2]]) is not None
    assert first_broken_link([raws[1], raws[0]]) is not None
    foreign = chain(4, last_hash=b"x" * 32)
    broken = first_broken_link([raws[0], raws[1], foreign[2]])
    assert broken is not None
    assert (broken.seq, broken.what) == (3, "does not name the event before it")


def test_a_redemption_reads_back() -> None:
    event = Redeem(
        seq=1,
        prev_hash=FIRST_HASH,
        at=AT,
        eid=UUID(int=5),
        voucher_ref=b"v" * 16,
        uses=2,
        grant=GrantKey(3, 17),
        evidence=b"sealed",
    )
    assert decode_event(encode_event(event)) == event


def test_a_kind_from_the_future_is_kept_and_a_known_kind_with_wrong_fields_is_not() -> None:
    header = {"seq": 1, "prev_hash": FIRST_HASH, "at": AT}
    future = msgspec.json.encode({**header, "kind": "drawer_opened", "fingers": 3})
    assert isinstance(decode_event(future), UnknownEvent)
    with pytest.raises(msgspec.ValidationError):
        decode_event(msgspec.json.encode({**header, "kind": "redeem"}))


@given(st.binary(max_size=200))
def test_garbage_is_refused_as_such(garbage: bytes) -> None:
    broken = first_broken_link([garbage])
    assert broken is not None
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        decode_event(garbage)


def test_the_intent_covers_what_the_same_id_must_mean() -> None:
    eid, till = UUID(int=1), UUID(int=2)
    base = intent_hash(eid, b"v" * 16, 1, till)
    assert base == intent_hash(eid, b"v" * 16, 1, till)
    assert base != intent_hash(eid, b"v" * 16, 2, till)
    assert base != intent_hash(eid, b"w" * 16, 1, till)
    assert base != intent_hash(eid, b"v" * 16, 1, UUID(int=3))
