"""The names of everything the till says; a test proves that every language says them all."""

from dataclasses import dataclass
from enum import StrEnum, auto


@dataclass(frozen=True, slots=True)
class ReasonText:
    """What a reason says to the clerk.

    Attributes:
        headline: a few words for two metres' distance; no two reasons share one.
        explanation: one sentence on why.
        next_step: what to do now.
    """

    headline: str
    explanation: str
    next_step: str


class Text(StrEnum):
    """A text; values in braces are named in the tables and checked to be the same in each."""

    application = auto()
    moment = auto()
    ago_seconds = auto()
    ago_minutes = auto()
    ago_hours = auto()

    key_manual = auto()
    key_history = auto()
    key_sync = auto()
    key_camera = auto()
    key_full_screen = auto()
    key_close = auto()
    key_bar = auto()

    ready_prompt = auto()
    ready_hint = auto()
    ready_receiving = auto()
    ready_till = auto()
    ready_cashier = auto()
    ready_nobody = auto()
    ready_shift = auto()
    ready_no_shift = auto()
    code_field = auto()
    code_placeholder = auto()
    code_submit = auto()
    code_missing_digits = auto()
    code_wrong = auto()
    code_complete = auto()

    line_unknown = auto()
    line_online = auto()
    line_offline = auto()
    pending = auto()
    pending_none = auto()
    syncing = auto()
    synced = auto()
    synced_never = auto()
    scanner_untested = auto()
    scanner_ready = auto()
    scanner_missing = auto()
    camera_off = auto()
    camera_starting = auto()
    camera_running = auto()
    camera_missing = auto()
    camera_busy = auto()
    camera_failed = auto()
    sound_starting = auto()
    sound_ready = auto()
    sound_muted = auto()
    sound_missing = auto()
    status_bar = auto()

    offline_title = auto()
    offline_pending = auto()
    offline_oldest = auto()
    offline_hours_left = auto()
    offline_uses_left = auto()
    offline_value_left = auto()
    offline_advice = auto()

    camera_panel = auto()
    camera_aim = auto()
    camera_said_off = auto()
    camera_said_starting = auto()
    camera_said_missing = auto()
    camera_said_busy = auto()
    camera_said_failed = auto()

    verdict_next_step = auto()
    verdict_seconds_left = auto()
    verdict_paused = auto()
    checking_headline = auto()
    checking_reason = auto()
    asking_headline = auto()
    asking_reason = auto()
    rejected_headline = auto()
    rejected_short = auto()
    rejected_long = auto()
    rejected_slow = auto()
    rejected_next_step = auto()
    fact_uses = auto()
    fact_characters = auto()
    fact_decided_at = auto()
    fact_lane = auto()
    lane_held = auto()
    lane_asked = auto()
    lane_provisional = auto()

    history_title = auto()
    history_search = auto()
    history_shown = auto()
    history_empty = auto()
    history_no_match = auto()
    column_time = auto()
    column_result = auto()
    column_last_four = auto()
    column_product = auto()
    column_uses = auto()
    column_value = auto()
    column_upload = auto()
    history_redeemed = auto()
    history_provisional = auto()
    history_refused = auto()
    history_asking = auto()
    history_given_up = auto()
    history_undone = auto()
    history_conflict = auto()
    upload_waiting = auto()
    upload_done = auto()
