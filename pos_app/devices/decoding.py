"""Finds the codes in a grey picture.

Each *pass* is one way to look. The first is fast and sees every frame; the rest rescue what it
missed. A live camera affords one rescue pass on some frames, since the next frame comes anyway; a
single picture gets them all. A new pass is one function and a place in `RESCUE_PASSES`.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass

import zxingcpp

from pos_app.core.scan import LINEAR_SYMBOLOGIES, Symbology
from pos_app.devices.frame_source import GreyPicture

try:
    from pyzbar import pyzbar
except ImportError:  # The system has no zbar library; the first pass alone reads most codes.
    pyzbar = None

CONFIRMING_FRAMES = 30
"""Within how many frames a linear code must be seen a second time."""

OUR_SYMBOLOGIES = frozenset({Symbology.qr, Symbology.code128, Symbology.ean13, Symbology.itf})

_ZXING_FORMATS = {
    Symbology.qr: zxingcpp.BarcodeFormat.QRCode,
    Symbology.code128: zxingcpp.BarcodeFormat.Code128,
    Symbology.ean13: zxingcpp.BarcodeFormat.EAN13,
    Symbology.itf: zxingcpp.BarcodeFormat.ITF,
}
_ZBAR_TYPES = {
    Symbology.qr: "QRCODE",
    Symbology.code128: "CODE128",
    Symbology.ean13: "EAN13",
    Symbology.itf: "I25",
}
_SYMBOLOGY_OF_AIM = {
    "Q": Symbology.qr,
    "C": Symbology.code128,
    "E": Symbology.ean13,
    "I": Symbology.itf,
}
_SYMBOLOGY_OF_ZBAR = {zbar_type: ours for ours, zbar_type in _ZBAR_TYPES.items()}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A code found in a picture."""

    text: str
    symbology: Symbology


DecodingPass = Callable[[GreyPicture, Collection[Symbology]], list[Decoded]]
"""Looks for codes of the given kinds; finds none rather than a wrong one; never raises."""


def zxing_pass(picture: GreyPicture, symbologies: Collection[Symbology]) -> list[Decoded]:
    """Look with ZXing: quickest, best at blur, noise and small codes."""
    formats = zxingcpp.BarcodeFormats([_ZXING_FORMATS[symbology] for symbology in symbologies])
    found = zxingcpp.read_barcodes(picture, formats=formats, try_invert=False)
    return [
        Decoded(code.text, _SYMBOLOGY_OF_AIM.get(code.symbology_identifier[1:2], Symbology.other))
        for code in found
        if code.text
    ]


def zbar_pass(picture: GreyPicture, symbologies: Collection[Symbology]) -> list[Decoded]:
    """Look with ZBar: slower, better at glare and faint bars."""
    if pyzbar is None:
        return []
    symbols = [pyzbar.ZBarSymbol[_ZBAR_TYPES[symbology]] for symbology in symbologies]
    return [
        Decoded(code.data.decode("utf-8", errors="replace"), _SYMBOLOGY_OF_ZBAR[code.type])
        for code in pyzbar.decode(picture, symbols=symbols)
        if code.data and code.type in _SYMBOLOGY_OF_ZBAR
    ]


FIRST_PASS: DecodingPass = zxing_pass
RESCUE_PASSES: tuple[DecodingPass, ...] = (zbar_pass,)


class FrameDecoder:
    """Looks for codes in one frame after another.

    Args:
        symbologies: kinds of code to look for, of `OUR_SYMBOLOGIES`, at least one.
        is_live: the next frame comes anyway, so at most one rescue pass is spent on each, and none
            on every so many; otherwise every pass is tried on every picture.
    """

    def __init__(self, symbologies: Collection[Symbology], *, is_live: bool) -> None:
        assert symbologies
        assert set(symbologies) <= OUR_SYMBOLOGIES
        self._symbologies = frozenset(symbologies)
        self._is_live = is_live
        self._frame_number = 0

    def decode(self, picture: GreyPicture) -> list[Decoded]:
        """Find the codes of one frame.

        Returns:
            Each code once, in the order found; empty where no pass found any.
        """
        self._frame_number += 1
        for decoding_pass in (FIRST_PASS, *self._rescue_passes()):
            found = decoding_pass(picture, self._symbologies)
            if found:
                return list(dict.fromkeys(found))
        return []

    def _rescue_passes(self) -> tuple[DecodingPass, ...]:
        if not self._is_live:
            return RESCUE_PASSES
        # With n passes a turn is n + 1 frames long: one frame for each pass, and one for none.
        place = self._frame_number % (len(RESCUE_PASSES) + 1)
        return RESCUE_PASSES[place : place + 1]


class LinearConfirmation:
    """Lets a code of bars through only when a second frame says the same."""

    def __init__(self) -> None:
        self._frame_number = 0
        self._seen_in_frame: OrderedDict[str, int] = OrderedDict()

    def confirmed(self, found: list[Decoded]) -> list[Decoded]:
        """Return what may be believed of one frame's codes.

        Args:
            found: the codes of the next frame, also when there are none.

        Returns:
            Every two-dimensional code, and each linear one that was also in one of the
            `CONFIRMING_FRAMES` frames before.
        """
        self._frame_number += 1
        oldest = self._frame_number - CONFIRMING_FRAMES
        while self._seen_in_frame and next(iter(self._seen_in_frame.values())) < oldest:
            self._seen_in_frame.popitem(last=False)
        believed = [
            code
            for code in found
            if code.symbology not in LINEAR_SYMBOLOGIES or code.text in self._seen_in_frame
        ]
        for code in found:
            self._seen_in_frame.pop(code.text, None)
            self._seen_in_frame[code.text] = self._frame_number
        return believed
