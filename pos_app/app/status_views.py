"""Turns what the till has recorded into what the window shows."""

from dataclasses import dataclass

from pos_app.core.device_states import CameraState, ScannerState, SoundState
from pos_app.core.history import HistoryRow
from pos_app.core.line import Line
from pos_app.core.till_status import TillStatus
from pos_app.core.verdict import Lane, Verdict
from pos_app.ui.view_state import OfflineView, ReadyView, StatusView
from shared.reasons import Fact, FactName

SECONDS_PER_HOUR = 3600
NOBODY = ReadyView(store="", till="", cashier="", shift_started_at=None)


@dataclass(frozen=True, slots=True)
class DeviceStates:
    """How the counter's devices are."""

    scanner: ScannerState = ScannerState.untested
    camera: CameraState = CameraState.off
    sound: SoundState = SoundState.starting


def status_view(status: TillStatus | None, line: Line, devices: DeviceStates) -> StatusView:
    """What the status bar shows; None before the database is open."""
    ago = None
    if status is not None and status.last_contact is not None:
        ago = max(0, int((status.now - status.last_contact).total_seconds()))
    return StatusView(
        line=line,
        is_syncing=status is not None and status.pending > 0 and line is Line.online,
        pending_count=0 if status is None else status.pending,
        synced_seconds_ago=ago,
        scanner=devices.scanner,
        camera=devices.camera,
        sound=devices.sound,
    )


def ready_view(status: TillStatus) -> ReadyView:
    """Who and where."""
    return ReadyView(
        store=status.store_name, till=status.till_name, cashier="", shift_started_at=None
    )


def offline_view(status: TillStatus) -> OfflineView:
    """What the banner says while the server cannot be reached."""
    hours_left = None
    if status.offline_until is not None:
        seconds_left = (status.offline_until - status.now).total_seconds()
        hours_left = max(0, int(seconds_left // SECONDS_PER_HOUR))
    return OfflineView(
        pending_count=status.pending,
        oldest_at=status.pending_since,
        hours_left=hours_left,
        uses_left=None,
        value_left_fen=None,
    )


def verdict_of_row(row: HistoryRow) -> Verdict:
    """The card of a scan that was refused or is in dispute; nothing is decided again."""
    named = {
        FactName.product: row.product,
        FactName.last_four: row.last_four,
        FactName.uses_taken: str(row.uses) if row.uses else None,
        FactName.value_fen: None if row.value_fen is None else str(row.value_fen),
    }
    facts = tuple(Fact(name, value) for name, value in named.items() if value)
    return Verdict(row.eid, row.reason, Lane.none, row.at, facts)
