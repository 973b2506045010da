"""How many rows of each table a run has written, so that two runs can be compared."""

from collections.abc import Mapping

from sqlalchemy import text

from server.kernel.database import BlockingDatabase, Connection

Counts = dict[str, tuple[int, int]]
"""Rows inserted and rows updated since the server of the database was started, by table."""


def written_rows(database: BlockingDatabase) -> Counts:
    """Read PostgreSQL's own counts; those of a connection are complete once it has closed."""

    def read(connection: Connection) -> Counts:
        rows = connection.execute(
            text("SELECT relname, n_tup_ins, n_tup_upd FROM pg_stat_user_tables")
        )
        return {row.relname: (row.n_tup_ins, row.n_tup_upd) for row in rows}

    return database.read(read)


def rows_each(before: Counts, after: Counts, redemptions: int) -> dict[str, tuple[float, float]]:
    """Rows inserted and updated for one redemption, by table; tables without a change left out."""
    each = {}
    for table, (inserted, updated) in after.items():
        inserted_before, updated_before = before.get(table, (0, 0))
        change = (inserted - inserted_before, updated - updated_before)
        if any(change):
            each[table] = (change[0] / redemptions, change[1] / redemptions)
    return each


def differences(
    product: Mapping[str, tuple[float, float]], yardstick: Mapping[str, tuple[float, float]]
) -> list[str]:
    """Where the yardstick writes more rows than the product, in words; empty for a fair race.

    The product may write more (its counters, its leases); that only makes the race harder for it.
    """
    found = []
    for table, wanted in sorted(yardstick.items()):
        has = product.get(table, (0.0, 0.0))
        for word, of_product, of_yardstick in zip(
            ("inserted", "updated"), has, wanted, strict=True
        ):
            if round(of_yardstick, 1) > round(of_product, 1):
                found.append(f"{table}: {of_product:.2f} {word}, yardstick {of_yardstick:.2f}")
    return found
