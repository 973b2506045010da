"""Runs every check of the project, one part after another, and says how long each took.

All parts run even if one fails; the exit status is 0 only if all passed. Name parts to run some:
`python -m tests.run ruff qt`.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
REPORTS = ROOT / "test-output"
PROGRAMS = Path(sys.executable).parent

TESTED_CODE = ("pos_app", "server", "shared", "tests")
IN_PARALLEL = ("--numprocesses", "2", "--dist", "loadfile")
SCREEN = ("xvfb-run", "--auto-servernum", "--server-args=-screen 0 1440x1000x24 -noreset")

NO_TESTS_COLLECTED = 5
# Parts that still wait for their first test. A part leaves this list when it gets one: from then
# on, collecting nothing is a failure.
STILL_EMPTY: frozenset[str] = frozenset()
# Here a skipped test means that something `make setup` installs is not there.
NOTHING_SKIPPED = frozenset({"postgresql", "xvfb", "browser", "simulation"})


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the table: commands that must all succeed, or one run of pytest."""

    name: str
    commands: tuple[tuple[str, ...], ...] = ()
    tests: str = ""
    options: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a part ended; the counts are those of its tests."""

    name: str
    succeeded: bool
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def _program(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(PROGRAMS / name), *arguments)


PARTS = (
    Part("ruff", (_program("ruff", "check", "."), _program("ruff", "format", "--check", "."))),
    Part("mypy", (_program("mypy", *TESTED_CODE),)),
    Part("floors", (_program("lint-imports", "--no-logo"),)),
    Part(
        "sqlite",
        tests="not postgresql and not qt and not xvfb and not browser and not simulation",
        options=IN_PARALLEL,
    ),
    Part("postgresql", tests="postgresql and not browser and not simulation", options=IN_PARALLEL),
    Part("qt", tests="qt and not xvfb", environment={"QT_QPA_PLATFORM": "offscreen"}),
    Part(
        "xvfb", tests="xvfb and not browser", prefix=SCREEN, environment={"QT_QPA_PLATFORM": "xcb"}
    ),
    Part("browser", tests="browser"),
    Part("simulation", tests="simulation and not browser", options=IN_PARALLEL),
)


def run_part(part: Part) -> Outcome:
    """Run one part; its output goes straight to the terminal."""
    print(f"\n=== {part.name} ===", flush=True)
    started = time.monotonic()
    if part.tests:
        return _run_tests(part, started)
    statuses = [_run(command) for command in part.commands]
    return Outcome(part.name, not any(statuses), time.monotonic() - started)


def _run(command: tuple[str, ...], environment: dict[str, str] | None = None) -> int:
    variables = os.environ | (environment or {})
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def _run_tests(part: Part, started: float) -> Outcome:
    report = REPORTS / f"{part.name}.xml"
    report.unlink(missing_ok=True)
    pytest = (sys.executable, "-m", "pytest", "-m", part.tests, f"--junitxml={report}", "--quiet")
    status = _run((*part.prefix, *pytest, *part.options), part.environment)
    seconds = time.monotonic() - started
    passed, failed, skipped = _counts(report)
    succeeded = status == 0 or (status == NO_TESTS_COLLECTED and part.name in STILL_EMPTY)
    if skipped and part.name in NOTHING_SKIPPED:
        print(f"{part.name}: a skipped test is a failure here")
        succeeded = False
    return Outcome(part.name, succeeded, seconds, passed, failed, skipped)


def _counts(report: Path) -> tuple[int, int, int]:
    """Return the passed, failed and skipped tests of a JUnit report; an error is a failure."""
    if not report.exists():
        return 0, 0, 0
    # We wrote this file ourselves a moment ago.
    suites = list(ET.parse(report).getroot().iter("testsuite"))

    def total(name: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites)

    failed = total("failures") + total("errors")
    skipped = total("skipped")
    return total("tests") - failed - skipped, failed, skipped


def print_table(outcomes: list[Outcome]) -> None:
    """Print a line for each part, then the closing lines that tools read."""
    print("\npart          time  passed  failed  skipped")
    for outcome in outcomes:
        counts = f"{outcome.passed:8}{outcome.failed:8}{outcome.skipped:9}"
        word = "ok" if outcome.succeeded else "FAILED"
        print(f"{outcome.name:<11}{outcome.seconds:6.1f}s{counts}  {word}")
    print(f"{'all':<11}{sum(outcome.seconds for outcome in outcomes):6.1f}s\n")
    for outcome in outcomes:
        if outcome.name == "postgresql":
            print(_closing_line("postgresql", [outcome]))
    print(_closing_line("total", outcomes), flush=True)


def _closing_line(name: str, outcomes: list[Outcome]) -> str:
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    return f"{name}: {passed} passed, {failed} failed, {skipped} skipped"


def main(names: list[str]) -> int:
    """Run the named parts, or all; return the exit status."""
    unknown = set(names) - {part.name for part in PARTS}
    if unknown:
        print(f"unknown part: {', '.join(sorted(unknown))}")
        return 2
    REPORTS.mkdir(exist_ok=True)
    outcomes = [run_part(part) for part in PARTS if not names or part.name in names]
    print_table(outcomes)
    return 0 if all(outcome.succeeded for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
