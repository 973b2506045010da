"""Sorts the events of an upload by what is already known of the journal: repeats, news, a fork.

Source: protocol rule S13 and section 2 (table "Journal").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from server.holdings.rules.records import Head
from shared.journal import (
    FIRST_HASH,
    AnyEvent,
    EventHeader,
    Provisional,
    Redeem,
    Release,
    ReleaseAll,
    TenureDone,
    Undo,
    UnknownEvent,
    Void,
    decode_event,
    event_hash,
    first_broken_link,
    read_header,
)
from shared.voucher_code import VOUCHER_REF_BYTES

USES_MAX = 63
"""Six bits in a token."""
NUMBER_MAX = 2**31 - 1
CLERK_LENGTH_MAX = 64
YEARS = range(2000, 9000)


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """One event of an upload; `event` is None if it is of a known kind with wrong fields."""

    header: EventHeader
    raw: bytes
    event_hash: bytes
    event: AnyEvent | UnknownEvent | None


@dataclass(slots=True)
class SortedUpload:
    """The events of an upload, each in one of three lists.

    Attributes:
        repeats: known already.
        new: follow the head.
        branch: contradict what is known, with all that follow them.
        broken: nothing of it can be taken, because it is no chain or leaves a gap.
    """

    repeats: list[ReadEvent] = field(default_factory=list)
    new: list[ReadEvent] = field(default_factory=list)
    branch: list[ReadEvent] = field(default_factory=list)
    broken: bool = False


def read_upload(raws: Sequence[bytes]) -> list[ReadEvent] | None:
    """Read events that follow each other; None if they do not."""
    if not raws:
        return []
    try:
        first = read_header(raws[0])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if first.seq < 1 or first_broken_link(raws, first.seq - 1, first.prev_hash) is not None:
        return None
    return [ReadEvent(read_header(raw), raw, event_hash(raw), _read(raw)) for raw in raws]


def _read(raw: bytes) -> AnyEvent | UnknownEvent | None:
    try:
        event = decode_event(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return event if _is_acceptable(event) else None


def _is_acceptable(event: AnyEvent | UnknownEvent) -> bool:
    """Whether numbers, times and texts are of a size that a till can have meant."""
    if event.at.tzinfo is None or event.at.year not in YEARS:
        return False
    if event.clerk is not None and not _is_plain(event.clerk):
        return False
    return _has_acceptable_numbers(event)


def _has_acceptable_numbers(event: AnyEvent | UnknownEvent) -> bool:
    acceptable = True
    match event:
        case Redeem():
            grant = event.grant
            acceptable = _is_intention(event) and _is_number(grant.tenure, grant.feed_no)
        case Provisional() | Void():
            acceptable = _is_intention(event)
        case Undo():
            acceptable = 1 <= event.uses <= USES_MAX
        case Release():
            acceptable = 0 <= event.uses <= USES_MAX
            acceptable &= _is_number(event.grant.tenure, event.grant.feed_no)
        case TenureDone() | ReleaseAll():
            acceptable = _is_number(event.tenure)
    return acceptable


def _is_plain(text: str) -> bool:
    return len(text) <= CLERK_LENGTH_MAX and text.isprintable()


def _is_intention(event: Redeem | Provisional | Void) -> bool:
    return len(event.voucher_ref) == VOUCHER_REF_BYTES and 1 <= event.uses <= USES_MAX


def _is_number(*numbers: int) -> bool:
    return all(1 <= number <= NUMBER_MAX for number in numbers)


def sort_upload(
    head: Head, events: Sequence[ReadEvent] | None, known_hashes: Mapping[int, bytes]
) -> SortedUpload:
    """Compare an upload with what is known of its journal.

    Args:
        head: of the journal.
        events: from `read_upload`.
        known_hashes: by number, for those events that are not above the head.

    Returns:
        The events sorted. An event with another hash at a known number, or one that names another
        hash before it than the known one, is evidence of a fork: the till itself signed both.
    """
    sorted_upload = SortedUpload(broken=events is None)
    if not events:
        return sorted_upload
    first = events[0].header
    if first.seq > head.last_seq + 1 or (first.seq == 1 and first.prev_hash != FIRST_HASH):
        sorted_upload.broken = True
        return sorted_upload
    for event in events:
        seq = event.header.seq
        if sorted_upload.branch:
            sorted_upload.branch.append(event)
        elif seq > head.last_seq:
            follows = seq > head.last_seq + 1 or event.header.prev_hash == head.last_hash
            (sorted_upload.new if follows else sorted_upload.branch).append(event)
        else:
            is_same = known_hashes[seq] == event.event_hash
            (sorted_upload.repeats if is_same else sorted_upload.branch).append(event)
    return sorted_upload
