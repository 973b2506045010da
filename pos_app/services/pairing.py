"""Makes a machine the till of a store: a one-time code, six digits to compare, then its keys.

The keys are in the secret store before anything leaves, and the answer to the code is in the
database before it is shown; so a till that dies at any point goes on where it was.

Source: requirement rows S1, T3; the protocol's pairing messages in `shared.wire`.
"""

from dataclasses import dataclass
from typing import TypeVar

from pos_app.core.knowledge import Identity
from pos_app.core.till_keys import TillKeys, new_keys
from pos_app.core.till_status import Waiting
from pos_app.network.client import ServerClient
from pos_app.network.errors import CallError
from pos_app.storage import pairings
from pos_app.storage.database import Connection, Database
from pos_app.storage.pairings import OpenPairing
from pos_app.storage.secrets import SecretStore, load_keys, save_keys
from pos_app.storage.state import begin_life
from shared.ids import EntropySource
from shared.sealing import PURPOSE_LOOKUP_KEY, unseal
from shared.signing import sign
from shared.wire import PairRequest, PairStatus, PairStatusReply, PairStatusRequest

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Device:
    """How this machine names itself to headquarters.

    Attributes:
        name: at most 64 characters.
        app_version: of this program.
    """

    name: str
    app_version: str


class Pairing:
    """A machine on its way to a store.

    Args:
        database: of a till that belongs to no store yet.
        secrets: keeps the keys.
        device: how this machine names itself.
        entropy: source of keys.
    """

    def __init__(
        self, database: Database, secrets: SecretStore, device: Device, entropy: EntropySource
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._device = device
        self._entropy = entropy

    def waiting(self) -> Waiting | None:
        """What waits for headquarters, also after a restart; None where nothing does."""
        opened = self._database.read(pairings.read)
        keys = load_keys(self._secrets) if opened is not None else None
        return None if opened is None or keys is None else _waiting(opened, keys)

    async def claim(self, client: ServerClient, url: str, code: str) -> Waiting:
        """Show a one-time code to the server.

        Args:
            client: speaks to the server, unsigned.
            url: the address it was made for.
            code: eight characters, cleaned.

        Raises:
            SecretsTroubleError: the keys cannot be kept; nothing was sent.
            CallError: no answer, or the code was refused.
        """
        # The same keys again after a lost reply: the server then repeats its answer.
        keys = load_keys(self._secrets) or new_keys(self._entropy)
        save_keys(self._secrets, keys)
        reply = await client.pair(
            PairRequest(
                code=code,
                signing_key=keys.public_signing(),
                sealing_key=keys.public_sealing(),
                device_name=self._device.name,
                app_version=self._device.app_version,
            )
        )
        opened = OpenPairing(
            pairing=reply.pairing,
            server_nonce=reply.server_nonce,
            store_name=reply.store_name,
            server_url=url,
            expires_at=reply.expires_at,
        )
        self._database.write(lambda connection: pairings.keep(connection, opened))
        return _waiting(opened, keys)

    async def look(self, client: ServerClient) -> PairStatus:
        """Ask how far the pairing has come; once confirmed, this till belongs to its store.

        Raises:
            SecretsTroubleError: the keys cannot be kept.
            CallError: no answer.
        """
        opened, keys = self._database.read(pairings.read), load_keys(self._secrets)
        assert opened is not None
        assert keys is not None
        signature = sign(keys.signing, opened.pairing.bytes)
        reply = await client.pair_status(PairStatusRequest(opened.pairing, signature))
        if reply.status is PairStatus.confirmed:
            self._begin(keys, opened, reply)
        elif reply.status is PairStatus.refused:
            self.give_up()
        return reply.status

    def give_up(self) -> None:
        """Forget an open pairing and its keys."""
        self._database.write(pairings.forget)
        self._secrets.erase()

    def _begin(self, keys: TillKeys, opened: OpenPairing, reply: PairStatusReply) -> None:
        lookup = unseal(_given(reply.sealed_lookup_key), keys.sealing, PURPOSE_LOOKUP_KEY)
        # First the keys, then the database that needs them: a death between repeats this step.
        save_keys(self._secrets, TillKeys(keys.signing, keys.sealing, lookup))
        identity = Identity(
            till=_given(reply.till),
            store=_given(reply.store),
            merchant=_given(reply.merchant),
            incarnation=_given(reply.incarnation),
            till_name=_given(reply.till_name),
            server_url=opened.server_url,
            server_sealing_key=_given(reply.server_sealing_key),
        )

        def begin(connection: Connection) -> None:
            begin_life(connection, identity)
            pairings.forget(connection)

        self._database.write(begin)


class IncompleteReplyError(CallError):
    """The server confirmed a pairing without saying everything a till needs."""

    code = "incomplete_reply"


def _given(value: Value | None) -> Value:
    if value is None:
        raise IncompleteReplyError("a confirmed pairing lacks a field")
    return value


def _waiting(opened: OpenPairing, keys: TillKeys) -> Waiting:
    digits = keys.digits(opened.server_nonce)
    return Waiting(digits, opened.store_name, opened.expires_at, opened.server_url)
