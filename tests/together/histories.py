"""Random histories: written down step by step, played, and shortened when one goes wrong."""

import random
import shutil
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from tests.together import line_actions, server_actions, till_actions
from tests.together.chain import Chain, fast_folder
from tests.together.dice import DRAW_BITS, Dice
from tests.together.invariants import Watch
from tests.together.resting import come_to_rest
from tests.together.world import Violation, World

EVENTS_PER_SEED = 1_000
PLAYS_WHILE_SHORTENING_MAX = 400
SECONDS_WHILE_SHORTENING_MAX = 40
WORDS_MAX = 300
"""So many characters of an exception are told."""
RISKY_SEEDS_EACH = 3
"""In every third history tills may be declared lost."""

ACTIONS = line_actions.ACTIONS | till_actions.ACTIONS | server_actions.ACTIONS


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: what, and the number that every choice in it follows from."""

    action: str
    draw: int

    def __str__(self) -> str:
        return f"{self.action} {self.draw:016x}"


@dataclass(frozen=True, slots=True)
class History:
    """What happens, in order; then everything comes to rest.

    Attributes:
        seed: it was written from.
        steps: in order.
        is_risky: whether tills may be declared lost in it.
    """

    seed: int
    steps: tuple[Step, ...]
    is_risky: bool


@dataclass(frozen=True, slots=True)
class Played:
    """How a history went.

    Attributes:
        history: as far as it was played.
        redemptions: goods handed over.
        violation: None, or what did not hold.
        trace: where in the product it went wrong, if an exception came from there.
    """

    history: History
    redemptions: int
    violation: Violation | None
    trace: str = ""


def write_history(seed: int, events: int = EVENTS_PER_SEED) -> History:
    """Write a history from a seed. Each favours other actions; together they go everywhere."""
    draws = random.Random(seed)
    names = list(ACTIONS)
    weights = [ACTIONS[name][1] * draws.choice((0.3, 1, 1, 1, 2.5)) for name in names]
    chosen = draws.choices(names, weights, k=events)
    steps = tuple(Step(name, draws.getrandbits(DRAW_BITS)) for name in chosen)
    return History(seed, steps, is_risky=seed % RISKY_SEEDS_EACH == 0)


def play(chain: Chain, history: History) -> Played:
    """Play a history in a folder of its own, looking at every table after every step."""
    folder = fast_folder()
    world = World(chain, folder, risky=history.is_risky)
    done = 0
    try:
        watch = Watch()
        for step in history.steps:
            done += 1
            world.take(ACTIONS[step.action][0], Dice(step.draw))
            watch.look(world)
        come_to_rest(world, watch, Dice(history.seed))
    except Violation as violation:
        return _went_wrong(history, done, world, violation)
    except Exception as fault:  # noqa: BLE001 - whatever the product raises here is a finding
        failed = Violation("nothing fails", f"{type(fault).__name__}: {fault}"[:WORDS_MAX])
        return _went_wrong(history, done, world, failed, traceback.format_exc())
    finally:
        world.close()
        shutil.rmtree(folder)
    return Played(history, len(world.greens), None)


def _went_wrong(
    history: History, done: int, world: World, violation: Violation, trace: str = ""
) -> Played:
    as_far = History(history.seed, history.steps[:done], history.is_risky)
    return Played(as_far, len(world.greens), violation, trace)


def shorten(chain: Chain, played: Played) -> Played:
    """Leave out whatever is not needed to break the same invariant, greedily, within limits."""
    assert played.violation is not None
    best = played
    plays_left = PLAYS_WHILE_SHORTENING_MAX
    until = time.monotonic() + SECONDS_WHILE_SHORTENING_MAX
    size = max(1, len(best.history.steps) // 2)
    while plays_left > 0 and time.monotonic() < until:
        start = 0
        shorter = None
        while start < len(best.history.steps) and plays_left > 0 and time.monotonic() < until:
            steps = best.history.steps
            kept = steps[:start] + steps[start + size :]
            plays_left -= 1
            again = play(chain, History(best.history.seed, kept, best.history.is_risky))
            if _is_same(again, played):
                best = shorter = again
            else:
                start += size
        if size == 1 and shorter is None:
            break
        size = max(1, size // 2)
    return best


def _is_same(again: Played, played: Played) -> bool:
    assert played.violation is not None
    return again.violation is not None and again.violation.invariant == played.violation.invariant


def play_seed(chain: Chain, seed: int, events: int = EVENTS_PER_SEED) -> Played:
    """Write and play the history of a seed."""
    return play(chain, write_history(seed, events))


def steps_as_text(steps: Sequence[Step]) -> str:
    """The steps of a history, one a line."""
    return "\n".join(f"  {number}. {step}" for number, step in enumerate(steps, 1))
