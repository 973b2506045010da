"""Requests that left for the server: each ends in its answer shown, another lane, or called off.

The intent is in the journal before the request leaves, so a doubt survives a crash. While it is
open, the same request with the same event id may be sent as often as needed.

Source: protocol rule T4.
"""

from dataclasses import dataclass
from uuid import UUID

from pos_app.core.knowledge import Doubt
from pos_app.core.verdict import Lane, Verdict
from pos_app.services.work import Work
from pos_app.storage import grants, journal
from shared.journal import Note, Shown, Void
from shared.reasons import Fact, FactName, Reason
from shared.wire import AskReply, AskRequest, EventStatus

TOPIC_HANDED_OVER = "handed_over"
"""A note: the clerk says the goods have left while the answer is still out."""


@dataclass(frozen=True, slots=True)
class AskDue:
    """The server must be asked; the intent is written down, so the request may leave.

    Attributes:
        request: what to send, the same however often it is sent.
        waiting: what to show while no answer has come.
    """

    request: AskRequest
    waiting: Verdict


def ask_due(work: Work, doubt: Doubt) -> AskDue:
    """The request of a doubt, and what to show meanwhile."""
    request = AskRequest(
        eid=doubt.eid,
        voucher_ref=doubt.voucher_ref,
        uses=doubt.uses,
        till=work.state.identity.till,
        evidence=doubt.evidence,
        clerk=doubt.clerk,
    )
    facts = (Fact(FactName.last_four, doubt.last_four),) if doubt.last_four else ()
    return AskDue(
        request, Verdict(doubt.eid, Reason.outcome_unknown, Lane.asked, doubt.since, facts)
    )


def open_doubts(work: Work) -> list[tuple[Doubt, AskDue]]:
    """Every request without an answer, oldest first, ready to be sent again."""
    return [(doubt, ask_due(work, doubt)) for doubt in grants.doubts(work.connection)]


def take_answer(work: Work, eid: UUID, reply: AskReply) -> Verdict | None:
    """Write the server's answer down, so that it may be shown.

    Returns:
        The verdict; None where the doubt has ended otherwise and the answer comes too late.
    """
    doubt = grants.doubt_of_event(work.connection, eid)
    if doubt is None or reply.eid != eid:
        return None
    accepted = reply.status is EventStatus.accepted
    reason = Reason.accepted if accepted else _refusal(reply.reason)
    shown = Shown(**work.header(doubt.clerk), eid=eid, answer=reply.status, reason=reason)
    journal.append(work.connection, shown)
    facts = tuple(reply.facts)
    if doubt.last_four and not any(fact.name is FactName.last_four for fact in facts):
        facts = (Fact(FactName.last_four, doubt.last_four), *facts)
    lane = Lane.asked if accepted else Lane.none
    return Verdict(doubt.eid, reason, lane, work.clock.at, facts)


def _refusal(reason: Reason) -> Reason:
    """A reason that is never green, whatever a faulty server says beside a refusal."""
    return Reason.internal if reason is Reason.accepted else reason


def call_off(work: Work, eid: UUID, reason: Reason) -> Verdict | None:
    """End a doubt without redemption; an answer that comes later is ignored, here and there.

    Args:
        work: the transaction.
        eid: the event in doubt.
        reason: what to show, such as "needs network" where the request could not leave.

    Returns:
        The verdict; None where the doubt has already ended, or where the goods have left: then only
        the server's answer can end it.
    """
    doubt = grants.doubt_of_event(work.connection, eid)
    if doubt is None or doubt.handed_over:
        return None
    void = Void(**work.header(doubt.clerk), eid=eid, voucher_ref=doubt.voucher_ref, uses=doubt.uses)
    journal.append(work.connection, void)
    facts = (Fact(FactName.last_four, doubt.last_four),) if doubt.last_four else ()
    return Verdict(doubt.eid, reason, Lane.none, work.clock.at, facts)


def note_handed_over(work: Work, eid: UUID) -> None:
    """The clerk says the goods have left: keep asking the server, and ask no person again."""
    doubt = grants.doubt_of_event(work.connection, eid)
    if doubt is not None and not doubt.handed_over:
        body = {"eid": str(eid)}
        note = Note(**work.header(doubt.clerk), topic=TOPIC_HANDED_OVER, body=body)
        journal.append(work.connection, note)
