"""A day at a counter, as values that tests and pictures show."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pos_app.core.device_states import CameraState, ScannerState, SoundState
from pos_app.core.history import HistoryRow, HistoryState
from pos_app.core.line import Line
from pos_app.core.verdict import Lane, Verdict
from pos_app.ui.reason_looks import checking_view, reason_view, verdict_view
from pos_app.ui.texts import Texts
from pos_app.ui.view_state import OfflineView, ReadyView, StatusView, VerdictView
from shared.ids import EventId
from shared.reasons import Fact, FactName, Reason

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 2, 41, 37, tzinfo=UTC)

READY = ReadyView(
    "南京东路旗舰店", "1 号收银台", "王小红", datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
)
ONLINE = StatusView(
    Line.online,
    is_syncing=False,
    pending_count=0,
    synced_seconds_ago=35,
    scanner=ScannerState.ready,
    camera=CameraState.off,
    sound=SoundState.ready,
)
TROUBLED = StatusView(
    Line.offline,
    is_syncing=False,
    pending_count=128,
    synced_seconds_ago=3_720,
    scanner=ScannerState.missing,
    camera=CameraState.failed,
    sound=SoundState.missing,
)
OFFLINE = OfflineView(
    pending_count=12,
    oldest_at=NOW - timedelta(hours=1),
    hours_left=21,
    uses_left=488,
    value_left_fen=1_230_000,
)

PRODUCT = Fact(FactName.product, "双人下午茶套餐（周末通用）")
REDEEMED_FACTS = (
    PRODUCT,
    Fact(FactName.uses_taken, "1"),
    Fact(FactName.uses_left, "2"),
    Fact(FactName.uses_total, "3"),
    Fact(FactName.value_fen, "12800"),
    Fact(FactName.valid_until, "2026-12-31T15:59:59+00:00"),
    Fact(FactName.order_number, "HX2611220418"),
    Fact(FactName.last_four, "8812"),
)
USED_FACTS = (
    PRODUCT,
    Fact(FactName.happened_at, "2026-11-21T06:12:09+00:00"),
    Fact(FactName.store, "南京东路旗舰店"),
    Fact(FactName.till, "2 号台"),
    Fact(FactName.clerk, "李*"),
    Fact(FactName.last_four, "8812"),
)
ELSEWHERE_FACTS = (
    Fact(FactName.product, "精品洗车 5 次卡"),
    Fact(FactName.usable_stores, "徐家汇店, 陆家嘴店, 人民广场店"),
    Fact(FactName.last_four, "0427"),
)


def said(texts: Texts, reason: Reason, lane: Lane, facts: tuple[Fact, ...]) -> VerdictView:
    return verdict_view(texts, Verdict(EventId(UUID(int=1)), reason, lane, NOW, facts))


def verdicts(texts: Texts) -> dict[str, VerdictView]:
    """One verdict of every look."""
    return {
        "ok": said(texts, Reason.accepted, Lane.held, REDEEMED_FACTS),
        "offline-ok": said(texts, Reason.accepted_offline, Lane.provisional, REDEEMED_FACTS),
        "warn": said(texts, Reason.already_redeemed, Lane.none, USED_FACTS),
        "error": said(texts, Reason.wrong_store, Lane.none, ELSEWHERE_FACTS),
        "checking": checking_view(texts, online=True),
        "unknown-outcome": reason_view(
            texts, Reason.outcome_unknown, (Fact(FactName.seconds_ago, "6"),)
        ),
    }


_STORIES = (
    (HistoryState.redeemed, Reason.accepted, PRODUCT.value, 12_800, True),
    (HistoryState.provisional, Reason.accepted_offline, "精品洗车 5 次卡", 4_980, False),
    (HistoryState.refused, Reason.already_redeemed, PRODUCT.value, None, True),
    (HistoryState.refused, Reason.bad_format, None, None, False),
    (HistoryState.undone, Reason.accepted, "四人火锅套餐", 26_800, True),
    (HistoryState.conflict, Reason.already_redeemed, "精品洗车 5 次卡", 4_980, True),
    (HistoryState.asking, Reason.outcome_unknown, None, None, False),
    (HistoryState.given_up, Reason.outcome_unknown, None, None, True),
)


def history(count: int) -> list[HistoryRow]:
    """Scans of one day, the newest first."""
    rows = []
    for number in range(count):
        state, reason, product, value_fen, sent = _STORIES[number % len(_STORIES)]
        rows.append(
            HistoryRow(
                seq=count - number,
                eid=EventId(UUID(int=number)),
                at=NOW - timedelta(minutes=3 * number, seconds=7 * number),
                state=state,
                reason=reason,
                product=product,
                last_four=f"{(8812 - 379 * number) % 10_000:04d}" if product else "",
                uses=1 if value_fen else 0,
                value_fen=value_fen,
                clerk=None,
                sent=sent,
            )
        )
    return rows
