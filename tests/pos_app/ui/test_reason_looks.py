"""Every reason has a look and a sound, and its evidence is put into words."""

import pytest

from pos_app.assets.cues import Cue
from pos_app.core.verdict import ACCEPTING_REASONS, Lane
from pos_app.core.wedge_burst import BurstFault, BurstRejected
from pos_app.ui.reason_looks import REASON_LOOKS, fact_value, reason_view, rejected_view
from pos_app.ui.texts import Language, Texts
from pos_app.ui.view_state import Look
from shared.reasons import Fact, FactName, Reason
from tests.pos_app.ui.samples import REDEEMED_FACTS, said

VALUES = {
    FactName.happened_at: "2026-11-21T06:12:09Z",
    FactName.valid_from: "2026-11-21T06:12:09+00:00",
    FactName.valid_until: "2026-11-21T06:12:09+00:00",
    FactName.last_contact: "2026-11-21T06:12:09+00:00",
    FactName.uses_left: "2",
    FactName.uses_total: "3",
    FactName.uses_taken: "1",
    FactName.value_fen: "12850",
    FactName.seconds_ago: "75",
    FactName.received_length: "7",
    FactName.usable_stores: "徐家汇店, 陆家嘴店",
}
SAID = {
    FactName.happened_at: "2026年11月21日 14:12",
    FactName.valid_from: "2026年11月21日 14:12",
    FactName.valid_until: "2026年11月21日 14:12",
    FactName.last_contact: "2026年11月21日 14:12",
    FactName.uses_left: "2 次",
    FactName.uses_total: "3 次",
    FactName.uses_taken: "1 次",
    FactName.value_fen: "¥128.50",
    FactName.seconds_ago: "1 分钟前",
    FactName.received_length: "7 个字符",
    FactName.usable_stores: "徐家汇店、陆家嘴店",
}


def test_every_reason_has_a_look_and_a_sound() -> None:
    assert set(REASON_LOOKS) == set(Reason)


def test_only_accepting_reasons_look_and_sound_like_success() -> None:
    successes = {reason for reason, shown in REASON_LOOKS.items() if shown.look is Look.ok}
    pending = {reason for reason, shown in REASON_LOOKS.items() if shown.look is Look.offline_ok}
    assert successes | pending == ACCEPTING_REASONS
    assert pending == {Reason.accepted_offline}
    loud = {
        reason for reason, shown in REASON_LOOKS.items() if shown.cue in {Cue.ok, Cue.offline_ok}
    }
    assert loud == ACCEPTING_REASONS


def test_each_look_has_one_sound_of_its_own() -> None:
    pairs = {(shown.look, shown.cue) for shown in REASON_LOOKS.values()}
    assert len(pairs) == len({look for look, _ in pairs}) == len({cue for _, cue in pairs})


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_becomes_a_full_verdict(
    texts: Texts, reason: Reason, language: Language
) -> None:
    texts.set_language(language)
    facts = [Fact(name, VALUES.get(name, "x")) for name in FactName]
    view = reason_view(texts, reason, facts)
    assert view.headline
    assert view.reason
    assert view.next_step
    assert len(view.facts) == len(FactName)


@pytest.mark.parametrize("name", sorted(SAID))
def test_values_are_written_for_people(texts: Texts, name: FactName) -> None:
    texts.set_language(Language.chinese)
    assert fact_value(texts, Fact(name, VALUES[name])) == SAID[name]


def test_a_verdict_says_its_way_and_its_second(texts: Texts) -> None:
    view = said(texts, Reason.accepted, Lane.asked, REDEEMED_FACTS)
    assert view.facts[-2:] == (("Redeemed via", "Online"), ("Time", "10:41:37"))
    refused = said(texts, Reason.unknown, Lane.none, ())
    assert refused.facts == (("Time", "10:41:37"),)


@pytest.mark.parametrize("fault", list(BurstFault))
def test_a_rejected_scan_says_what_came_and_why_not(texts: Texts, fault: BurstFault) -> None:
    view = rejected_view(texts, BurstRejected("7391" * 30, fault))
    assert view.look is Look.warn
    assert view.facts == (("Received", "7391" * 6), ("Length", "120 characters"))
    assert view.reason
