"""Follows scans whose answer is out: after five seconds a person is asked, until it is known."""

from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from pos_app.ui.doubt_prompt import DoubtPrompt
from pos_app.ui.texts import Texts

PROMPT_AFTER_MS = 5_000
"""How long a doubt lasts before the cashier is asked. Source: protocol rule T4."""


class DoubtFollower(QObject):
    """One prompt for each scan in doubt.

    Signals:
        answered: the event id and whether the goods were handed over, as a tuple.

    Args:
        texts: the words.
        window: under which prompts open.
        prompt_after_ms: see `PROMPT_AFTER_MS`.
    """

    answered = Signal(object)

    def __init__(
        self, texts: Texts, window: QWidget, prompt_after_ms: int = PROMPT_AFTER_MS
    ) -> None:
        super().__init__(window)
        self._texts = texts
        self._window = window
        self._prompt_after_ms = prompt_after_ms
        self._waiting: dict[UUID, QTimer] = {}
        self._prompts: dict[UUID, DoubtPrompt] = {}

    def follow(self, eid: UUID, last_four: str) -> None:
        """Ask about an event unless its answer comes first."""
        if eid in self._waiting or eid in self._prompts:
            return
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._ask(eid, last_four))
        self._waiting[eid] = timer
        timer.start(self._prompt_after_ms)

    def resolve(self, eid: UUID) -> None:
        """The answer is known; nobody is asked any more."""
        timer = self._waiting.pop(eid, None)
        if timer is not None:
            timer.stop()
            timer.deleteLater()
        prompt = self._prompts.pop(eid, None)
        if prompt is not None:
            prompt.accept()
            prompt.deleteLater()

    def _ask(self, eid: UUID, last_four: str) -> None:
        self._waiting.pop(eid).deleteLater()
        prompt = DoubtPrompt(self._texts, eid, last_four, self._window)
        prompt.answered.connect(lambda handed_over: self._answer(eid, handed_over))
        self._prompts[eid] = prompt
        prompt.show()

    def _answer(self, eid: UUID, handed_over: bool) -> None:  # noqa: FBT001 (a slot)
        prompt = self._prompts.pop(eid, None)
        if prompt is not None:
            prompt.deleteLater()
        self.answered.emit((eid, handed_over))
