"""Plays random histories of tills and server: `python -m tests.together.simulate --seeds N`.

The last line is `N seeds, N events, N redemptions, N violations`. With `--mutation NAME` a safety
rule is switched off and the program succeeds if that is noticed; `--mutation list` names them.
"""

import argparse
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

import structlog

from tests.together.chain import DEFAULT_STORES, Chain, build_chain
from tests.together.histories import (
    SECONDS_WHILE_SHORTENING,
    Played,
    play_seed,
    shorten,
    steps_as_text,
)
from tests.together.kept_histories import keep
from tests.together.mutations import MUTATIONS, Mutation, switched_off

DEFAULT_SEEDS = 20
SEEDS_FOR_A_MUTATION = 60
UNKNOWN_MUTATION = 2


@contextmanager
def chain_of(stores: int) -> Iterator[Chain]:
    """A chain to begin with, removed at the end; what services log below a warning is not shown."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    chain = build_chain(stores)
    try:
        yield chain
    finally:
        shutil.rmtree(chain.folder)


def simulate(chain: Chain, first: int, count: int) -> int:
    """Play seeds, on every processor; tell of each violation, and of all at the end.

    Returns:
        How many seeds broke an invariant.
    """
    seeds = range(first, first + count)
    processes = min(os.cpu_count() or 1, count)
    with ProcessPoolExecutor(processes) as pool:
        played = list(pool.map(play_seed, [chain] * count, seeds))
    broken = [one for one in played if one.violation is not None]
    for one in broken:
        tell(chain, one)
    events = sum(len(one.history.steps) for one in played)
    redemptions = sum(one.redemptions for one in played)
    print(f"{count} seeds, {events} events, {redemptions} redemptions, {len(broken)} violations")
    return len(broken)


def tell(chain: Chain, played: Played) -> None:
    """Print what a seed broke, and the shortest history found that breaks it too."""
    print(f"seed {played.history.seed}, step {len(played.history.steps)}: {played.violation}")
    shortest = shorten(chain, played)
    print(f"{len(shortest.history.steps)} steps suffice: {shortest.violation}")
    print(steps_as_text(shortest.history.steps))
    if shortest.trace:
        print(shortest.trace)


def catch(mutation: Mutation, stores: int, seeds: range, seconds: float) -> Played | None:
    """Play seeds with a rule switched off until one is caught; return its shortest history.

    Args:
        mutation: the rule.
        stores: how many the chain has.
        seeds: to play, in order.
        seconds: to spend on shortening.
    """
    with switched_off(mutation), chain_of(stores) as chain:
        for seed in seeds:
            played = play_seed(chain, seed)
            if played.violation is not None:
                return shorten(chain, played, seconds)
    return None


def _catch_and_tell(name: str, options: argparse.Namespace) -> int:
    if name == "list":
        print("\n".join(MUTATIONS))
        return 0
    if name not in MUTATIONS:
        print(f"unknown mutation {name}; `--mutation list` names them", file=sys.stderr)
        return UNKNOWN_MUTATION
    seeds = range(options.first, options.first + (options.seeds or SEEDS_FOR_A_MUTATION))
    caught = catch(MUTATIONS[name], options.stores, seeds, options.shorten_seconds)
    if caught is None or caught.violation is None:
        print(f"not caught {name}")
        return 1
    if options.keep:
        keep(name, caught.history)
    print(steps_as_text(caught.history.steps))
    print(caught.violation)
    steps = len(caught.history.steps)
    invariant, seed = caught.violation.invariant, caught.history.seed
    print(f"caught {name}: {invariant}, seed {seed}, {steps} steps")
    return 0


def main(arguments: list[str]) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--stores", type=int, default=DEFAULT_STORES)
    parser.add_argument("--mutation", help="a rule to switch off, or `list`")
    parser.add_argument("--shorten-seconds", type=float, default=SECONDS_WHILE_SHORTENING)
    parser.add_argument("--keep", action="store_true", help="keep a mutation's shortest history")
    options = parser.parse_args(arguments)
    if options.mutation:
        return _catch_and_tell(options.mutation, options)
    with chain_of(options.stores) as chain:
        broken = simulate(chain, options.first, options.seeds or DEFAULT_SEEDS)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
