"""What each signed request of a till leads to: decided in groups, answered from what is stored."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from server.api.group_commit import Batching, GroupCommit
from server.api.polls import Polls
from server.api.requests import BrokenChainError, ForkedError
from server.holdings import service as holdings
from server.holdings.values import (
    BROKEN_CHAIN,
    FORKED,
    Answer,
    Ask,
    Hello,
    Upload,
    UploadResult,
)
from server.kernel.runtime import Runtime
from server.kernel.unit_of_work import UnitOfWork
from server.kernel.watcher import feed_news
from server.kernel.work_queue import request_work
from server.redemption import service as redemption
from server.tills import rules
from server.tills import service as tills
from server.tills.confirmation import GRANT_WAITING
from server.tills.feed_reading import NOTHING, FeedReply, read_feed
from server.tills.rules import TillIdentity, TillState
from shared import wire
from shared.errors import DomainError
from shared.ids import EventId, MerchantId, VoucherRef

Item = TypeVar("Item")
Decided = TypeVar("Decided")

_REFUSALS: dict[str, type[DomainError]] = {BROKEN_CHAIN: BrokenChainError, FORKED: ForkedError}


@dataclass(frozen=True, slots=True)
class _Asked:
    identity: TillIdentity
    ask: Ask


class TillDesk:
    """Serves the tills of one process; belongs to one event loop."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._polls = Polls(runtime.watcher)
        self._uploads = GroupCommit(
            Batching(
                decide=self._together(redemption.take_uploads),
                key=lambda upload: upload.till,
                weight=lambda upload: 1 + len(upload.events),
            )
        )
        self._asks = GroupCommit(
            Batching(
                decide=self._together(_answer_asks),
                key=lambda asked: asked.ask.eid,
                weight=lambda _asked: 1,
            )
        )

    async def nonce(self, identity: TillIdentity) -> wire.NonceReply:
        """Give a till a nonce for its hello."""
        nonce = await self._runtime.write(
            identity.merchant, lambda uow: tills.new_nonce(uow, identity)
        )
        return wire.NonceReply(nonce=nonce, server_time=self._runtime.clock())

    async def hello(self, identity: TillIdentity, message: wire.HelloRequest) -> wire.HelloReply:
        """Compare what a till says of its journal and feed with what is known.

        Raises:
            WrongNonceError: not fresh.
            OldIncarnationError: paired again since.
        """

        def greet(uow: UnitOfWork) -> wire.HelloReply:
            (present,) = tills.refreshed(uow, [identity])
            rules.require_present_life(present)
            revoked = present.state is TillState.revoked
            hello = _hello(present, message, want_keep=message.want_keep and not revoked)
            tills.use_nonce(uow, identity, message.nonce)
            tills.note_hello(uow, identity, message.app_version)
            result = holdings.say_hello(uow, hello)
            if hello.want_keep:
                request_work(uow, GRANT_WAITING, identity.store)
            return wire.HelloReply(
                status=wire.HelloStatus.revoked if revoked else result.status,
                accepted_seq=result.accepted_seq,
                server_time=uow.now,
                offline_until=result.offline_until,
                min_version=rules.MIN_APP_PROTOCOL,
            )

        return await self._runtime.write(identity.merchant, greet)

    async def sync(self, identity: TillIdentity, message: wire.SyncRequest) -> wire.SyncReply:
        """Take events and hand out the feed; without events, wait for news if that is wished.

        Raises:
            BrokenChainError: the events do not follow on; nothing was taken.
            ForkedError: the journal went back in time; what arrived is kept.
            OldIncarnationError: a poll of an earlier life.
        """
        if not message.events:
            rules.require_present_life(identity)
        result = await self._take(identity, message)
        reply = NOTHING
        if identity.incarnation == identity.current_incarnation:
            reply = await self._read_feed(identity, message)
        return wire.SyncReply(
            accepted_seq=result.accepted_seq,
            outcomes=list(result.outcomes),
            feed=reply.entries,
            more=reply.more,
            server_time=self._runtime.clock(),
            offline_until=result.offline_until,
            min_version=rules.MIN_APP_PROTOCOL,
        )

    async def ask(self, identity: TillIdentity, message: wire.AskRequest) -> wire.AskReply:
        """Decide a redemption of a voucher that the server holds.

        Raises:
            RevokedTillError: switched off.
            OldIncarnationError: paired again since.
        """
        ask = Ask(
            eid=EventId(message.eid),
            till=identity.till,
            store=identity.store,
            voucher_ref=VoucherRef(message.voucher_ref),
            uses=message.uses,
            evidence=message.evidence,
            clerk=message.clerk,
        )
        answer = await self._asks.decide(identity.merchant, _Asked(identity, ask))
        if isinstance(answer, DomainError):
            raise answer
        return wire.AskReply(
            eid=answer.eid,
            status=answer.status,
            reason=answer.reason,
            facts=list(answer.facts),
            server_time=self._runtime.clock(),
        )

    async def drain(self) -> None:
        """Wait until everything that was accepted is decided."""
        await self._uploads.drain()
        await self._asks.drain()

    async def _take(self, identity: TillIdentity, message: wire.SyncRequest) -> UploadResult:
        upload = Upload(
            till=identity.till,
            store=identity.store,
            incarnation=identity.incarnation,
            cursor=message.cursor,
            events=tuple(bytes(raw) for raw in message.events),
        )
        result: UploadResult = await self._uploads.decide(identity.merchant, upload)
        if result.refusal is not None:
            raise _REFUSALS.get(result.refusal, BrokenChainError)(accepted_seq=result.accepted_seq)
        return result

    async def _read_feed(self, identity: TillIdentity, message: wire.SyncRequest) -> FeedReply:
        after = max(message.cursor, identity.feed_start)
        if not message.events and message.wait_seconds:
            await self._polls.wait(identity, after, message.wait_seconds)
        asked_at_once = not message.events and not message.wait_seconds
        news = feed_news(identity.merchant, identity.till)
        if not asked_at_once and self._runtime.watcher.newest(news) <= after:
            return NOTHING
        root_key = self._runtime.root_key
        return await self._runtime.read(
            identity.merchant, lambda uow: read_feed(uow, root_key, identity, after)
        )

    def _together(
        self, decide: Callable[[UnitOfWork, Sequence[Item]], Sequence[Decided]]
    ) -> Callable[[MerchantId, Sequence[Item]], Awaitable[Sequence[Decided]]]:
        async def in_one_transaction(
            merchant: MerchantId, items: Sequence[Item]
        ) -> Sequence[Decided]:
            return await self._runtime.write(merchant, lambda uow: decide(uow, items))

        return in_one_transaction


def _hello(identity: TillIdentity, message: wire.HelloRequest, *, want_keep: bool) -> Hello:
    return Hello(
        till=identity.till,
        store=identity.store,
        incarnation=identity.incarnation,
        journal_head=message.journal_head,
        cursor=message.cursor,
        want_keep=want_keep,
    )


def _answer_asks(uow: UnitOfWork, asked: Sequence[_Asked]) -> list[Answer | DomainError]:
    """Answer asks of tills that may work, and refuse those of tills that no longer may."""
    refusals: dict[EventId, DomainError] = {}
    for one, identity in zip(
        asked, tills.refreshed(uow, [one.identity for one in asked]), strict=True
    ):
        try:
            rules.require_working(identity)
        except DomainError as refusal:
            refusals[one.ask.eid] = refusal
    heard = [one.ask for one in asked if one.ask.eid not in refusals]
    answers = {answer.eid: answer for answer in redemption.answer_asks(uow, heard)} if heard else {}
    return [refusals.get(one.ask.eid) or answers[one.ask.eid] for one in asked]
