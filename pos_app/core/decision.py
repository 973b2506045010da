"""Decides what a shown voucher comes to: redeem, ask the server, wait for an answer, or refuse.

Pure: everything known goes in as values (`pos_app.core.knowledge`), the decision comes out, and the
caller writes it down in one commit before anything is shown.

Source: protocol rules T1 (token), T3 (redeem while held), T4 (in doubt), T5 (reserve), T8 (clock),
T10 (offline lease).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pos_app.core.knowledge import Doubt, Holding, Standing, TillKnowledge, VoucherKnowledge
from pos_app.core.presented import ShownCode, ShownToken
from shared.ids import StoreId
from shared.qr_token import end_of, token_is_authentic
from shared.reasons import Reason
from shared.redemption_rules import Counter, OrderState, RefundState, VoucherFacts, judge
from shared.wire import GrantKey

JUST_NOW = timedelta(seconds=60)
"""A used-up voucher shown again this soon is called "just redeemed here"."""


class TokenDoubt(StrEnum):
    """Why a token opens nothing; such a token is simply "not held"."""

    not_keeper = "not_keeper"
    """This till is no keeper now."""
    not_ours = "not_ours"
    """Not authenticated by the key of this tenure."""
    old = "old"
    """The feed has passed its number: an old screenshot."""
    seen = "seen"
    """Its grant was opened before; what is left of it counts, not the token."""
    expired = "expired"
    """After its last day."""
    untrusted_clock = "untrusted_clock"
    """Whether it has expired cannot be told."""


@dataclass(frozen=True, slots=True)
class Redeem:
    """Redeem now from `grant`; `same_intention` carries on the event of a request in doubt."""

    grant: GrantKey
    uses: int
    same_intention: Doubt | None


@dataclass(frozen=True, slots=True)
class Ask:
    """The server may hold the voucher: write the intent down, then ask."""

    uses: int


@dataclass(frozen=True, slots=True)
class Wait:
    """An earlier request for this voucher has no answer yet; its event is carried on."""

    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Refuse:
    """Not redeemed, for this reason."""

    reason: Reason


Action = Redeem | Ask | Wait | Refuse


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be written and shown.

    Attributes:
        action: the outcome.
        opened: the holding that the token opens; written down whatever the outcome.
        holding: the grant the outcome speaks of, as it was before, or None.
    """

    action: Action
    opened: Holding | None
    holding: Holding | None


def decide(
    shown: ShownToken | ShownCode, voucher: VoucherKnowledge, till: TillKnowledge, uses: int
) -> Decision:
    """Decide about a shown voucher.

    Args:
        shown: what was scanned or typed.
        voucher: what is known of it.
        till: what is known of this till.
        uses: how many are wanted, at least 1.
    """
    assert uses >= 1
    doubted = token_doubt(shown, voucher, till) if isinstance(shown, ShownToken) else None
    opened = None
    if isinstance(shown, ShownToken) and doubted is None and _may_hold(till):
        opened = _holding_of(shown, till)
        voucher = replace(voucher, holdings=(*voucher.holdings, opened))
    action, holding = _action(voucher, till, uses, doubted)
    return Decision(action, opened, holding)


def token_doubt(
    shown: ShownToken, voucher: VoucherKnowledge, till: TillKnowledge
) -> TokenDoubt | None:
    """Why a token opens nothing, or None where it is good (protocol rule T1)."""
    if till.tenure is None or till.token_key is None:
        return TokenDoubt.not_keeper
    if not token_is_authentic(shown.text, till.tenure, till.token_key):
        return TokenDoubt.not_ours
    if shown.token.feed_no <= till.cursor:
        return TokenDoubt.old
    if voucher.token_seen:
        return TokenDoubt.seen
    if till.clock.at >= end_of(shown.token):
        return TokenDoubt.expired
    return None if till.clock.trusted else TokenDoubt.untrusted_clock


def judge_held(
    holding: Holding, voucher: VoucherKnowledge, till: TillKnowledge, uses: int
) -> Reason:
    """Apply the rules both sides share to a voucher that this till holds."""
    used_here = sum(use.uses for use in voucher.past)
    free = max(0, sum(held.left for held in voucher.holdings) - voucher.reserved)
    total = max(voucher.uses_total or 0, holding.uses_total, holding.granted)
    facts = VoucherFacts(
        order_state=OrderState.paid,
        refund_state=RefundState.none,
        frozen=False,
        stores=None,
        valid_from=holding.valid_from,
        valid_until=holding.valid_until,
        uses_total=total,
        uses_free=free,
        uses_away=max(0, total - free - voucher.reserved - used_here),
        per_visit_uses_max=holding.per_visit_uses_max,
    )
    counter = Counter(StoreId(till.store), till.store_open, till.clock, quota_left=None)
    return judge(facts, counter, uses)


def _action(
    voucher: VoucherKnowledge, till: TillKnowledge, uses: int, doubted: TokenDoubt | None
) -> tuple[Action, Holding | None]:
    barred = _BARRED.get(till.standing)
    if barred is not None:
        return Refuse(barred), None
    wanted = uses if voucher.doubt is None else voucher.doubt.uses
    holding = _best_holding(voucher, wanted) if _may_hold(till) else None
    action = None if holding is None else _from_holding(holding, voucher, till, wanted)
    if voucher.doubt is not None and not isinstance(action, Redeem):
        return Wait(voucher.doubt), holding
    return action or _not_held(voucher, till, uses, doubted), holding


_BARRED = {Standing.forked: Reason.quarantined, Standing.revoked: Reason.device_revoked}


def _may_hold(till: TillKnowledge) -> bool:
    """Whether holdings count at all: a live tenure, within the lease (protocol rules T3, T10)."""
    return till.standing is Standing.welcome and till.tenure is not None and not till.lease_is_over


def _best_holding(voucher: VoucherKnowledge, uses: int) -> Holding | None:
    """The oldest grant that covers `uses`; otherwise any, so that a reason can be given."""
    covering = (held for held in voucher.holdings if held.left >= uses)
    return next(covering, next(iter(voucher.holdings), None))


def _from_holding(
    holding: Holding, voucher: VoucherKnowledge, till: TillKnowledge, uses: int
) -> Action | None:
    """What a held voucher comes to; None where the uses wanted may lie elsewhere."""
    if voucher.doubt is not None and voucher.doubt.handed_over:
        return None
    reason = judge_held(holding, voucher, till, uses)
    if reason is Reason.accepted and holding.left >= uses:
        return Redeem(holding.key, uses, voucher.doubt)
    if reason in {Reason.accepted, Reason.held_elsewhere}:
        return None
    if reason in {Reason.already_redeemed, Reason.exhausted}:
        return Refuse(_used_up(voucher, till.clock.at, reason))
    return Refuse(reason)


def _not_held(
    voucher: VoucherKnowledge, till: TillKnowledge, uses: int, doubted: TokenDoubt | None
) -> Action:
    used_here = sum(use.uses for use in voucher.past)
    if voucher.uses_total is not None and used_here >= voucher.uses_total:
        reason = Reason.already_redeemed if voucher.uses_total == 1 else Reason.exhausted
        return Refuse(_used_up(voucher, till.clock.at, reason))
    if till.online:
        return Ask(uses)
    if till.lease_is_over and voucher.holdings:
        return Refuse(Reason.lease_over)
    return Refuse(_OFFLINE_TOKEN_REASONS.get(doubted, Reason.offline_forbidden))


_OFFLINE_TOKEN_REASONS: dict[TokenDoubt | None, Reason] = {
    TokenDoubt.expired: Reason.expired,
    TokenDoubt.untrusted_clock: Reason.clock_skew,
}


def _used_up(voucher: VoucherKnowledge, now: datetime, reason: Reason) -> Reason:
    """The reason, or "just redeemed here" where this till took the last use a moment ago."""
    return Reason.just_redeemed_here if was_just_used(voucher, now) else reason


def was_just_used(voucher: VoucherKnowledge, now: datetime) -> bool:
    """Whether this till took a use of the voucher within the last minute."""
    return bool(voucher.past) and now - voucher.past[-1].at <= JUST_NOW


def _holding_of(shown: ShownToken, till: TillKnowledge) -> Holding:
    """What a good token opens; it says nothing of the beginning of validity, so that is now."""
    assert till.tenure is not None
    token = shown.token
    return Holding(
        key=GrantKey(till.tenure, token.feed_no),
        granted=token.uses,
        left=token.uses,
        product_number=token.product_number,
        valid_from=till.clock.at,
        valid_until=end_of(token),
        last_four=token.code[-4:],
        uses_total=token.uses,
    )
