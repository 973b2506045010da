"""The redemption code: twelve digits that a person can read out and no one can guess.

Eleven digits come from an unpredictable source, the twelfth is a Damm check digit, which finds
every single wrong digit and every swap of neighbours. Digits only, so that neither an input method
nor Caps Lock nor a keyboard layout can turn a code into another one.
"""

import hashlib
import hmac
from typing import NewType

from stdnum import damm

from shared.ids import EntropySource, VoucherRef

VoucherCode = NewType("VoucherCode", str)
"""Twelve ASCII digits with a right check digit."""

CODE_DIGITS = 12
BODY_DIGITS = CODE_DIGITS - 1
BODY_COUNT = 10**BODY_DIGITS
VOUCHER_REF_BYTES = 16
_SEPARATORS = str.maketrans("", "", " -\u00a0\u2009\u2010\u2011\u2012\u2013")


def code_from_body(body: int) -> VoucherCode:
    """Complete eleven digits to a code.

    Args:
        body: 0 to 99,999,999,999.
    """
    assert 0 <= body < BODY_COUNT
    digits = f"{body:0{BODY_DIGITS}d}"
    return VoucherCode(digits + damm.calc_check_digit(digits))


def body_of(code: VoucherCode) -> int:
    """The eleven digits before the check digit, as a number."""
    return int(code[:BODY_DIGITS])


def new_code(entropy: EntropySource) -> VoucherCode:
    """Draw a code; every one of the 10^11 bodies is equally likely.

    Source: requirement row R2. Values that would favour low numbers are drawn again.
    """
    limit = 2**64 - 2**64 % BODY_COUNT
    while True:
        drawn = int.from_bytes(entropy(8), "big")
        if drawn < limit:
            return code_from_body(drawn % BODY_COUNT)


def parse_code(text: str) -> VoucherCode | None:
    """Read a code that was typed or scanned, grouped by spaces or hyphens or not.

    Args:
        text: already cleaned to ASCII (NFKC) by the caller.

    Returns:
        The code, or None where the length, a character or the check digit is wrong.
    """
    digits = text.translate(_SEPARATORS)
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    return VoucherCode(digits) if damm.is_valid(digits) else None


def grouped(code: VoucherCode) -> str:
    """The code as people see it, such as `1234 5678 9012`."""
    return f"{code[:4]} {code[4:8]} {code[8:]}"


def voucher_ref(lookup_key: bytes, code: VoucherCode) -> VoucherRef:
    """The name under which a voucher is stored and sent, which does not reveal its code.

    Args:
        lookup_key: the merchant's, 32 bytes.
        code: the redemption code.

    Returns:
        16 bytes: the beginning of HMAC-SHA-256 over the eleven digits.
    """
    tag = hmac.digest(lookup_key, code[:BODY_DIGITS].encode("ascii"), hashlib.sha256)
    return VoucherRef(tag[:VOUCHER_REF_BYTES])
