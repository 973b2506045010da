"""A paired till with many vouchers cached, made without a server."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from uuid_utils.compat import uuid7

from pos_app.app.backstage import SOURCES, secret_store
from pos_app.app.options import TillOptions
from pos_app.core.knowledge import Identity
from pos_app.core.till_keys import TillKeys, new_keys
from pos_app.services.machine import wall_clock
from pos_app.services.till import Till, begin
from pos_app.storage.database import Database
from pos_app.storage.secrets import save_keys
from shared import feed, wire
from shared.qr_token import TOKEN_KEY_BYTES
from shared.sealing import PURPOSE_TOKEN_KEY, seal, sealing_public_key
from shared.voucher_code import VoucherCode, new_code, voucher_ref

TENURE = 1
PRODUCT_NUMBER = 7
NOBODY_LISTENS = "http://127.0.0.1:9"
"""The discard port: the line is down for the whole run."""
LEASE = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class FullTill:
    """A till's data folder, ready to be opened.

    Attributes:
        options: to start it with.
        codes: of every voucher it holds.
        keys: of this life.
    """

    options: TillOptions
    codes: list[VoucherCode]
    keys: TillKeys


def fill(folder: Path, vouchers: int) -> FullTill:
    """Make a till that holds that many single-use vouchers, as a first sync would."""
    options = TillOptions(
        data_folder=folder, secrets_file=folder / "keys", server_url=NOBODY_LISTENS, language="en"
    )
    made = new_keys(os.urandom)
    keys = TillKeys(made.signing, made.sealing, os.urandom(32))
    save_keys(secret_store(options), keys)
    database = Database(options.database)
    begin(database, _identity())
    till = Till(database, keys, SOURCES)
    codes = [new_code(os.urandom) for _ in range(vouchers)]
    entries = _first_entries(keys) + [_grant(keys, code) for code in codes]
    for first in range(0, len(entries), wire.FEED_ENTRIES_MAX):
        page = entries[first : first + wire.FEED_ENTRIES_MAX]
        numbered = [
            msgspec.structs.replace(entry, feed_no=number)
            for number, entry in enumerate(page, first + 1)
        ]
        more = first + len(page) < len(entries)
        till.apply_sync_reply(_reply(numbered, more=more))
    database.close()
    return FullTill(options, codes, keys)


def _identity() -> Identity:
    return Identity(
        till=uuid7(),
        store=uuid7(),
        merchant=uuid7(),
        incarnation=1,
        till_name="Bench",
        server_url=NOBODY_LISTENS,
        server_sealing_key=sealing_public_key(os.urandom(32)),
    )


def _first_entries(keys: TillKeys) -> list[feed.Entry]:
    letter = seal(os.urandom(TOKEN_KEY_BYTES), keys.public_sealing(), PURPOSE_TOKEN_KEY, os.urandom)
    return [
        feed.Product(
            feed_no=0,
            product_number=PRODUCT_NUMBER,
            name="Coffee",
            attention_text=None,
            provisional_allowed=False,
        ),
        feed.Keep(feed_no=0, tenure=TENURE, sealed_token_key=letter),
    ]


def _grant(keys: TillKeys, code: VoucherCode) -> feed.GrantEntry:
    now = wall_clock()
    return feed.GrantEntry(
        feed_no=0,
        tenure=TENURE,
        voucher_ref=voucher_ref(keys.lookup, code),
        uses=1,
        product_number=PRODUCT_NUMBER,
        valid_from=now - timedelta(days=1),
        valid_until=datetime(now.year + 1, 1, 31, tzinfo=UTC),
        per_visit_uses_max=1,
        card=feed.VoucherCard(
            last_four=code[-4:],
            value_fen=1_990,
            face_fen=2_500,
            order_number="A1001",
            uses_total=1,
            attention=False,
            booked_slot=None,
        ),
    )


def _reply(entries: list[feed.Entry], *, more: bool) -> wire.SyncReply:
    now = wall_clock()
    return wire.SyncReply(
        accepted_seq=0,
        outcomes=[],
        feed=[msgspec.Raw(feed.encode_entry(entry)) for entry in entries],
        more=more,
        server_time=now,
        offline_until=now + LEASE,
        min_version=wire.PROTOCOL_VERSION,
    )
