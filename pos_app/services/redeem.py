"""The one route of a scan: read it, look the voucher up, decide, write down, answer.

Online or offline, by token or by digits, the same steps. What is returned has been written down in
the transaction that the caller commits before anything is shown.

Source: protocol rules T1, T3, T4; requirement rows R1, R6.
"""

from dataclasses import dataclass

from pos_app.core.card_facts import USED_REASONS, redeemed_facts, refused_facts
from pos_app.core.decision import Ask, Decision, Redeem, Refuse, Wait, decide, was_just_used
from pos_app.core.knowledge import Doubt, Holding, VoucherKnowledge
from pos_app.core.presented import (
    Garbage,
    ShownCode,
    ShownPairingCode,
    ShownToken,
    read_presented,
)
from pos_app.core.scan_text import clean_scan
from pos_app.core.verdict import Lane, Verdict
from pos_app.services.doubts import AskDue, ask_due
from pos_app.services.work import Work
from pos_app.storage import copies, grants, journal
from shared.ids import EventId, VoucherRef
from shared.journal import Intent, Refused, TokenSeen
from shared.journal import Redeem as RedeemEvent
from shared.reasons import Fact, FactName, Reason
from shared.sealing import PURPOSE_EVIDENCE, seal
from shared.voucher_code import voucher_ref
from shared.wire import GrantKey


@dataclass(frozen=True, slots=True)
class Attempt:
    """One scan at the counter.

    Attributes:
        text: as the device delivered it; of any alphabet and length.
        uses: how many uses are wanted, at least 1.
        clerk: id of the person at work, or None.
        online: whether the server may be asked.
        repeated: the device read the same code a moment ago; it redeems nothing a second time.
    """

    text: str
    uses: int = 1
    clerk: str | None = None
    online: bool = False
    repeated: bool = False


Answer = Verdict | AskDue


def redeem_voucher(work: Work, attempt: Attempt) -> Answer:
    """Decide about a scan and write the decision down.

    Returns:
        The verdict, or the request to send where only the server can tell.
    """
    presented = read_presented(clean_scan(attempt.text).text)
    match presented:
        case Garbage():
            return _refuse_garbage(work, attempt, presented)
        case ShownPairingCode(code):
            return _refuse_garbage(work, attempt, Garbage(code))
        case ShownToken() | ShownCode():
            return _redeem_shown(work, attempt, presented)


def _redeem_shown(work: Work, attempt: Attempt, shown: ShownToken | ShownCode) -> Answer:
    reference = voucher_ref(work.keys.lookup, shown.code)
    till = work.till_knowledge(online=attempt.online)
    voucher = grants.voucher_knowledge(work.connection, reference, _named_grant(shown, till.tenure))
    if attempt.repeated and was_just_used(voucher, till.clock.at):
        decision = Decision(Refuse(Reason.just_redeemed_here), opened=None, holding=None)
    else:
        decision = decide(shown, voucher, till, attempt.uses)
    if decision.opened is not None:
        _open_by_token(work, attempt, reference, decision.opened)
    scan = _Scan(work, attempt, shown, reference, voucher, decision)
    match decision.action:
        case Redeem() as redeem:
            return scan.redeem(redeem)
        case Ask(uses):
            return scan.ask(uses)
        case Wait(doubt):
            return scan.wait(doubt)
        case Refuse(reason):
            return scan.refuse(reason)


def _named_grant(shown: ShownToken | ShownCode, tenure: int | None) -> GrantKey | None:
    if tenure is None or not isinstance(shown, ShownToken):
        return None
    return GrantKey(tenure, shown.token.feed_no)


def _open_by_token(work: Work, attempt: Attempt, reference: VoucherRef, opened: Holding) -> None:
    journal.append(
        work.connection,
        TokenSeen(
            **work.header(attempt.clerk),
            grant=opened.key,
            voucher_ref=reference,
            uses=opened.granted,
            last_four=opened.last_four,
            product_number=opened.product_number,
            valid_until=opened.valid_until,
        ),
    )


def _refuse_garbage(work: Work, attempt: Attempt, garbage: Garbage) -> Verdict:
    eid = EventId(work.sources.new_id())
    journal.append(
        work.connection,
        Refused(
            **work.header(attempt.clerk),
            eid=eid,
            voucher_ref=None,
            reason=Reason.bad_format,
        ),
    )
    return Verdict(eid, Reason.bad_format, Lane.none, work.clock.at, garbage.facts())


@dataclass(frozen=True, slots=True)
class _Scan:
    """A decided scan, about to be written down in one of four ways."""

    work: Work
    attempt: Attempt
    shown: ShownToken | ShownCode
    reference: VoucherRef
    voucher: VoucherKnowledge
    decision: Decision

    def redeem(self, action: Redeem) -> Verdict:
        doubt, holding = action.same_intention, self.decision.holding
        assert holding is not None
        voucher = self.voucher
        if self.decision.opened is holding:
            voucher = VoucherKnowledge((*voucher.holdings, holding), voucher.past)
        eid = EventId(self.work.sources.new_id()) if doubt is None else doubt.eid
        journal.append(
            self.work.connection,
            RedeemEvent(
                **self.work.header(self.attempt.clerk),
                eid=eid,
                voucher_ref=self.reference,
                uses=action.uses,
                grant=action.grant,
                evidence=self._evidence(),
            ),
        )
        product = copies.product(self.work.connection, holding.product_number)
        facts = redeemed_facts(holding, voucher, action.uses, product.name if product else None)
        attention = (product.attention_text if product else None) or (
            "" if holding.attention else None
        )
        return Verdict(eid, Reason.accepted, Lane.held, self.work.clock.at, facts, attention)

    def ask(self, uses: int) -> AskDue:
        eid = EventId(self.work.sources.new_id())
        intent = journal.append(
            self.work.connection,
            Intent(
                **self.work.header(self.attempt.clerk),
                eid=eid,
                voucher_ref=self.reference,
                uses=uses,
                evidence=self._evidence(),
                last_four=self.shown.code[-4:],
            ),
        )
        return ask_due(
            self.work,
            Doubt(
                eid=eid,
                voucher_ref=self.reference,
                uses=uses,
                since=intent.at,
                evidence=intent.evidence,
                last_four=intent.last_four,
                clerk=intent.clerk,
                handed_over=False,
            ),
        )

    def wait(self, doubt: Doubt) -> Answer:
        due = ask_due(self.work, doubt)
        return due if self.attempt.online else due.waiting

    def refuse(self, reason: Reason) -> Verdict:
        eid = EventId(self.work.sources.new_id())
        journal.append(
            self.work.connection,
            Refused(
                **self.work.header(self.attempt.clerk),
                eid=eid,
                voucher_ref=self.reference,
                reason=reason,
                last_four=self.shown.code[-4:],
            ),
        )
        holding = self.decision.holding
        number = holding.product_number if holding else self.voucher.product_number
        product = copies.product(self.work.connection, number)
        naming = (product.name if product else None, self.shown.code[-4:])
        now = self.work.clock.at
        facts = refused_facts(reason, self.voucher, holding, naming, now)
        return Verdict(eid, reason, Lane.none, now, facts + self._where(reason))

    def _where(self, reason: Reason) -> tuple[Fact, ...]:
        """Where and by whom a voucher was used before, if it was at this till."""
        if reason not in USED_REASONS or not self.voucher.past:
            return ()
        connection, identity = self.work.connection, self.work.state.identity
        named = {
            FactName.store: copies.store(connection).name,
            FactName.till: identity.till_name,
            FactName.clerk: copies.clerk_name(connection, self.voucher.past[-1].clerk),
        }
        return tuple(Fact(name, value) for name, value in named.items() if value)

    def _evidence(self) -> bytes:
        """The text as presented, readable by the server alone."""
        receiver = self.work.state.identity.server_sealing_key
        text = self.shown.text.encode()
        return seal(text, receiver, PURPOSE_EVIDENCE, self.work.sources.entropy)
