"""A rule that is switched off is noticed: otherwise the simulation proves nothing about it.

Each mutation's shortest history is kept in `kept/`. When actions or rules change, play it anew:
`python -m tests.together.simulate --mutation NAME --keep`.
"""

import pytest

from tests.together.chain import DEFAULT_STORES, Chain
from tests.together.histories import play
from tests.together.kept_histories import FOLDER, kept
from tests.together.mutations import MUTATIONS, switched_off
from tests.together.simulate import UNKNOWN_MUTATION, chain_of, main

pytestmark = pytest.mark.simulation


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_rule_switched_off_is_noticed(name: str) -> None:
    with switched_off(MUTATIONS[name]), chain_of(DEFAULT_STORES) as chain:
        assert play(chain, kept(name)).violation is not None


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_same_history_holds_with_every_rule_on(chain: Chain, name: str) -> None:
    assert play(chain, kept(name)).violation is None


def test_every_kept_history_is_of_a_mutation() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(MUTATIONS)


def test_mutations_are_listed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mutation", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == list(MUTATIONS)


def test_an_unknown_mutation_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mutation", "no_such_rule"]) == UNKNOWN_MUTATION
    assert "unknown mutation" in capsys.readouterr().err
