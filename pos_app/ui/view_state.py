"""The values that widgets show. Immutable: to change a screen, hand it a new value."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pos_app.assets.cues import Cue
from pos_app.core.device_states import CameraState, ScannerState, SoundState
from pos_app.core.line import Line


class Look(StrEnum):
    """How a verdict looks: colour, stripes, icon and how long it stays."""

    ok = "ok"
    """Redeemed, finally."""
    offline_ok = "offline_ok"
    """Accepted, to be confirmed."""
    warn = "warn"
    """Not redeemed; the clerk can do something about it here."""
    error = "error"
    """Not redeemed; nothing at this counter changes that."""
    checking = "checking"
    """Being decided."""
    unknown_outcome = "unknown_outcome"
    """Asked and not answered; being found out."""


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict in the words of the language it was made for.

    Attributes:
        look: see `Look`.
        headline: a few words, readable at two metres.
        reason: one sentence.
        facts: label and value of each line of evidence, in the order shown.
        next_step: what the clerk does now; empty for nothing.
        cue: the sound that goes with it, or None for silence.
        attention: what the clerk has to check before handing over; empty for nothing.
    """

    look: Look
    headline: str
    reason: str
    facts: tuple[tuple[str, str], ...] = ()
    next_step: str = ""
    cue: Cue | None = None
    attention: str = ""


@dataclass(frozen=True, slots=True)
class ReadyView:
    """Who and where, as the ready page says it.

    Attributes:
        store: the store's name.
        till: this till's name.
        cashier: the name of the person at work; empty when nobody is.
        shift_started_at: aware UTC, or None when no shift is open.
    """

    store: str
    till: str
    cashier: str
    shift_started_at: datetime | None


@dataclass(frozen=True, slots=True)
class StatusView:
    """How the till and its devices are.

    Attributes:
        line: whether the server can be reached.
        is_syncing: a round is under way.
        pending_count: events the server does not have yet, as rows in the journal.
        synced_seconds_ago: since the last round that worked, or None before the first.
        scanner: of the barcode gun.
        camera: of the webcam.
        sound: of the loudspeaker.
    """

    line: Line
    is_syncing: bool
    pending_count: int
    synced_seconds_ago: int | None
    scanner: ScannerState
    camera: CameraState
    sound: SoundState


@dataclass(frozen=True, slots=True)
class OfflineView:
    """What the banner says while the server cannot be reached.

    Attributes:
        pending_count: events the server does not have yet.
        oldest_at: when the oldest of them happened, aware UTC, or None where there is none.
        hours_left: whole hours for which vouchers may still be accepted offline, or None for no
            limit.
        uses_left: redemptions that may still be accepted offline, or None for no limit.
        value_left_fen: what they may still be worth together, or None for no limit.
    """

    pending_count: int
    oldest_at: datetime | None
    hours_left: int | None
    uses_left: int | None
    value_left_fen: int | None
