"""`hexiao demo`: plays the main job with the real programs and says what held."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from server.demo.chain import ADMINISTRATOR, LAKE_MANAGER, SHOP
from server.demo.stage import Stage, seconds_since, set_stage
from server.demo.story import STEPS, play
from server.demo.waiting import StepFailedError

FOLDER = Path("demo-output")
EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `hexiao demo [--keep]`; returns 0 only if every step passed."""
    options = _parser().parse_args(arguments)
    # `kill` and a closed terminal end the demo as Ctrl-C does: with everything it started. Ctrl-C
    # itself is set too, because a shell's background job begins with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    started = time.monotonic()
    try:
        with set_stage(options.folder.resolve()) as stage:
            recorder = play(stage)
            print(f"\n{seconds_since(started):.0f} s; pictures and databases: {options.folder}/")
            if options.keep:
                _keep_open(stage)
            print(recorder.closing_line(), flush=True)
            if options.keep:
                with suppress(KeyboardInterrupt):
                    signal.pause()
    except StepFailedError as failure:
        print(f"the demo could not begin: {failure}")
        print(f"0 passed, {len(STEPS)} failed")
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("\nended; everything the demo started is stopped")
        return EXIT_INTERRUPTED
    return EXIT_FAILED if recorder.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hexiao demo", description=__doc__)
    parser.add_argument(
        "--keep", action="store_true", help="leave server and counter app open until Ctrl-C"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help="emptied first (%(default)s)")
    return parser


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _keep_open(stage: Stage) -> None:
    """Show the till to the person who asked, and say where everything is."""
    display = os.environ.get("DISPLAY")
    if display:
        stage.till.end()
        stage.till.open(display)
    lines = [
        ("shop", f"{stage.server.address}/s/{SHOP}"),
        ("console", f"{stage.server.address}/console"),
        *_log_ins(stage),
        ("counter app", f"on display {display or stage.till.screen.display}"),
        ("to end", "Ctrl-C"),
    ]
    print()
    for name, value in lines:
        print(f"{name:<14}{value}")
    print(flush=True)


def _log_ins(stage: Stage) -> list[tuple[str, str]]:
    if stage.chain is None:
        return []
    passwords = stage.chain.passwords
    return [
        (f"  {login}", f"password {passwords[login]}")
        for login in (ADMINISTRATOR, LAKE_MANAGER)
        if login in passwords
    ]


if __name__ == "__main__":
    sys.exit(main())
