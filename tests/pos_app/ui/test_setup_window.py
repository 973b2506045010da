"""Before the till belongs to a store: every word in both languages, every step by hand or gun."""

import re
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from pos_app.network import errors
from pos_app.services.pairing import IncompleteReplyError
from pos_app.services.sync_rounds import StalledError
from pos_app.storage.database import DiskTroubleError
from pos_app.storage.schema import DatabaseTooNewError
from pos_app.ui.setup_texts import TABLES, SetupText
from pos_app.ui.setup_window import SetupPage, SetupWindow
from pos_app.ui.texts import Language, Texts
from pos_app.ui.trouble_texts import TROUBLES, trouble_text

pytestmark = pytest.mark.qt

CODES = [
    *("no_key_store", "key_store_locked", "secrets_file_unreadable", "wrong_passphrase"),
    *("keys_missing", "wrong_pairing_code", "used_pairing_code", "expired_pairing_code"),
    *("too_many_attempts", errors.LineDownError.code, errors.NotOurServerError.code),
    *(errors.ServerTroubleError.code, errors.InsecureAddressError.code),
    *(IncompleteReplyError.code, DatabaseTooNewError.code, DiskTroubleError.code),
]


@pytest.fixture
def texts() -> Texts:
    return Texts(Language.chinese, ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def window(qtbot: QtBot, texts: Texts) -> SetupWindow:
    made = SetupWindow(texts, "https://pos.example.com")
    qtbot.addWidget(made)
    made.show()
    return made


def field(window: SetupWindow) -> QLineEdit:
    found = window.findChild(QLineEdit, "pairingCode")
    assert found is not None
    return found


def button(window: SetupWindow) -> QPushButton:
    found = window.findChild(QPushButton, "primary")
    assert found is not None
    return found


def said(window: SetupWindow) -> str:
    return " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_every_text_is_there_in_every_language_with_the_same_values() -> None:
    for key in SetupText:
        values = {tuple(sorted(re.findall(r"{(\w+)}", table[key]))) for table in TABLES.values()}
        assert len(values) == 1, key


@pytest.mark.parametrize("code", CODES)
def test_every_trouble_says_what_to_do_in_both_languages(code: str) -> None:
    assert code in TROUBLES
    assert trouble_text(Language.chinese, code) != trouble_text(Language.english, code)


def test_a_trouble_nobody_foresaw_is_named() -> None:
    assert "StrangeError" in trouble_text(Language.english, "StrangeError")


def test_a_typed_code_is_cleaned_and_told(qtbot: QtBot, window: SetupWindow) -> None:
    window.show_pairing()
    field(window).setText("abcd-efg o")
    with qtbot.waitSignal(window.pair_wanted) as told:
        button(window).click()
    assert told.args == [("https://pos.example.com", "ABCDEFG0")]


def test_half_a_code_is_not_sent(window: SetupWindow) -> None:
    window.show_pairing()
    field(window).setText("ABCD")
    button(window).click()
    assert "8 位" in said(window)


def test_a_scanned_code_fills_the_field(window: SetupWindow) -> None:
    window.show_pairing()
    window.take_scan("ABCD1234")
    assert field(window).text() == "ABCD1234"


def test_a_scanned_address_fills_its_field(qtbot: QtBot, window: SetupWindow) -> None:
    window.show_pairing()
    window.take_scan("HTTPS://POS.EXAMPLE.COM:8443")
    field(window).setText("ABCDEFG0")
    with qtbot.waitSignal(window.pair_wanted) as told:
        button(window).click()
    assert told.args == [("https://pos.example.com:8443", "ABCDEFG0")]


def test_the_digits_are_shown_in_two_groups(window: SetupWindow) -> None:
    window.show_comparing("123456", "北门店")
    assert "123 456" in said(window)
    assert "北门店" in said(window)


def test_a_till_switched_off_is_paired_again_only_when_all_is_sent(window: SetupWindow) -> None:
    window.show_ended(SetupText.revoked_explained, 3)
    assert not button(window).isEnabled()
    window.show_ended(SetupText.revoked_explained, 0)
    assert button(window).isEnabled()


def test_another_language_is_spoken_at_once(texts: Texts, window: SetupWindow) -> None:
    window.show_comparing("123456", "North Gate")
    texts.set_language(Language.english)
    assert "Compare these six digits" in said(window)
    assert window.page is SetupPage.comparing


def test_a_stalled_server_has_a_code_of_its_own() -> None:
    assert StalledError.code == "server_stalled"
