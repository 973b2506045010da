"""The till's database file: durable, versioned, indexed, never silently broken."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from pos_app.storage import journal
from pos_app.storage.database import Connection, CorruptDatabaseError, Database
from pos_app.storage.schema import STEPS, DatabaseTooNewError
from tests.pos_app.tills import CODE, paired

KILLED_TILL = """
import os, signal, sys
from pathlib import Path
from tests.pos_app.tills import CODE, paired

counter = paired(Path(sys.argv[1]))
counter.hear(counter.grant(uses=60))
for _ in range(50):
    verdict = counter.till.redeem(counter.offline(CODE))
    assert verdict.accepted
    print(verdict.eid, flush=True)  # the green card
os.kill(os.getpid(), signal.SIGKILL)
"""


def plan(connection: Connection, query: str) -> list[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")
    return [str(row[3]) for row in rows]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM holding WHERE voucher = x'00'",
        "SELECT left_uses FROM holding WHERE tenure = 1 AND feed_no = 2",
        "SELECT * FROM in_doubt WHERE voucher = x'00'",
        "SELECT * FROM reserved WHERE voucher = x'00'",
        "SELECT * FROM past_use WHERE voucher = x'00'",
        "SELECT * FROM feed_grant WHERE voucher = x'00' ORDER BY feed_no DESC LIMIT 1",
        "SELECT 1 FROM journal WHERE tenure = 1 AND feed_no = 2 AND kind = 'token_seen'",
        "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1",
    ],
)
def test_a_decision_reads_by_index_and_never_a_whole_table(query: str) -> None:
    database = Database(None)
    steps = database.read(lambda connection: plan(connection, query))
    whole = [step for step in steps if step.startswith(("SCAN feed_grant", "SCAN j", "SCAN i"))]
    assert whole == [] or (whole == ["SCAN journal"] and "LIMIT 1" in query)


def test_what_was_green_is_in_the_journal_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_TILL, str(path)], capture_output=True, text=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    shown = killed.stdout.split()
    database = Database(path)
    stored = database.read(
        lambda connection: (
            connection.exec_driver_sql(
                "SELECT lower(hex(eid)) FROM journal WHERE kind = 'redeem' ORDER BY seq"
            )
            .scalars()
            .all()
        )
    )
    assert stored == [eid.replace("-", "") for eid in shown]
    assert database.read(journal.verify) is None
    assert database.read(journal.waiting).events == 50
    database.close()


def test_the_journal_can_neither_be_changed_nor_shortened() -> None:
    counter = paired()
    counter.till.redeem(counter.offline(CODE))
    for statement in ("UPDATE journal SET uses = 9", "DELETE FROM journal"):
        with pytest.raises(IntegrityError, match="only grows"):
            run(counter.database, statement)


def run(database: Database, statement: str) -> None:
    def change(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    database.write(change)


def test_a_failed_transaction_leaves_nothing() -> None:
    counter = paired()

    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM state")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        counter.database.write(fail)
    assert counter.till.status().till_name == "till 1"


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    newest = Database(path)
    newer = len(STEPS) + 1
    newest.write(lambda connection: connection.exec_driver_sql(f"PRAGMA user_version = {newer}"))
    newest.close()
    with pytest.raises(DatabaseTooNewError) as refused:
        Database(path)
    assert refused.value.found == newer


def test_it_opens_again_at_the_same_version(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    for _ in range(2):
        Database(path).close()


def test_a_file_that_is_no_database_is_named_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    path.write_bytes(b"a cup of tea was here " * 1000)
    with pytest.raises(CorruptDatabaseError):
        Database(path)


class TestVerify:
    def test_names_the_record_whose_bytes_were_changed(self) -> None:
        counter = paired()
        for _ in range(5):
            counter.till.redeem(counter.offline(CODE))
        tamper(counter.database, "UPDATE journal SET bytes = replace(bytes, 'r', 's') WHERE seq=3")
        broken = counter.database.read(journal.verify)
        assert broken is not None
        assert broken.seq == 3

    def test_names_the_record_after_a_gap(self) -> None:
        counter = paired()
        for _ in range(5):
            counter.till.redeem(counter.offline(CODE))
        tamper(counter.database, "DELETE FROM journal WHERE seq = 2")
        broken = counter.database.read(journal.verify)
        assert broken is not None
        assert broken.seq == 2


def tamper(database: Database, statement: str) -> None:
    def change(connection: Connection) -> None:
        connection.exec_driver_sql("DROP TRIGGER journal_never_changes")
        connection.exec_driver_sql("DROP TRIGGER journal_never_shrinks")
        connection.exec_driver_sql(statement)

    database.write(change)
