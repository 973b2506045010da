"""Chooses the facts a verdict's card shows, from what the till knows."""

from datetime import datetime

from pos_app.core.knowledge import Holding, VoucherKnowledge
from shared.clock import last_second_before
from shared.money import Fen, value_of_uses
from shared.reasons import Fact, FactName, Reason

USED_REASONS = frozenset({Reason.already_redeemed, Reason.exhausted, Reason.just_redeemed_here})
"""Refusals that name the earlier use."""
_TIME_REASONS = frozenset({Reason.not_yet_valid, Reason.expired})


def redeemed_facts(
    holding: Holding, voucher: VoucherKnowledge, uses: int, product_name: str | None
) -> tuple[Fact, ...]:
    """What a card of a held redemption shows.

    Args:
        holding: the grant, as it was before.
        voucher: the voucher, as it was before.
        uses: how many were taken.
        product_name: as people know it, or None.
    """
    left = sum(held.left for held in voucher.holdings if held.key != holding.key)
    left += holding.left - uses
    facts = [
        *_named(product_name, holding.last_four),
        Fact(FactName.uses_taken, str(uses)),
        Fact(FactName.uses_left, str(left)),
        Fact(FactName.uses_total, str(max(holding.uses_total, voucher.uses_total or 0))),
        Fact(FactName.valid_until, last_second_before(holding.valid_until).isoformat()),
    ]
    if holding.value_fen is not None and uses <= holding.granted:
        value = value_of_uses(Fen(holding.value_fen), uses, holding.granted)
        facts.append(Fact(FactName.value_fen, str(value)))
    if holding.order_number:
        facts.append(Fact(FactName.order_number, holding.order_number))
    return tuple(facts)


def refused_facts(
    reason: Reason,
    voucher: VoucherKnowledge,
    holding: Holding | None,
    naming: tuple[str | None, str],
    now: datetime,
) -> tuple[Fact, ...]:
    """The evidence for a refusal: when it was used before, or when it is valid.

    Args:
        reason: of the refusal.
        voucher: what is known of the voucher.
        holding: the grant spoken of, or None.
        naming: product name or None, and the last four digits of the code.
        now: by the till's clock.
    """
    facts = list(_named(*naming))
    if reason in USED_REASONS and voucher.past:
        last = voucher.past[-1]
        facts.append(Fact(FactName.happened_at, last.at.isoformat()))
        seconds_ago = max(0, int((now - last.at).total_seconds()))
        facts.append(Fact(FactName.seconds_ago, str(seconds_ago)))
        if voucher.uses_total is not None:
            facts.append(Fact(FactName.uses_total, str(voucher.uses_total)))
    if reason in _TIME_REASONS and holding is not None:
        facts.append(Fact(FactName.valid_from, holding.valid_from.isoformat()))
        facts.append(
            Fact(FactName.valid_until, last_second_before(holding.valid_until).isoformat())
        )
    return tuple(facts)


def _named(product_name: str | None, last_four: str) -> list[Fact]:
    facts = [] if product_name is None else [Fact(FactName.product, product_name)]
    return [*facts, Fact(FactName.last_four, last_four)] if last_four else facts
