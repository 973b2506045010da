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
SECONDS_WHILE_SHORTENING = 40
COARSE_STEPS = 32
"""Long histories lose runs of so many steps first, then whole kinds of action, then the rest."""
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


def shorten(chain: Chain, played: Played, seconds: float = SECONDS_WHILE_SHORTENING) -> Played:
    """Leave out, greedily and while time is left, whatever is not needed to break the same."""
    shortening = _Shortening(chain, played, time.monotonic() + seconds)
    size = len(played.history.steps) // 2
    while size >= COARSE_STEPS and shortening.has_time():
        _without_each(shortening, size)
        size = min(size, len(shortening.best.history.steps)) // 2
    for action in sorted({step.action for step in shortening.best.history.steps}):
        steps = shortening.best.history.steps
        shortening.try_steps(tuple(step for step in steps if step.action != action))
    size = max(1, len(shortening.best.history.steps) // 2)
    while shortening.has_time():
        helped = _without_each(shortening, size)
        if size == 1 and not helped:
            break
        size = max(1, size // 2)
    return shortening.best


def _without_each(shortening: "_Shortening", size: int) -> bool:
    """Try to leave out each run of `size` steps, from the end; say whether any was."""
    helped = False
    start = len(shortening.best.history.steps) - size
    while start > -size and shortening.has_time():
        steps = shortening.best.history.steps
        helped |= shortening.try_steps(steps[: max(0, start)] + steps[start + size :])
        start -= size
    return helped


@dataclass(slots=True)
class _Shortening:
    """The shortest history so far that breaks the same invariant."""

    chain: Chain
    best: Played
    until: float

    def has_time(self) -> bool:
        return time.monotonic() < self.until

    def try_steps(self, steps: tuple[Step, ...]) -> bool:
        """Keep these steps if they are fewer and break the same."""
        history = self.best.history
        if len(steps) == len(history.steps) or not self.has_time():
            return False
        again = play(self.chain, History(history.seed, steps, history.is_risky))
        if not _is_same(again, self.best):
            return False
        self.best = again
        return True


def _is_same(again: Played, played: Played) -> bool:
    assert played.violation is not None
    return again.violation is not None and again.violation.invariant == played.violation.invariant


def play_seed(chain: Chain, seed: int, events: int = EVENTS_PER_SEED) -> Played:
    """Write and play the history of a seed."""
    return play(chain, write_history(seed, events))


def steps_as_text(steps: Sequence[Step]) -> str:
    """The steps of a history, one a line."""
    return "\n".join(f"  {number}. {step}" for number, step in enumerate(steps, 1))
