"""Values that a visitor carries and cannot forge: the anonymous buyer, who sent them here.

Nothing secret is inside; a cookie is `value.mac`, and the MAC covers its purpose and merchant.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from server.kernel.keys import RootKey
from shared.ids import MerchantId

_MAC_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class CookieSeal:
    """Signs and reads the values of one purpose for one merchant."""

    key: bytes = field(repr=False)

    def sealed(self, value: str) -> str:
        """The text of the cookie; `value` may not contain a dot."""
        assert "." not in value
        return f"{value}.{self._mac(value)}"

    def opened(self, text: str | None) -> str | None:
        """The value of a cookie of ours, or None for anything else."""
        value, dot, mac = (text or "").rpartition(".")
        if not dot or not hmac.compare_digest(mac.encode(), self._mac(value).encode()):
            return None
        return value

    def _mac(self, value: str) -> str:
        return hmac.new(self.key, value.encode(), hashlib.sha256).hexdigest()[:_MAC_CHARACTERS]


def cookie_seal(root: RootKey, purpose: str, merchant: MerchantId) -> CookieSeal:
    """The seal of a purpose, such as `buyer`; a cookie of another merchant does not open."""
    return CookieSeal(root.derive(f"cookie {purpose}", merchant.bytes))
