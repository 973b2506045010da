"""Everything the till says, in the language of the moment; every other file holds keys only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from pos_app.core.history import HistoryState
from pos_app.ui.text_keys import ReasonText, Text
from pos_app.ui.texts_en import ENGLISH
from pos_app.ui.texts_en_reasons import ENGLISH_FACTS, ENGLISH_REASONS
from pos_app.ui.texts_zh import CHINESE
from pos_app.ui.texts_zh_reasons import CHINESE_FACTS, CHINESE_REASONS
from shared.reasons import FactName, Reason

FEN_PER_YUAN = 100
SECONDS_PER_MINUTE = 60
SECONDS_PER_HOUR = 3600


class Language(StrEnum):
    """A language the till speaks."""

    chinese = "zh-CN"
    """Simplified Chinese."""
    english = "en"
    """English."""


@dataclass(frozen=True, slots=True)
class TextTables:
    """One language's words.

    Attributes:
        texts: by key; `{name}` stands for a value.
        reasons: what each reason says.
        facts: labels of the facts on a verdict.
    """

    texts: Mapping[Text, str]
    reasons: Mapping[Reason, ReasonText]
    facts: Mapping[FactName, str]


TABLES = {
    Language.chinese: TextTables(CHINESE, CHINESE_REASONS, CHINESE_FACTS),
    Language.english: TextTables(ENGLISH, ENGLISH_REASONS, ENGLISH_FACTS),
}

_LIST_SEPARATORS = {Language.chinese: "、", Language.english: ", "}

_HISTORY_TEXTS = {
    HistoryState.redeemed: Text.history_redeemed,
    HistoryState.provisional: Text.history_provisional,
    HistoryState.refused: Text.history_refused,
    HistoryState.asking: Text.history_asking,
    HistoryState.given_up: Text.history_given_up,
    HistoryState.undone: Text.history_undone,
    HistoryState.conflict: Text.history_conflict,
}


class Texts(QObject):
    """The voice of one till: its language, which may change at any time, and its time zone.

    Signals:
        language_changed: every widget says its words anew; a new time zone counts too.

    Args:
        language: to begin with.
        zone: the store's, in which times are told, until it is known better.
        tables: the words of each language; another set serves tests.
    """

    language_changed = Signal()

    def __init__(
        self,
        language: Language,
        zone: ZoneInfo,
        tables: Mapping[Language, TextTables] = TABLES,
    ) -> None:
        super().__init__()
        self._tables = tables
        self._language = language
        self._zone = zone

    @property
    def language(self) -> Language:
        """The language of the moment."""
        return self._language

    def set_language(self, language: Language) -> None:
        """Speak another language from now on, everywhere at once."""
        if language is not self._language:
            self._language = language
            self.language_changed.emit()

    def set_zone(self, zone: ZoneInfo) -> None:
        """Tell times in another zone from now on, everywhere at once."""
        if zone.key != self._zone.key:
            self._zone = zone
            self.language_changed.emit()

    def __call__(self, key: Text, **values: object) -> str:
        """Say a text, with its named values filled in."""
        return self._tables[self._language].texts[key].format(**values)

    def reason(self, reason: Reason) -> ReasonText:
        """Headline, explanation and next step of a reason."""
        return self._tables[self._language].reasons[reason]

    def fact_label(self, name: FactName) -> str:
        """What a fact is called."""
        return self._tables[self._language].facts[name]

    def history_state(self, state: HistoryState) -> str:
        """What became of a scan, in a word or two."""
        return self(_HISTORY_TEXTS[state])

    def money(self, amount_fen: int) -> str:
        """An amount in yuan, such as `¥1,234.50`; always to the fen."""
        sign = "-" if amount_fen < 0 else ""
        yuan, fen = divmod(abs(amount_fen), FEN_PER_YUAN)
        return f"{sign}¥{yuan:,}.{fen:02d}"

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row, with the language's own comma between them."""
        return _LIST_SEPARATORS[self._language].join(names)

    def clock_time(self, at: datetime) -> str:
        """A moment of today in the store's zone, to the second."""
        return f"{at.astimezone(self._zone):%H:%M:%S}"

    def clock_minute(self, at: datetime) -> str:
        """A moment of today in the store's zone, to the minute."""
        return f"{at.astimezone(self._zone):%H:%M}"

    def moment(self, at: datetime) -> str:
        """A moment of any day in the store's zone, to the minute."""
        local = at.astimezone(self._zone)
        return self(
            Text.moment,
            year=local.year,
            month=local.month,
            day=local.day,
            time=f"{local:%H:%M}",
            month_name=f"{local:%b}",
        )

    def ago(self, seconds: int) -> str:
        """How long ago something was, rounded down."""
        if seconds < SECONDS_PER_MINUTE:
            return self(Text.ago_seconds, seconds=seconds)
        if seconds < SECONDS_PER_HOUR:
            return self(Text.ago_minutes, minutes=seconds // SECONDS_PER_MINUTE)
        return self(Text.ago_hours, hours=seconds // SECONDS_PER_HOUR)
