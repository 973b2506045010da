"""The secrets of one life of a till; they are kept in a secret store, never in the database."""

from dataclasses import dataclass, field

from shared.ids import EntropySource
from shared.sealing import sealing_public_key
from shared.signing import pairing_digits, signing_public_key

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class TillKeys:
    """What a till keeps to itself; `repr` never shows it.

    Attributes:
        signing: raw Ed25519 private key, 32 bytes.
        sealing: raw X25519 private key, 32 bytes.
        lookup: the merchant's key of voucher references, 32 bytes; empty until paired.
    """

    signing: bytes = field(repr=False)
    sealing: bytes = field(repr=False)
    lookup: bytes = field(default=b"", repr=False)

    def public_signing(self) -> bytes:
        """The public half of the signing key."""
        return signing_public_key(self.signing)

    def public_sealing(self) -> bytes:
        """The public half of the sealing key."""
        return sealing_public_key(self.sealing)

    def digits(self, server_nonce: bytes) -> str:
        """The six digits that both screens show while this till is being paired."""
        return pairing_digits(server_nonce, self.public_signing(), self.public_sealing())


def new_keys(entropy: EntropySource) -> TillKeys:
    """Make the keys of a new life."""
    return TillKeys(signing=entropy(KEY_BYTES), sealing=entropy(KEY_BYTES))
