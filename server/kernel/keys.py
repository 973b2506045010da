"""Every secret of the server, derived from one root key that is kept outside the database.

Nothing derived is stored; a copy of the database alone reads no redemption code and makes no token.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.ids import EntropySource, MerchantId
from shared.sealing import sealing_public_key

ROOT_KEY_BYTES = 32
_GCM_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class RootKey:
    """The key of the whole installation; `repr` never shows it."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        assert len(self.secret) == ROOT_KEY_BYTES

    def derive(self, purpose: str, owner: bytes = b"") -> bytes:
        """A 32-byte key for one purpose and, optionally, one owner."""
        info = b"hexiao " + purpose.encode("ascii") + b"\0" + owner
        return HKDF(SHA256(), ROOT_KEY_BYTES, salt=None, info=info).derive(self.secret)

    def of(self, merchant: MerchantId) -> "MerchantKeys":
        """The keys of one merchant."""
        return MerchantKeys(self, merchant)


@dataclass(frozen=True, slots=True)
class MerchantKeys:
    """What a merchant's services may ask for.

    Attributes:
        root: the installation's key.
        merchant: whose keys these are.
    """

    root: RootKey = field(repr=False)
    merchant: MerchantId

    def lookup_key(self) -> bytes:
        """Key of `shared.voucher_code.voucher_ref`; tills receive it sealed at pairing."""
        return self.root.derive("lookup", self.merchant.bytes)

    def sealing_private_key(self) -> bytes:
        """X25519 private key to which tills seal the evidence of presentation."""
        return self.root.derive("sealing", self.merchant.bytes)

    def sealing_public_key(self) -> bytes:
        """The public half that tills receive at pairing."""
        return sealing_public_key(self.sealing_private_key())

    def encrypt_code(self, code: str, entropy: EntropySource) -> bytes:
        """Encrypt a redemption code for the code page; the reader needs the same merchant."""
        nonce = entropy(_GCM_NONCE_BYTES)
        return nonce + AESGCM(self._code_key()).encrypt(nonce, code.encode("ascii"), None)

    def decrypt_code(self, letter: bytes) -> str:
        """Read a redemption code back."""
        nonce, text = letter[:_GCM_NONCE_BYTES], letter[_GCM_NONCE_BYTES:]
        return AESGCM(self._code_key()).decrypt(nonce, text, None).decode("ascii")

    def _code_key(self) -> bytes:
        return self.root.derive("codes", self.merchant.bytes)
