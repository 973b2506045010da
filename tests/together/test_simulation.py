"""Random histories of till and server: the invariants hold after every step and at rest."""

import random

import pytest

from tests.together.chain import Chain
from tests.together.histories import Played, play_seed, steps_as_text

pytestmark = pytest.mark.simulation

SEEDS_IN_WHICH_NOBODY_IS_LOST = (1, 2)
SEEDS_IN_WHICH_TILLS_ARE_LOST = (3, 6)
FEW_EVENTS = 250


def story_of(played: Played) -> str:
    """What to read when a history went wrong; `--first SEED --seeds 1` shortens it."""
    steps = played.history.steps
    return f"seed {played.history.seed}: {played.violation}\n{steps_as_text(steps[-20:])}"


@pytest.mark.parametrize("seed", SEEDS_IN_WHICH_NOBODY_IS_LOST)
def test_no_use_is_lost_or_used_twice(chain: Chain, seed: int) -> None:
    played = play_seed(chain, seed)
    assert played.violation is None, story_of(played)
    assert played.redemptions > 0


@pytest.mark.parametrize("seed", SEEDS_IN_WHICH_TILLS_ARE_LOST)
def test_the_books_hold_when_tills_are_declared_lost_and_come_back(chain: Chain, seed: int) -> None:
    played = play_seed(chain, seed)
    assert played.violation is None, story_of(played)
    assert played.redemptions > 0


def test_a_history_nobody_has_seen_before_holds_too(chain: Chain) -> None:
    seed = random.SystemRandom().getrandbits(32)
    print(f"fresh seed {seed}")
    played = play_seed(chain, seed)
    assert played.violation is None, story_of(played)


def test_the_same_seed_is_the_same_history(chain: Chain) -> None:
    first = play_seed(chain, 1, FEW_EVENTS)
    assert play_seed(chain, 1, FEW_EVENTS) == first
