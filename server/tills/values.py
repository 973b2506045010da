"""What the services of pairing hand out."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from server.tills.rules import TillState
from shared.ids import StoreId, TillId
from shared.wire import PairStatus


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A pairing code for a person to read out; it exists in clear only here.

    Attributes:
        id: names the code without showing it.
        text: the code, 4-4.
        expires_at: aware UTC.
    """

    id: UUID
    text: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code as stored."""

    id: UUID
    store: StoreId
    till_name: str
    till: TillId | None
    issued_by: UUID | None
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """A till that has shown a good code.

    Attributes:
        id: names the pairing.
        code: which code it showed.
        store: where it will stand.
        till_name: how people will call it.
        till: which till it became, or is to become again; None for a new one not yet confirmed.
        incarnation: the life that began at confirmation, or None.
        signing_key: raw Ed25519 public key.
        sealing_key: raw X25519 public key.
        server_nonce: drawn after the keys had come; both screens' digits rest on it.
        device_name: as the machine calls itself.
        app_version: of the till's program.
        state: waiting, confirmed or refused.
        claimed_at: when the code was shown.
        expires_at: when waiting ends.
    """

    id: UUID
    code: UUID
    store: StoreId
    till_name: str
    till: TillId | None
    incarnation: int | None
    signing_key: bytes = field(repr=False)
    sealing_key: bytes = field(repr=False)
    server_nonce: bytes = field(repr=False)
    device_name: str
    app_version: str
    state: PairStatus
    claimed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TillRow:
    """A till as headquarters lists it.

    Attributes:
        id: which till.
        store: where it stands.
        name: how people call it.
        state: active or revoked.
        incarnation: its present life, 1 and up.
        app_version: as of the last hello.
        paired_at: beginning of its present life.
        last_hello: when it last started, or None.
        signing_key: raw Ed25519 public key of its present life.
        sealing_key: raw X25519 public key of its present life.
    """

    id: TillId
    store: StoreId
    name: str
    state: TillState
    incarnation: int
    app_version: str
    paired_at: datetime
    last_hello: datetime | None
    signing_key: bytes = field(repr=False)
    sealing_key: bytes = field(repr=False)
