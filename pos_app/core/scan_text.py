"""Cleans what a scanner delivered before anything parses it; any text is allowed in."""

import re
import unicodedata
from dataclasses import dataclass

from pos_app.core.scan import Symbology

SCAN_CHARACTERS_MAX = 4096
"""Longest text that is looked at; a QR code holds at most 4,296 characters."""

_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, invisible, unpaired, private and unassigned characters, line and paragraph breaks."""

_AIM_PREFIX = re.compile(r"\](?P<kind>[A-Z])[0-9A-Z]")
_ECI_ESCAPE = re.compile(r"\\[0-9]{6}")
_AIM_SYMBOLOGIES = {
    "Q": Symbology.qr,
    "C": Symbology.code128,
    "E": Symbology.ean13,
    "I": Symbology.itf,
}


@dataclass(frozen=True, slots=True)
class CleanScan:
    """A scan's text, ready to be parsed.

    Attributes:
        text: NFKC, upper case, without invisible characters, 0 to `SCAN_CHARACTERS_MAX` long.
        symbology: what the scanner's AIM prefix said, or None where it sent none.
    """

    text: str
    symbology: Symbology | None


def clean_scan(text: str, prefix: str = "") -> CleanScan:
    """Take away what scanners, input methods and encodings add around a code.

    Args:
        text: as received, of any alphabet and length; what follows the first
            `SCAN_CHARACTERS_MAX` characters is not looked at.
        prefix: characters this scanner was set to send before every code, such as `*`; case does
            not count.

    Returns:
        The cleaned text and the symbology named by an AIM prefix such as `]Q1`.

    Source: AIM symbology identifiers and ECI escapes, ISO/IEC 15424 and AIM ECI part 3.
    """
    plain = _plain(text)
    configured = _plain(prefix)
    plain, symbology = _without_aim_prefix(plain)
    if configured:
        plain = plain.removeprefix(configured)
        if symbology is None:
            plain, symbology = _without_aim_prefix(plain)
    return CleanScan(_ECI_ESCAPE.sub("", plain).strip()[:SCAN_CHARACTERS_MAX], symbology)


def _plain(text: str) -> str:
    """The text in compatible, upper-case characters that can be seen."""
    folded = unicodedata.normalize("NFKC", text[:SCAN_CHARACTERS_MAX]).upper()
    composed = unicodedata.normalize("NFKC", folded)
    seen = (char for char in composed if unicodedata.category(char) not in _DROPPED_CATEGORIES)
    return "".join(seen).strip()


def _without_aim_prefix(text: str) -> tuple[str, Symbology | None]:
    found = _AIM_PREFIX.match(text)
    if found is None:
        return text, None
    return text[found.end() :], _AIM_SYMBOLOGIES.get(found["kind"], Symbology.other)
