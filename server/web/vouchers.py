"""What a voucher is to people, from its terms and where its uses are: in console and shop alike."""

from collections.abc import Mapping
from datetime import datetime

from server.orders.service import VoucherView
from server.web.texts import VoucherState, VoucherTab
from shared.redemption_rules import RefundState

_TAB_OF_STATE: Mapping[VoucherState, VoucherTab] = {
    VoucherState.to_use: VoucherTab.to_use,
    VoucherState.used: VoucherTab.used,
    VoucherState.expired: VoucherTab.used,
    VoucherState.refunding: VoucherTab.refunded,
    VoucherState.refunded: VoucherTab.refunded,
}


def uses_left(view: VoucherView) -> int:
    """Uses that are neither redeemed nor refunded, whoever holds them."""
    return view.holding.held + view.holding.out


def state_of(view: VoucherView, now: datetime) -> VoucherState:
    """What a voucher is to its buyer at a moment, aware UTC."""
    if view.holding.refund_state is RefundState.asked:
        return VoucherState.refunding
    if uses_left(view) == 0:
        return VoucherState.refunded if view.holding.refunded else VoucherState.used
    return VoucherState.expired if now >= view.terms.valid_until else VoucherState.to_use


def tab_of(state: VoucherState) -> VoucherTab:
    """Under which heading a buyer finds a voucher."""
    return _TAB_OF_STATE[state]
