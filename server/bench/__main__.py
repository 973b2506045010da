"""`hexiao bench`: figures as ratios against a yardstick in the same run, on this machine.

Absolute times say more of a machine and its neighbours than of a program, so each figure of the
server is divided by what pgbench reaches with the same rows on the same PostgreSQL, and the till's
scan stands beside a bare SQLite commit.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import make_url, text

from server.bench import row_counts, yardstick
from server.bench.fleet import Fleet
from server.bench.load import LoadResult, send_all
from server.bench.postgresql_server import newest_programs, running_postgresql
from server.bench.server_process import running_server
from server.kernel.database import BlockingDatabase, Connection
from server.kernel.logs import set_up_logs
from server.migrations import upgrade

OUTPUT = Path("bench-output/bench.json")
WORKERS = 2
REDEEM_TILLS = 64
DRAIN_TILLS = 20
DRAIN_EVENTS_EACH_REQUEST = 500
RATIO_GOOD_ENOUGH = 0.5
EXIT_UNFAIR = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `hexiao bench` and return its exit code."""
    parser = argparse.ArgumentParser(prog="hexiao bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter runs, rougher figures")
    quick: bool = parser.parse_args(arguments).quick
    set_up_logs("warning")
    figures: dict[str, float] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hexiao-bench-")))
        url = stack.enter_context(running_postgresql(durable=True))
        conditions = _conditions(url)
        unfair = _measure_server(url, folder, figures, quick=quick)
    figures |= _measure_till(quick=quick)
    _write(figures, conditions)
    if unfair:
        print("the yardstick writes other rows than the product:", *unfair, sep="\n  ")
        return EXIT_UNFAIR
    return 0


def _measure_server(url: str, folder: Path, figures: dict[str, float], *, quick: bool) -> list[str]:
    pgbench_seconds, redeem_each, drain_each = (5, 30, 500) if quick else (20, 120, 500)
    base = _new_database(url, "yardstick")
    yard_before = _prepare_yardstick(base)
    yard = yardstick.run(base, pgbench_seconds)
    yard_rows = row_counts.rows_each(yard_before, _rows(base), yard.transactions)
    figures["yardstick.per_second"] = yard.per_second

    product_url = _new_database(url, "redeem")
    redeemed, product_rows = _race(product_url, folder / "redeem.key", REDEEM_TILLS, redeem_each, 1)
    _note(figures, "server_redeem", redeemed, 1, yard.per_second)

    drain_url = _new_database(url, "drain")
    each = DRAIN_EVENTS_EACH_REQUEST
    drained, _ = _race(drain_url, folder / "drain.key", DRAIN_TILLS, drain_each, each)
    _note(figures, "drain", drained, each, yard.per_second)
    return row_counts.differences(product_rows, yard_rows)


def _race(
    url: str, key_file: Path, tills: int, vouchers_each: int, events_each_request: int
) -> tuple[LoadResult, dict[str, tuple[float, float]]]:
    """Let tills redeem everything they hold, over HTTP, and count what was written."""
    upgrade(url)
    database = BlockingDatabase(url)
    try:
        fleet = Fleet(database, key_file, tills)
        with running_server(url, key_file, WORKERS) as (host, port):
            fleet.pair(host, port)
            fleet.stock(vouchers_each)
            requests = fleet.redemptions(events_each_request)
            database.write(_analyze)
            # Only a connection's end makes its counts complete, so read them on a server at rest.
        before = row_counts.written_rows(database)
        with running_server(url, key_file, WORKERS) as (host, port):
            result = asyncio.run(send_all(host, port, requests))
        after = row_counts.written_rows(database)
    finally:
        database.close()
    rows = row_counts.rows_each(before, after, tills * vouchers_each)
    return result, rows


def _analyze(connection: Connection) -> None:
    connection.execute(text("ANALYZE"))


def _note(
    figures: dict[str, float], name: str, result: LoadResult, events: int, yard: float
) -> None:
    latencies = sorted(result.latencies_ms)
    per_second = result.requests * events / result.seconds
    figures[f"{name}.per_second"] = per_second
    figures[f"{name}.request_p50_ms"] = latencies[len(latencies) // 2]
    figures[f"{name}.request_p99_ms"] = latencies[len(latencies) * 99 // 100]
    figures[f"{name}.ratio_to_pgbench"] = per_second / yard


def _prepare_yardstick(url: str) -> row_counts.Counts:
    upgrade(url)
    database = BlockingDatabase(url)
    yardstick.fill(database)
    database.close()
    return _rows(url)


def _rows(url: str) -> row_counts.Counts:
    database = BlockingDatabase(url)
    try:
        return row_counts.written_rows(database)
    finally:
        database.close()


def _new_database(url: str, name: str) -> str:
    parts = make_url(url)
    command = [str(newest_programs() / "createdb"), "-h", str(parts.host), "-p", str(parts.port)]
    subprocess.run([*command, "-U", str(parts.username), name], check=True)
    return parts.set(database=name).render_as_string(hide_password=False)


def _measure_till(*, quick: bool) -> dict[str, float]:
    """Run the till's own benchmark as a program: the two sides never share a process."""
    command = [sys.executable, "-m", "pos_app.app.bench", *(["--quick"] if quick else [])]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(ended.stdout)
    return figures


def _conditions(url: str) -> dict[str, str]:
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    database = BlockingDatabase(url)
    settings = database.read(
        lambda connection: {
            name: str(connection.execute(text(f"SHOW {name}")).scalar_one()) for name in names
        }
    )
    database.close()
    load = ", ".join(f"{average:.2f}" for average in os.getloadavg())
    return {
        "machine": platform.platform(),
        "processors": str(os.cpu_count()),
        "python": platform.python_version(),
        "load_average_before": load,
        "server_workers": str(WORKERS),
        **{f"postgresql.{name}": value for name, value in settings.items()},
    }


def _write(figures: dict[str, float], conditions: dict[str, str]) -> None:
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps({"figures": figures, "conditions": conditions}, indent=2) + "\n")
    width = max(len(name) for name in figures)
    for name, value in figures.items():
        print(f"{name:<{width}}  {value:12.3f}")
    print(
        f"{OUTPUT} has the figures and their conditions; "
        f"a ratio of {RATIO_GOOD_ENOUGH} is good for now"
    )


if __name__ == "__main__":
    sys.exit(main())
