"""Paired tills for tests, and the feed entries and tokens a server would make for them."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from pos_app.core.knowledge import Identity
from pos_app.core.till_keys import TillKeys, new_keys
from pos_app.services.till import Attempt, Sources, Till, begin
from pos_app.storage.database import Database
from shared.clock import MachineTime, utc
from shared.feed import End, Entry, GrantEntry, Keep, Lost, RecallEntry, VoucherCard, encode_entry
from shared.ids import MerchantId, TillId, VoucherRef
from shared.qr_token import Token, make_token, token_key
from shared.sealing import PURPOSE_TOKEN_KEY, seal, sealing_public_key
from shared.voucher_code import VoucherCode, code_from_body, voucher_ref
from shared.wire import Outcome, SyncReply

NOW = utc(2026, 11, 22, 9, 30)
LOOKUP_KEY = b"L" * 32
ROOT_KEY = b"R" * 32
SERVER_SEALING_KEY = b"S" * 32
TENURE = 7
CODE = code_from_body(12_345_678_901)
MERCHANT = MerchantId(UUID(int=1))


def reference(code: VoucherCode = CODE) -> VoucherRef:
    return voucher_ref(LOOKUP_KEY, code)


def _keys() -> TillKeys:
    keys = new_keys(os.urandom)
    return TillKeys(keys.signing, keys.sealing, LOOKUP_KEY)


@dataclass
class Machine:
    """A machine whose time stands until a test moves it."""

    wall: datetime = NOW
    monotonic_seconds: float = 1000.0
    boot: str = "boot-1"

    def __call__(self) -> MachineTime:
        return MachineTime(self.wall, self.monotonic_seconds, self.boot)

    def pass_time(self, delta: timedelta) -> None:
        self.wall += delta
        self.monotonic_seconds += delta.total_seconds()

    def restart(self) -> None:
        self.boot += "'"
        self.monotonic_seconds = 5.0


@dataclass
class Counter:
    """One till and the server's side of its channel."""

    path: Path | None = None
    keys: TillKeys = field(default_factory=_keys)
    machine: Machine = field(default_factory=Machine)
    feed_no: int = 0

    def __post_init__(self) -> None:
        self.database = Database(self.path)
        self.identity = Identity(
            till=UUID(int=2),
            store=UUID(int=3),
            merchant=MERCHANT,
            incarnation=1,
            till_name="till 1",
            server_url="http://127.0.0.1:9",
            server_sealing_key=sealing_public_key(SERVER_SEALING_KEY),
        )
        begin(self.database, self.identity)
        self.till = Till(self.database, self.keys, Sources(self.machine, uuid7, os.urandom))

    def number(self) -> int:
        self.feed_no += 1
        return self.feed_no

    def reply(self, *entries: Entry, outcomes: tuple[Outcome, ...] = ()) -> SyncReply:
        return SyncReply(
            accepted_seq=0,
            outcomes=list(outcomes),
            feed=[msgspec.Raw(encode_entry(entry)) for entry in entries],
            more=False,
            server_time=self.machine.wall,
            offline_until=self.machine.wall + timedelta(hours=72),
            min_version=1,
        )

    def hear(self, *entries: Entry, outcomes: tuple[Outcome, ...] = ()) -> None:
        self.till.apply_sync_reply(self.reply(*entries, outcomes=outcomes))

    def keep(self, tenure: int = TENURE) -> Keep:
        key = self.token_key(tenure)
        sealed = seal(key, self.keys.public_sealing(), PURPOSE_TOKEN_KEY, os.urandom)
        return Keep(feed_no=self.number(), tenure=tenure, sealed_token_key=sealed)

    def token_key(self, tenure: int = TENURE) -> bytes:
        return token_key(ROOT_KEY, MERCHANT, tenure, TillId(self.identity.till))

    def grant(self, code: VoucherCode = CODE, uses: int = 1, **changes: object) -> GrantEntry:
        entry = GrantEntry(
            feed_no=self.number(),
            tenure=TENURE,
            voucher_ref=reference(code),
            uses=uses,
            product_number=5,
            valid_from=NOW - timedelta(days=1),
            valid_until=NOW + timedelta(days=20),
            per_visit_uses_max=uses,
            card=VoucherCard(
                last_four=code[-4:],
                value_fen=8800 * uses,
                face_fen=10000 * uses,
                order_number="A1001",
                uses_total=uses,
                attention=False,
                booked_slot=None,
            ),
        )
        return msgspec.structs.replace(entry, **changes)

    def recall(self, grant: GrantEntry) -> RecallEntry:
        return RecallEntry(feed_no=self.number(), tenure=grant.tenure, grant_feed_no=grant.feed_no)

    def end(self, tenure: int = TENURE) -> End:
        return End(feed_no=self.number(), tenure=tenure)

    def lost(self, tenure: int = TENURE) -> Lost:
        return Lost(feed_no=self.number(), tenure=tenure)

    def token(self, grant: GrantEntry, code: VoucherCode = CODE, tenure: int = TENURE) -> str:
        token = Token(
            code=code,
            feed_no=grant.feed_no,
            uses=grant.uses,
            product_number=grant.product_number,
            expires_on=grant.valid_until.date(),
            tenure_low=tenure % 256,
            random_bits=77,
        )
        return make_token(token, tenure, self.token_key(tenure))

    def offline(self, text: str, uses: int = 1) -> Attempt:
        return Attempt(text, uses=uses, online=False)


def paired(path: Path | None = None) -> Counter:
    """A till that is keeper and has had contact."""
    counter = Counter(path)
    counter.hear(counter.keep())
    return counter
