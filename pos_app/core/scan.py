"""A scan as every part of the till knows it, whatever read it."""

from dataclasses import dataclass
from enum import StrEnum


class ScanSource(StrEnum):
    """What read a code."""

    wedge = "wedge"
    """A barcode gun that types like a keyboard."""
    camera = "camera"
    """A webcam."""
    typed = "typed"
    """A person, digit by digit."""
    serial = "serial"
    """A barcode gun on a serial line."""
    hid = "hid"
    """A barcode gun that speaks the point-of-sale device class."""


class Symbology(StrEnum):
    """The kind of code that was read, as far as the reader said."""

    qr = "qr"
    """QR Code."""
    code128 = "code128"
    """Code 128."""
    ean13 = "ean13"
    """EAN-13 and its relatives on retail goods."""
    itf = "itf"
    """Interleaved 2 of 5."""
    other = "other"
    """Named by the reader, and none of ours."""


LINEAR_SYMBOLOGIES = frozenset({Symbology.code128, Symbology.ean13, Symbology.itf})
"""Codes made of bars, which a single blurred picture can misread."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading of one code, as it came from the device.

    Attributes:
        text: as received, not cleaned; see `pos_app.core.scan_text.clean_scan`.
        source: what read it.
        received_at_ms: the machine's monotonic counter when the reading was complete, in
            milliseconds; only differences mean anything.
        symbology: the kind of code where the device says so.
        device: the device's name for people and logs; empty where it has none.
    """

    text: str
    source: ScanSource
    received_at_ms: int
    symbology: Symbology | None = None
    device: str = ""
