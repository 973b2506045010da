"""Reads what a customer presents: a token, a redemption code, a pairing code, or none of them."""

from dataclasses import dataclass, field

from shared.qr_token import Token, looks_like_token, read_token
from shared.reasons import Fact, FactName
from shared.voucher_code import CODE_DIGITS, VoucherCode, parse_code

RECEIVED_CHARACTERS_SHOWN = 24
"""How much of an unreadable scan is shown and kept."""
PAIRING_CHARACTERS = 8
_PAIRING_ALPHABET = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A well-formed token; whether it is believed is decided later.

    Attributes:
        text: as scanned, cleaned; the evidence of presentation.
        token: what it claims.
    """

    text: str = field(repr=False)
    token: Token = field(repr=False)

    @property
    def code(self) -> VoucherCode:
        """The redemption code it claims."""
        return self.token.code


@dataclass(frozen=True, slots=True)
class ShownCode:
    """Twelve digits with a right check digit.

    Attributes:
        text: as scanned or typed, cleaned; the evidence of presentation.
        code: the twelve digits.
    """

    text: str = field(repr=False)
    code: VoucherCode = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShownPairingCode:
    """Eight characters that headquarters may have issued to pair a till."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Garbage:
    """Nothing this product prints or sends.

    Attributes:
        text: as received, cleaned, of any length.
    """

    text: str

    def facts(self) -> tuple[Fact, ...]:
        """What was received, shortened, and how long it was.

        Digits of a whole code are never among them: one wrong digit is not far from a right code.
        """
        shown = self.text[:RECEIVED_CHARACTERS_SHOWN]
        if len(self.text) == CODE_DIGITS:
            shown = f"…{self.text[-4:]}"
        return (
            Fact(FactName.received, shown),
            Fact(FactName.received_length, str(len(self.text))),
        )


Presented = ShownToken | ShownCode | ShownPairingCode | Garbage


def read_presented(text: str) -> Presented:
    """Parse a scan; any text is allowed in.

    Args:
        text: cleaned by `pos_app.core.scan_text.clean_scan`.
    """
    if looks_like_token(text):
        token = read_token(text)
        return Garbage(text) if token is None else ShownToken(text, token)
    code = parse_code(text)
    if code is not None:
        return ShownCode(text, code)
    pairing = pairing_code(text)
    return Garbage(text) if pairing is None else ShownPairingCode(pairing)


def pairing_code(text: str) -> str | None:
    """The eight characters of a pairing code, grouped by spaces or hyphens or not; None if none."""
    plain = "".join(text.upper().split()).replace("-", "").translate(_READ_AS)
    if len(plain) != PAIRING_CHARACTERS or not _PAIRING_ALPHABET.issuperset(plain):
        return None
    return plain


def looks_like_voucher(text: str) -> bool:
    """Whether a text is certainly a token or a code, for telling guns from people."""
    return isinstance(read_presented(text.strip().upper()), ShownToken | ShownCode)
