"""What a cashier is told the first time the line goes down."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from pos_app.ui.offline_guide import OfflineGuide
from pos_app.ui.setup_texts import SetupText, setup_text
from pos_app.ui.texts import Language, Texts
from tests.pos_app.ui.conftest import WindowMaker

pytestmark = pytest.mark.qt


@pytest.fixture
def guide(open_window: WindowMaker, texts: Texts) -> Iterator[OfflineGuide]:
    window = open_window()
    opened = OfflineGuide(texts, window)
    opened.show()
    yield opened
    opened.close()


def said(guide: OfflineGuide) -> list[str]:
    return [label.text() for label in guide.findChildren(QLabel) if label.isVisible()]


def press(guide: OfflineGuide, text: SetupText) -> None:
    wanted = setup_text(Language.english, text)
    next(b for b in guide.findChildren(QPushButton) if b.text() == wanted).click()


def test_it_says_what_goes_on_what_rests_and_what_not_to_do(guide: OfflineGuide) -> None:
    for text in (SetupText.offline_works, SetupText.offline_rests, SetupText.offline_never):
        assert setup_text(Language.english, text) in said(guide)


def test_it_blocks_nothing_and_no_enter_answers_it(guide: OfflineGuide) -> None:
    assert not guide.isModal()
    assert not any(button.autoDefault() for button in guide.findChildren(QPushButton))


def test_troubleshooting_says_what_to_check(guide: OfflineGuide) -> None:
    checks = setup_text(Language.english, SetupText.offline_checks)
    assert checks not in said(guide)
    press(guide, SetupText.offline_troubleshoot)
    assert checks in said(guide)
    assert guide.isVisible()


def test_it_goes_when_it_was_understood(guide: OfflineGuide) -> None:
    press(guide, SetupText.offline_understood)
    assert not guide.isVisible()
