"""Every error a till can meet has a status and says in both languages what to do."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import server
import shared
from server.api.error_responses import RESPONSES, error_reply, wants_chinese
from shared.clock import utc
from shared.errors import DomainError, InvalidInputError

TILL_SIDE = ("shared.", "server.api.", "server.tills.", "server.holdings.", "server.redemption.")


def every_error(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from every_error(child)


def codes_of_tills() -> list[str]:
    for root in (server, shared):
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if module.name.startswith(TILL_SIDE):
                importlib.import_module(module.name)
    kinds: list[type[DomainError]] = [DomainError, *every_error(DomainError)]
    return sorted({kind.code for kind in kinds if f"{kind.__module__}.".startswith(TILL_SIDE)})


@pytest.mark.parametrize("code", codes_of_tills())
def test_it_has_a_row(code: str) -> None:
    row = RESPONSES[code]
    assert 400 <= row.status < 600
    for text in (row.zh, row.en):
        sentences = [part for part in text.replace("。", ". ").split(". ") if part.strip()]
        assert len(sentences) >= 2 or ";" in text or "，" in text, text


def test_no_row_is_left_over() -> None:
    assert set(RESPONSES) <= set(codes_of_tills())


def test_facts_travel_as_bounded_text() -> None:
    reply = error_reply(InvalidInputError(field="x" * 500, n=3), chinese=False, now=utc(2026, 1, 1))
    assert reply.facts == {"field": "x" * 200, "n": "3"}
    assert reply.code == "invalid_input"


@pytest.mark.parametrize(
    ("header", "chinese"),
    [
        ("", True),
        ("fr", True),
        ("zh-CN,en;q=0.5", True),
        ("en-GB,zh;q=0.5", False),
        ("en", False),
    ],
)
def test_the_reader_chooses_the_language(header: str, *, chinese: bool) -> None:
    assert wants_chinese(header) is chinese
