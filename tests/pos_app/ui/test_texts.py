"""Both languages say everything, each in its own words."""

import re
import string
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

import pos_app.ui
from pos_app.core.history import HistoryState
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import TABLES, Language, Texts
from shared.reasons import FactName, Reason
from tests.pos_app.ui.samples import ZONE

HAN = re.compile(r"[\u3400-\u9fff\uff00-\uffef]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
KEYS_AND_NAMES = {"Esc"}


def words_of(language: Language) -> list[str]:
    tables = TABLES[language]
    said = [*tables.texts.values(), *tables.facts.values()]
    for reason in tables.reasons.values():
        said += [reason.headline, reason.explanation, reason.next_step]
    return said


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", list(Language))
class TestTables:
    def test_every_text_reason_and_fact_is_said(self, language: Language) -> None:
        tables = TABLES[language]
        assert set(tables.texts) == set(Text)
        assert set(tables.reasons) == set(Reason)
        assert set(tables.facts) == set(FactName)
        assert all(said.strip() == said != "" for said in words_of(language))

    def test_no_two_reasons_share_a_headline(self, language: Language) -> None:
        headlines = Counter(text.headline for text in TABLES[language].reasons.values())
        assert [headline for headline, count in headlines.items() if count > 1] == []

    def test_no_two_facts_share_a_label(self, language: Language) -> None:
        assert len(set(TABLES[language].facts.values())) == len(FactName)

    def test_headlines_are_short_enough_for_two_lines(self, language: Language) -> None:
        letters_max = {Language.chinese: 10, Language.english: 26}[language]
        for text in TABLES[language].reasons.values():
            assert len(text.headline) <= letters_max

    def test_sentences_end_as_sentences_do(self, language: Language) -> None:
        stop = {Language.chinese: "。", Language.english: "."}[language]
        for text in TABLES[language].reasons.values():
            assert text.explanation.endswith(stop)
            assert text.next_step.endswith(stop)


def test_the_same_values_are_named_in_both_languages() -> None:
    chinese, english = TABLES[Language.chinese].texts, TABLES[Language.english].texts
    different = [key for key in Text if places(chinese[key]) != places(english[key])]
    # Each writes a date in its own way.
    assert different == [Text.moment]


def test_english_has_no_chinese_characters() -> None:
    assert [said for said in words_of(Language.english) if HAN.search(said)] == []


def test_chinese_has_no_english_words() -> None:
    for said in words_of(Language.chinese):
        plain = re.sub(r"\{\w+\}", "", said)
        assert not set(LATIN_WORD.findall(plain)) - KEYS_AND_NAMES, said


def test_chinese_uses_chinese_punctuation() -> None:
    for said in words_of(Language.chinese):
        plain = re.sub(r"\{\w+\}", "", said)
        assert not re.search(r"[\u3400-\u9fff][,.;:!?()]", plain), said


def test_every_text_is_used_somewhere() -> None:
    folder = Path(pos_app.ui.__file__).parent
    tables = {"texts_zh.py", "texts_en.py", "text_keys.py"}
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(folder).parent.rglob("*.py")
        if path.name not in tables
    )
    assert [key for key in Text if not re.search(rf"\bText\.{key}\b", source)] == []


class TestTexts:
    @pytest.mark.parametrize(
        ("fen", "said"),
        [
            (0, "¥0.00"),
            (5, "¥0.05"),
            (12_800, "¥128.00"),
            (123_450, "¥1,234.50"),
            (-4_980, "-¥49.80"),
        ],
    )
    def test_money_is_written_in_yuan(self, texts: Texts, fen: int, said: str) -> None:
        assert texts.money(fen) == said

    @pytest.mark.parametrize(
        ("seconds", "english", "chinese"),
        [
            (0, "0 s ago", "0 秒前"),
            (59, "59 s ago", "59 秒前"),
            (60, "1 min ago", "1 分钟前"),
            (3_599, "59 min ago", "59 分钟前"),
            (3_600, "1 h ago", "1 小时前"),
            (200_000, "55 h ago", "55 小时前"),
        ],
    )
    def test_ago_is_rounded_down(
        self, texts: Texts, seconds: int, english: str, chinese: str
    ) -> None:
        assert texts.ago(seconds) == english
        texts.set_language(Language.chinese)
        assert texts.ago(seconds) == chinese

    def test_times_are_told_in_the_stores_zone(self, texts: Texts) -> None:
        at = datetime(2026, 12, 31, 16, 0, 5, tzinfo=UTC)
        assert texts.clock_time(at) == "00:00:05"
        assert texts.clock_minute(at) == "00:00"
        assert texts.moment(at) == "1 Jan 2027 00:00"
        texts.set_language(Language.chinese)
        assert texts.moment(at) == "2027年1月1日 00:00"

    def test_another_zone_is_taken_on_at_once_and_said_again(
        self, qtbot: QtBot, texts: Texts
    ) -> None:
        at = datetime(2026, 12, 31, 16, 0, 5, tzinfo=UTC)
        with qtbot.waitSignal(texts.language_changed):
            texts.set_zone(ZoneInfo("Asia/Urumqi"))
        assert texts.clock_minute(at) == "22:00"
        with qtbot.assertNotEmitted(texts.language_changed):
            texts.set_zone(ZoneInfo("Asia/Urumqi"))

    def test_every_state_of_the_history_has_its_own_words(self, texts: Texts) -> None:
        for language in Language:
            texts.set_language(language)
            assert len({texts.history_state(state) for state in HistoryState}) == len(HistoryState)

    def test_a_change_of_language_is_told_once(self) -> None:
        texts = Texts(Language.chinese, ZONE)
        told: list[Language] = []
        texts.language_changed.connect(lambda: told.append(texts.language))
        texts.set_language(Language.english)
        texts.set_language(Language.english)
        assert told == [Language.english]
