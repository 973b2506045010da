"""The counter at work: scans in, verdicts out, and the window kept true to what is recorded."""

import logging
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal
from uuid_utils.compat import uuid7

from pos_app.app.devices import CounterDevices
from pos_app.app.doubts import DoubtFollower
from pos_app.app.stage_door import NotOpenError, StageDoor
from pos_app.app.status_views import NOBODY, offline_view, ready_view, status_view, verdict_of_row
from pos_app.core.history import HistoryRow, HistoryState
from pos_app.core.knowledge import Doubt, Standing
from pos_app.core.line import Line
from pos_app.core.same_code import SameCodeGuard
from pos_app.core.scan import Scan, ScanSource
from pos_app.core.scan_text import clean_scan
from pos_app.core.till_status import TillStatus
from pos_app.core.verdict import Lane, Verdict
from pos_app.core.wedge_burst import BurstRejected
from pos_app.devices.monotonic import counter_ms
from pos_app.services.machine import wall_clock
from pos_app.ui.main_window import MainWindow
from pos_app.ui.offline_guide import OfflineGuide
from pos_app.ui.reason_looks import checking_view, rejected_view, verdict_view
from pos_app.ui.texts import Texts
from pos_app.ui.view_state import ReadyView, VerdictView
from pos_app.ui.window_options import Page
from shared.ids import EventId
from shared.reasons import Fact, FactName, Reason

CHECKING_AFTER_MS = 150
"""A decision that takes longer than this is announced."""
STATUS_EVERY_MS = 1_000
EXPLAINED_STATES = frozenset({HistoryState.refused, HistoryState.conflict})

_log = logging.getLogger(__name__)


class Counter(QObject):
    """Drives the window of a paired till.

    Signals:
        ended: a `Standing` and the pending count, as a tuple: this till may not decide any more.
        shown: a word for what is shown now, for pictures.

    Args:
        texts: the words.
        door: to the worker.
        devices: of this counter.
    """

    ended = Signal(object)
    shown = Signal(str)

    def __init__(self, texts: Texts, door: StageDoor, devices: CounterDevices) -> None:
        super().__init__()
        self._texts = texts
        self._door = door
        self._devices = devices
        self._guard = SameCodeGuard()
        self._line = Line.unknown
        self._status: TillStatus | None = None
        self._status_asked = False
        self._who: ReadyView | None = None
        self._guide: OfflineGuide | None = None
        self._deciding = 0
        first_view = status_view(None, Line.unknown, devices.states)
        self.window = MainWindow(texts, NOBODY, first_view)
        self._doubts = DoubtFollower(texts, self.window)
        self._checking = QTimer(self)
        self._checking.setSingleShot(True)
        self._checking.setInterval(CHECKING_AFTER_MS)
        self._every = QTimer(self)
        self._every.setInterval(STATUS_EVERY_MS)
        self._connect()

    def begin(self) -> None:
        """The till is open: follow what was left in doubt, keep the status true."""
        self._door.ask(lambda stage: stage.doubts(), self._follow_all, self._note_fault)
        self._every.start()
        self.refresh()

    @property
    def ready(self) -> bool:
        """Whether the till behind the window is open and has been read."""
        return self._status is not None

    def stop(self) -> None:
        """Ask the worker nothing more by itself."""
        self._every.stop()

    def scan(self, scan: Scan) -> None:
        """Decide about a scan; every scan gets an answer, in order."""
        cleaned = Scan(clean_scan(scan.text).text, scan.source, scan.received_at_ms)
        if not cleaned.text:
            return  # a trigger pulled at nothing
        repeated = self._guard.is_repeat(cleaned)
        if repeated and scan.source is ScanSource.camera:
            return  # still in view
        self._devices.note_scan(scan.source)
        self._devices.receive()
        self._deciding += 1
        self._checking.start()
        self._door.ask(
            lambda stage: stage.scan(scan.text, repeated=repeated), self._decided, self._failed
        )

    def type_code(self, digits: str) -> None:
        """Decide about a code that a person typed."""
        self.scan(Scan(digits, ScanSource.typed, counter_ms()))

    def reject(self, rejected: BurstRejected) -> None:
        """Say that a gun's keys were no scan."""
        self._show(rejected_view(self._texts, rejected), "rejected")

    def resolve(self, verdict: Verdict) -> None:
        """A scan in doubt has its answer."""
        self._doubts.resolve(verdict.eid)
        self._show_verdict(verdict)
        self.refresh()

    def refresh(self) -> None:
        """Read the status again; asked for often, read once at a time."""
        if not self._status_asked:
            self._status_asked = True
            self._door.ask(lambda stage: stage.status(), self._take_status, self._note_fault)

    def show_devices(self) -> None:
        """A device has changed."""
        self.window.show_status(status_view(self._status, self._line, self._devices.states))

    def _connect(self) -> None:
        self._checking.timeout.connect(self._announce)
        self._every.timeout.connect(self.refresh)
        self._doubts.answered.connect(self._answer_doubt)
        self._devices.changed.connect(self.show_devices)
        self._devices.preview.connect(self.window.show_preview)
        self._devices.camera_scanned.connect(self.scan)
        self.window.code_entered.connect(self.type_code)
        self.window.sync_requested.connect(self._sync_now)
        self.window.camera_wanted.connect(self._devices.set_camera_wanted)
        self.window.history_wanted.connect(self._read_history)
        self.window.row_opened.connect(self._show_row)
        self.window.verdict_closed.connect(self._show_who_now)

    # --- verdicts ---

    def _announce(self) -> None:
        if self._deciding:
            self._show(checking_view(self._texts, online=self._line is Line.online), "checking")

    def _decided(self, verdict: Verdict) -> None:
        self._settle()
        if verdict.reason is Reason.outcome_unknown:
            self._doubts.follow(verdict.eid, verdict.fact(FactName.last_four) or "")
        else:
            self._doubts.resolve(verdict.eid)
        self._show_verdict(verdict)
        self.refresh()

    def _failed(self, cause: BaseException) -> None:
        """Nothing was recorded, so nothing is green; the error id finds the cause in the log."""
        self._settle()
        eid = EventId(uuid7())
        error_id = eid.hex[-6:]
        _log.error("a scan could not be decided, error %s", error_id, exc_info=cause)
        facts = (Fact(FactName.error_id, error_id),)
        self._show_verdict(Verdict(eid, Reason.internal, Lane.none, wall_clock(), facts))

    def _settle(self) -> None:
        self._deciding -= 1
        if not self._deciding:
            self._checking.stop()

    def _show_verdict(self, verdict: Verdict) -> None:
        self._show(verdict_view(self._texts, verdict), verdict.reason.value)

    def _show(self, view: VerdictView, word: str) -> None:
        if self._guide is not None:
            self._guide.close()
        self.window.show_verdict(view)
        self._devices.play(view.cue)
        self.shown.emit(word)

    # --- doubts ---

    def _follow_all(self, doubts: list[Doubt]) -> None:
        for doubt in doubts:
            if not doubt.handed_over:
                self._doubts.follow(doubt.eid, doubt.last_four)

    def _answer_doubt(self, answer: tuple[UUID, bool]) -> None:
        eid, handed_over = answer
        if handed_over:
            self._door.ask(lambda stage: stage.note_handed_over(eid), self._go_on, self._failed_act)
        else:
            self._door.ask(lambda stage: stage.call_off(eid), self._go_on, self._failed_act)

    def _go_on(self, _done: None) -> None:
        self.window.show_ready()
        self.refresh()

    # --- status, history ---

    def _take_status(self, read: tuple[TillStatus, Line]) -> None:
        self._status_asked = False
        before, (self._status, self._line) = self._status, read
        if self._line is Line.offline and self._guide is None:
            self._guide = OfflineGuide(self._texts, self.window)
            self._guide.show()
        self._texts.set_zone(ZoneInfo(self._status.time_zone))
        self.show_devices()
        self.window.show_offline(offline_view(self._status) if self._line is Line.offline else None)
        if before is None or ready_view(before) != ready_view(self._status):
            self._show_who(self._status)
        # What the history says of each row's upload follows the queue.
        if self.window.page is Page.history and before and before.pending != self._status.pending:
            self._read_history()
        if self._status.standing is not Standing.welcome:
            self.ended.emit((self._status.standing, self._status.pending))

    def _show_who(self, status: TillStatus) -> None:
        """Name store and till; a verdict that is being shown is not left for that."""
        self._who = ready_view(status)
        if self.window.page is Page.ready:
            self._show_who_now()

    def _show_who_now(self) -> None:
        if self._who is not None:
            self.window.show_ready(self._who)
            self._who = None

    def _sync_now(self) -> None:
        self._door.ask(lambda stage: stage.sync_now(), self._synced, self._failed_act)

    def _synced(self, _done: None) -> None:
        self.refresh()

    def _read_history(self) -> None:
        self._door.ask(lambda stage: stage.history(), self._show_history, self._note_fault)

    def _show_history(self, rows: list[HistoryRow]) -> None:
        self.window.show_history(rows)
        self.shown.emit("history")

    def _show_row(self, row: HistoryRow) -> None:
        """Show why a scan was refused; a past success is never painted green a second time."""
        if row.state in EXPLAINED_STATES:
            self.window.show_verdict(verdict_view(self._texts, verdict_of_row(row)))

    def _failed_act(self, cause: BaseException) -> None:
        self._note_fault(cause)
        self._devices.warn()

    def _note_fault(self, cause: BaseException) -> None:
        self._status_asked = False
        if not isinstance(cause, NotOpenError):
            _log.error("the till could not read its database", exc_info=cause)
