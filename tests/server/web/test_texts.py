"""Every text is there in both languages, and none is left over."""

import inspect
import re
import string
from collections.abc import Sequence
from enum import StrEnum
from importlib import import_module
from types import ModuleType

import pytest

from server.holdings.states import Lane
from server.ledger.rules import AccountKind
from server.orders.rules import Stage
from server.staff.rules import Role
from server.tills.rules import TillState
from server.web import problems, texts
from server.web.language import Language, choose_language, read_catalogue, translations
from shared.errors import DomainError
from shared.wire import EventStatus
from tests.server.web.extracted_texts import TEMPLATES, Text, extracted_texts

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TAGS_AND_CODE = re.compile(
    r"\{%-?\s*trans.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^>]*>", re.DOTALL
)


def _first(text: Text) -> str:
    return text if isinstance(text, str) else text[0]


def _of_message(text: str | Sequence[str] | None) -> str:
    """The first form of a text of the catalogue."""
    assert text is not None
    return text if isinstance(text, str) else text[0]


def test_every_text_is_translated_and_none_is_left_over() -> None:
    shown = {_first(text): place for text, place in extracted_texts().items()}
    known = set(translations(Language.zh_cn).texts)

    assert {text: place for text, place in shown.items() if text not in known} == {}
    assert known - set(shown) == set()


def test_a_translation_keeps_the_placeholders() -> None:
    for message in read_catalogue(Language.zh_cn):
        chinese = _of_message(message.string)
        named = set(PLACEHOLDER.findall(_of_message(message.id)))
        assert named == set(PLACEHOLDER.findall(chinese)), chinese


def test_a_translation_is_chinese() -> None:
    for message in read_catalogue(Language.zh_cn):
        if message.id:
            assert CHINESE.search(_of_message(message.string)), message.id


def test_no_template_holds_a_text_outside_of_the_catalogue() -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        left = TAGS_AND_CODE.sub(" ", path.read_text(encoding="utf-8"))
        words = set(left.translate(str.maketrans("", "", string.punctuation)).split())
        assert {word for word in words if word.isalpha()} <= {"Hexiao"}, path.name


@pytest.mark.parametrize(
    ("table", "members"),
    [
        (texts.EVENT_STATUS, EventStatus),
        (texts.STAGE, Stage),
        (texts.VOUCHER_STATE, texts.VoucherState),
        (texts.VOUCHER_TAB, texts.VoucherTab),
        (texts.LANE, Lane),
        (texts.ROLE, Role),
        (texts.TILL_STATE, TillState),
        (texts.ACCOUNT, AccountKind),
    ],
)
def test_every_member_of_a_closed_list_has_a_name(
    table: dict[str, str], members: type[StrEnum]
) -> None:
    assert set(table) == {member.value for member in members}
    assert len(set(table.values())) == len(table)


def _errors_in(module: ModuleType) -> set[str]:
    return {
        one.code
        for _, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, DomainError)
    }


@pytest.mark.parametrize(
    "module",
    [
        "shared.errors",
        "server.orders.rules",
        "server.payments.gateway",
        "server.payments.rules",
        "server.vouchers.rules",
    ],
)
def test_every_error_a_page_can_meet_has_a_text(module: str) -> None:
    assert _errors_in(import_module(module)) - set(problems.TEXTS) == set()


def test_the_language_is_the_chosen_one_else_the_browsers_else_chinese() -> None:
    assert choose_language("en", "zh-CN,zh;q=0.9") is Language.en
    assert choose_language(None, "en-GB,en;q=0.8,zh;q=0.5") is Language.en
    assert choose_language("fr", "fr-FR, zh-TW;q=0.5") is Language.zh_cn
    assert choose_language(None, "") is Language.zh_cn


def test_english_has_a_singular() -> None:
    english, chinese = translations(Language.en), translations(Language.zh_cn)

    assert english.ngettext("%(count)s use", "%(count)s uses", 1) == "%(count)s use"
    assert english.ngettext("%(count)s use", "%(count)s uses", 2) == "%(count)s uses"
    assert chinese.ngettext("%(count)s use", "%(count)s uses", 1) == "%(count)s 次"
