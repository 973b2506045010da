"""How each reason looks and sounds, in one table, and the verdict that a reason becomes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pos_app.assets.cues import Cue
from pos_app.core.verdict import Lane, Verdict
from pos_app.core.wedge_burst import BurstFault, BurstRejected
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts
from pos_app.ui.view_state import Look, VerdictView
from shared.reasons import Fact, FactName, Reason

REJECTED_SHOWN_CHARACTERS_MAX = 24


@dataclass(frozen=True, slots=True)
class ReasonLook:
    """How a reason appears."""

    look: Look
    cue: Cue


_OK = ReasonLook(Look.ok, Cue.ok)
_OFFLINE_OK = ReasonLook(Look.offline_ok, Cue.offline_ok)
_WARN = ReasonLook(Look.warn, Cue.warn)
_ERROR = ReasonLook(Look.error, Cue.error)
_UNKNOWN_OUTCOME = ReasonLook(Look.unknown_outcome, Cue.attention)

# Amber where the clerk or the customer can mend it at this counter within a minute, or where
# nothing is wrong; red where the answer is no.
REASON_LOOKS: dict[Reason, ReasonLook] = {
    Reason.accepted: _OK,
    Reason.accepted_offline: _OFFLINE_OK,
    Reason.unknown: _ERROR,
    Reason.bad_format: _WARN,
    Reason.already_redeemed: _WARN,
    Reason.just_redeemed_here: _WARN,
    Reason.exhausted: _WARN,
    Reason.wrong_store: _ERROR,
    Reason.not_yet_valid: _ERROR,
    Reason.expired: _ERROR,
    Reason.blackout: _ERROR,
    Reason.refunded: _ERROR,
    Reason.refunding: _ERROR,
    Reason.frozen: _ERROR,
    Reason.unpaid: _WARN,
    Reason.product_not_here: _ERROR,
    Reason.ambiguous: _WARN,
    Reason.signature_invalid: _ERROR,
    Reason.signature_expired: _WARN,
    Reason.offline_forbidden: _ERROR,
    Reason.offline_limit: _ERROR,
    Reason.clock_skew: _ERROR,
    Reason.device_revoked: _ERROR,
    Reason.no_permission: _ERROR,
    Reason.outcome_unknown: _UNKNOWN_OUTCOME,
    Reason.internal: _ERROR,
    Reason.held_elsewhere: _ERROR,
    Reason.held_here_other_till: _WARN,
    Reason.out_of_stock: _ERROR,
    Reason.quota_used: _ERROR,
    Reason.store_closed: _ERROR,
    Reason.booking_required: _ERROR,
    Reason.order_cancelled: _ERROR,
    Reason.in_after_sale: _ERROR,
    Reason.awaiting_release: _WARN,
    Reason.quarantined: _ERROR,
    Reason.lease_over: _ERROR,
    Reason.practice: _WARN,
}

_LANE_TEXTS = {
    Lane.held: Text.lane_held,
    Lane.asked: Text.lane_asked,
    Lane.provisional: Text.lane_provisional,
}
_MOMENTS = frozenset(
    {FactName.happened_at, FactName.valid_from, FactName.valid_until, FactName.last_contact}
)
_COUNTS = {
    FactName.uses_left: Text.fact_uses,
    FactName.uses_total: Text.fact_uses,
    FactName.uses_taken: Text.fact_uses,
    FactName.received_length: Text.fact_characters,
}
_FAULT_TEXTS = {
    BurstFault.too_short: Text.rejected_short,
    BurstFault.too_long: Text.rejected_long,
    BurstFault.too_slow: Text.rejected_slow,
}


def reason_view(texts: Texts, reason: Reason, facts: Iterable[Fact]) -> VerdictView:
    """Put a reason and its evidence into words."""
    said = texts.reason(reason)
    shown = REASON_LOOKS[reason]
    lines = tuple((texts.fact_label(fact.name), fact_value(texts, fact)) for fact in facts)
    return VerdictView(
        shown.look, said.headline, said.explanation, lines, said.next_step, shown.cue
    )


def verdict_view(texts: Texts, verdict: Verdict) -> VerdictView:
    """Put a verdict into words, with its way and time after its own facts."""
    view = reason_view(texts, verdict.reason, verdict.facts)
    facts = view.facts
    if verdict.lane in _LANE_TEXTS:
        facts += ((texts(Text.fact_lane), texts(_LANE_TEXTS[verdict.lane])),)
    facts += ((texts(Text.fact_decided_at), texts.clock_time(verdict.decided_at)),)
    return VerdictView(
        view.look,
        view.headline,
        view.reason,
        facts,
        view.next_step,
        view.cue,
        verdict.attention or "",
    )


def checking_view(texts: Texts, *, online: bool) -> VerdictView:
    """The card while a scan is being decided; `online` once the server has been asked."""
    headline = Text.asking_headline if online else Text.checking_headline
    reason = Text.asking_reason if online else Text.checking_reason
    return VerdictView(Look.checking, texts(headline), texts(reason), cue=Cue.receive)


def rejected_view(texts: Texts, rejected: BurstRejected) -> VerdictView:
    """The card for a gun's keys that are no scan."""
    received = rejected.text[:REJECTED_SHOWN_CHARACTERS_MAX]
    return VerdictView(
        Look.warn,
        texts(Text.rejected_headline),
        texts(_FAULT_TEXTS[rejected.fault]),
        (
            (texts.fact_label(FactName.received), received),
            (
                texts.fact_label(FactName.received_length),
                texts(Text.fact_characters, count=len(rejected.text)),
            ),
        ),
        texts(Text.rejected_next_step),
        Cue.warn,
    )


def fact_value(texts: Texts, fact: Fact) -> str:
    """A fact's value as people read it."""
    if fact.name in _MOMENTS:
        return texts.moment(datetime.fromisoformat(fact.value))
    if fact.name in _COUNTS:
        return texts(_COUNTS[fact.name], count=fact.value)
    match fact.name:
        case FactName.value_fen:
            return texts.money(int(fact.value))
        case FactName.seconds_ago:
            return texts.ago(int(fact.value))
        case FactName.usable_stores:
            return texts.listed(name.strip() for name in fact.value.split(","))
        case _:
            return fact.value
