"""`python -m pos_app.app.bench`: prints the till's figures as one JSON object."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

VOUCHERS = 50_000
PERCENTILE = 95


def main() -> int:
    """Measure and print; an unfinished scan is an error, not a figure."""
    parser = argparse.ArgumentParser(prog="python -m pos_app.app.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer scans, rougher figures")
    scans = 60 if parser.parse_args().quick else 300
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from pos_app.app.bench import full_till, timings  # noqa: PLC0415 - after the platform is set

    with tempfile.TemporaryDirectory(prefix="hexiao-till-bench-") as folder:
        till = full_till.fill(Path(folder), VOUCHERS)
        decisions = timings.decisions_ms(till, scans)
        commit, commits = timings.commits_ms(Path(folder))
        scanned = timings.scans_ms(till, scans, commit)
    figures = {
        "till_scan.p50_ms": percentile(scanned, 50),
        "till_scan.p95_ms": percentile(scanned, PERCENTILE),
        "till_scan.bare_commit_p95_ms": percentile(commits, PERCENTILE),
        "till_scan.decision_p95_ms": percentile(decisions, PERCENTILE),
        "till_scan.vouchers_cached": VOUCHERS,
    }
    json.dump(figures, sys.stdout)
    return 0


def percentile(times: list[float], percent: int) -> float:
    """The time that so many per cent of the others do not exceed."""
    return sorted(times)[len(times) * percent // 100]


if __name__ == "__main__":
    sys.exit(main())
