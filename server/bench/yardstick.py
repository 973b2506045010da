"""What PostgreSQL alone can do: the rows of one redemption, as one statement, one transaction.

pgbench writes them with prepared statements over 16 connections, on the same server with the same
durability. Nothing is checked, signed, decided or sent over HTTP, so the figure is a ceiling for
one transaction each; group commit may pass it.
"""

import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import make_url, text
from uuid_utils.compat import uuid7

from server.bench import sample_chain
from server.bench.postgresql_server import newest_programs
from server.kernel.database import BlockingDatabase, Connection
from server.kernel.unit_of_work import UnitOfWork
from shared.ids import MerchantId

CLIENTS = 16
THREADS = 2
TILLS = 64
VOUCHERS = 200_000
"""More than a run can redeem, so that every redemption finds a voucher of its own."""

_FILL = """
INSERT INTO till_head SELECT '{m}', {till}, 1, 0, '\\x00', 0, 0, now(), false
  FROM generate_series(0, {tills} - 1) i;
INSERT INTO holding SELECT '{m}', {voucher}, 1, 0, 1, 0, 0, 1990, 1990, 0, 'none', 0
  FROM generate_series(1, {vouchers}) i;
INSERT INTO grant_ SELECT '{m}', 1 + i % {tills}, i, {voucher}, 1, 1, 'open', 0, now()
  FROM generate_series(1, {vouchers}) i;
INSERT INTO store_quota (merchant, store, product, quota, reserved, used)
  SELECT '{m}', {till}, (SELECT product FROM product), NULL, {vouchers}, 0
  FROM generate_series(0, {tills} - 1) i;
CREATE SEQUENCE next_redemption;
ANALYZE
"""

_REDEEM = """
WITH next AS MATERIALIZED (
  SELECT i, {voucher} AS voucher, {till} AS till, gen_random_uuid() AS eid,
         gen_random_uuid() AS entry, decode(md5(i::text) || md5(i::text), 'hex') AS hash
  FROM (SELECT nextval('next_redemption') AS i) n
), head AS (
  UPDATE till_head SET last_seq = last_seq + 1, last_hash = next.hash, acked_seq = acked_seq + 1,
         last_contact = now() FROM next WHERE merchant = '{m}' AND till_head.till = next.till
), held AS (
  UPDATE holding SET out = out - 1, redeemed = redeemed + 1, value_left_fen = 0
  FROM next WHERE merchant = '{m}' AND holding.voucher = next.voucher AND out >= 1
), granted AS (
  UPDATE grant_ SET out = out - 1
  FROM next WHERE merchant = '{m}' AND tenure = 1 + i % {tills} AND feed_no = i AND out >= 1
), counted AS (
  UPDATE store_quota SET reserved = reserved - 1, used = used + 1
  FROM next WHERE merchant = '{m}' AND store = next.till AND product = (SELECT product FROM product)
), journal AS (
  INSERT INTO journal_in SELECT '{m}', till, 1, i, hash, repeat('x', 420)::bytea, 'applied'
  FROM next
), happened AS (
  INSERT INTO event (merchant, eid, intent_hash, voucher, n, value_fen, status, reason, lane,
    charge, charge_tenure, charge_feed_no, maker, till, store, happened_at, first_seen, late,
    news_no)
  SELECT '{m}', eid, hash, voucher, 1, 1990, 'accepted', 'accepted', 'held', 'grant',
    1 + i % {tills}, i, till, till, till, now(), now(), false, i FROM next
), charged AS (
  INSERT INTO event_charge SELECT '{m}', eid, 1 + i % {tills}, i FROM next
), booked AS (
  INSERT INTO ledger_entry SELECT '{m}', entry, 'redeemed', eid, now(), now() FROM next
  RETURNING id
)
INSERT INTO ledger_line
SELECT '{m}', id, line, 'voucher_liability', NULL, kind, '{m}', 600
FROM booked, (VALUES (1, 'store_payable'), (2, 'commission_pending'), (3, 'platform_revenue'))
  AS share (line, kind)
"""

_NAMES: dict[str, str] = {
    "m": "00000000-0000-0000-0000-000000000001",
    "tills": str(TILLS),
    "vouchers": str(VOUCHERS),
    "till": f"lpad(to_hex(i % {TILLS}), 32, '0')::uuid",
    "voucher": "decode(lpad(to_hex(i), 32, '0'), 'hex')",
}


class YardstickFailedError(Exception):
    """pgbench failed or said nothing that can be read; the message has its output."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What pgbench reached.

    Attributes:
        transactions: how many redemptions it wrote.
        per_second: on average over the run.
    """

    transactions: int
    per_second: float


def fill(database: BlockingDatabase) -> None:
    """Fill an empty schema with vouchers that tills hold."""

    def work(connection: Connection) -> None:
        merchant = MerchantId(UUID(_NAMES["m"]))
        now = datetime.fromtimestamp(time.time(), UTC)
        sample_chain.make_chain(UnitOfWork(connection, merchant, now, uuid7, os.urandom), 1)
        for statement in _FILL.format(**_NAMES).split(";"):
            connection.execute(text(statement.replace(":", "\\:")))

    database.write(work)


def run(database_url: str, seconds: int) -> Yardstick:
    """Redeem by pgbench alone for that many seconds.

    Raises:
        YardstickFailedError: pgbench ended with an error.
    """
    url = make_url(database_url)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "redeem.sql"
        script.write_text(_REDEEM.format(**_NAMES).strip().replace("\n", " ") + ";\n")
        command = [str(newest_programs() / "pgbench"), "-n", "-M", "prepared"]
        command += ["-c", str(CLIENTS), "-j", str(THREADS), "-T", str(seconds), "-f", str(script)]
        command += ["-h", str(url.host), "-p", str(url.port), "-U", str(url.username)]
        ended = subprocess.run(
            [*command, str(url.database)], capture_output=True, text=True, check=False
        )
    transactions = re.search(r"transactions actually processed: (\d+)", ended.stdout)
    per_second = re.search(r"tps = ([\d.]+)", ended.stdout)
    if ended.returncode or transactions is None or per_second is None:
        raise YardstickFailedError(ended.stdout + ended.stderr)
    return Yardstick(int(transactions[1]), float(per_second[1]))
