"""Reads the bodies of tills' requests: exact bytes, bounded, each value within its range."""

from typing import TypeVar

import msgspec

from server.tills.rules import TillIdentity
from shared import wire
from shared.errors import DomainError, InvalidInputError, NotAllowedError

NUMBER_MAX = 2**31 - 1
"""Sequence and feed numbers fit the databases' integers."""
CLERK_CHARACTERS_MAX = 64
VERSION_CHARACTERS_MAX = 32
VOUCHER_REF_BYTES = 16
NONCE_BYTES_MAX = 64
USES_MAX = 10_000
BODY_BYTES_MAX = wire.UPLOAD_BYTES_MAX

Body = TypeVar("Body")


class MalformedRequestError(DomainError):
    """The body is not JSON of the expected form."""

    code = "malformed_request"


class RequestTooLargeError(DomainError):
    """The body is larger than 1 MiB."""

    code = "request_too_large"


class TooManyEventsError(DomainError):
    """More than 500 events in one upload."""

    code = "too_many_events"


class OtherTillError(NotAllowedError):
    """The body names another till or incarnation than the one that signed it."""

    code = "other_till"


class MethodNotAllowedError(DomainError):
    """The address does not take this method."""

    code = "method_not_allowed"


class BrokenChainError(DomainError):
    """The uploaded events do not follow on from what the server knows of this journal."""

    code = "broken_chain"


class ForkedError(DomainError):
    """This till's journal went back in time."""

    code = "forked"


_pair = msgspec.json.Decoder(wire.PairRequest)
_pair_status = msgspec.json.Decoder(wire.PairStatusRequest)
_hello = msgspec.json.Decoder(wire.HelloRequest)
_sync = msgspec.json.Decoder(wire.SyncRequest)
_ask = msgspec.json.Decoder(wire.AskRequest)


def read_pair(body: bytes) -> wire.PairRequest:
    """Read a claim.

    Raises:
        MalformedRequestError: not of the form.
        InvalidInputError: a text that cannot be printed.
    """
    request = _decoded(_pair, body)
    _require(request.device_name.isprintable(), "device_name")
    _require(request.app_version.isprintable(), "app_version")
    return request


def read_pair_status(body: bytes) -> wire.PairStatusRequest:
    """Read a question about a pairing.

    Raises:
        MalformedRequestError: not of the form.
    """
    return _decoded(_pair_status, body)


def read_hello(body: bytes, identity: TillIdentity) -> wire.HelloRequest:
    """Read a hello.

    Raises:
        MalformedRequestError: not of the form.
        OtherTillError: of another incarnation than the signature's.
        InvalidInputError: a value out of range.
    """
    request = _decoded(_hello, body)
    if request.incarnation != identity.incarnation:
        raise OtherTillError(incarnation=request.incarnation)
    _check_position(request.journal_head, request.cursor)
    _require(len(request.nonce) <= NONCE_BYTES_MAX, "nonce")
    fits = 0 < len(request.app_version) <= VERSION_CHARACTERS_MAX
    _require(fits and request.app_version.isprintable(), "app_version")
    return request


def read_sync(body: bytes, identity: TillIdentity) -> wire.SyncRequest:
    """Read an upload or a poll.

    Raises:
        MalformedRequestError: not of the form.
        TooManyEventsError: more than 500 events.
        OtherTillError: another till's or incarnation's than the signature's.
        InvalidInputError: a value out of range.
    """
    request = _decoded(_sync, body)
    if (request.till, request.incarnation) != (identity.till, identity.incarnation):
        raise OtherTillError(till=request.till, incarnation=request.incarnation)
    if len(request.events) > wire.UPLOAD_EVENTS_MAX:
        raise TooManyEventsError(events=len(request.events), events_max=wire.UPLOAD_EVENTS_MAX)
    _check_position(request.journal_head, request.cursor)
    _require(0 <= request.wait_seconds <= wire.WAIT_SECONDS_MAX, "wait_seconds")
    return request


def read_ask(body: bytes, identity: TillIdentity) -> wire.AskRequest:
    """Read an ask.

    Raises:
        MalformedRequestError: not of the form.
        OtherTillError: another till's than the signature's.
        InvalidInputError: a value out of range.
    """
    request = _decoded(_ask, body)
    if request.till != identity.till:
        raise OtherTillError(till=request.till)
    _require(len(request.voucher_ref) == VOUCHER_REF_BYTES, "voucher_ref")
    _require(0 < request.uses <= USES_MAX, "uses")
    _require(len(request.evidence) <= wire.EVIDENCE_BYTES_MAX, "evidence")
    clerk = request.clerk
    fits = clerk is None or (len(clerk) <= CLERK_CHARACTERS_MAX and clerk.isprintable())
    _require(fits, "clerk")
    return request


def _decoded(decoder: "msgspec.json.Decoder[Body]", body: bytes) -> Body:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as cause:
        raise MalformedRequestError(why=str(cause)[:160]) from cause


def _check_position(head: wire.JournalHead, cursor: int) -> None:
    _require(0 <= head.last_seq <= NUMBER_MAX, "journal_head")
    _require(0 <= cursor <= NUMBER_MAX, "cursor")


def _require(right: bool, field: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not right:
        raise InvalidInputError(field=field)
