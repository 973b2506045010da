"""What is read from single pictures, and what of it is believed."""

import cv2
import numpy as np
import pytest
import zxingcpp

from pos_app.core.scan import Symbology
from pos_app.devices.decoding import (
    OUR_SYMBOLOGIES,
    Decoded,
    DecodingPass,
    FrameDecoder,
    LinearConfirmation,
    zbar_pass,
    zxing_pass,
)
from pos_app.devices.frame_source import GreyPicture
from tests.pos_app.devices.pictures import empty_picture, linear_picture, qr_picture

CODE = "739120458812"
TOKEN = "7Q2K9M4X8R1T6W3Y5Z0A2C4E6G8J1M3P5S7V9X"
PICTURES = {
    Symbology.qr: (CODE, qr_picture(CODE)),
    Symbology.code128: (CODE, linear_picture(CODE, zxingcpp.BarcodeFormat.Code128)),
    Symbology.ean13: (
        "6901234567892",
        linear_picture("6901234567892", zxingcpp.BarcodeFormat.EAN13),
    ),
    Symbology.itf: (CODE, linear_picture(CODE, zxingcpp.BarcodeFormat.ITF)),
}


@pytest.mark.parametrize("decoding_pass", [zxing_pass, zbar_pass])
@pytest.mark.parametrize("symbology", sorted(OUR_SYMBOLOGIES))
def test_each_pass_reads_each_kind_of_code(
    decoding_pass: DecodingPass, symbology: Symbology
) -> None:
    text, picture = PICTURES[symbology]
    assert Decoded(text, symbology) in decoding_pass(picture, {symbology})


@pytest.mark.parametrize("symbology", sorted(OUR_SYMBOLOGIES))
def test_a_kind_that_is_not_enabled_is_not_read(symbology: Symbology) -> None:
    _, picture = PICTURES[symbology]
    decoder = FrameDecoder(OUR_SYMBOLOGIES - {symbology}, is_live=False)
    assert decoder.decode(picture) == []


def test_a_token_is_read_on_a_phone_held_askew() -> None:
    picture = qr_picture(TOKEN, module_pixels=6)
    turn = cv2.getRotationMatrix2D((640, 360), 33, 1.0)
    askew = np.asarray(
        cv2.warpAffine(picture, turn, (1280, 720), borderValue=[200]), dtype=np.uint8
    )
    assert FrameDecoder(OUR_SYMBOLOGIES, is_live=True).decode(askew) == [
        Decoded(TOKEN, Symbology.qr)
    ]


def test_an_empty_picture_has_no_code() -> None:
    assert FrameDecoder(OUR_SYMBOLOGIES, is_live=False).decode(empty_picture()) == []


def faint_code() -> GreyPicture:
    """Low contrast under some noise: ZXing misses it and ZBar reads it."""
    clean = linear_picture(CODE, zxingcpp.BarcodeFormat.Code128, bar_pixels=2)
    squeezed = 128 + (clean.astype(np.int16) - 128) // 16
    noise = np.random.default_rng(7).normal(0, 1.0, clean.shape)
    return np.clip(squeezed + noise, 0, 255).astype(np.uint8)


class TestRescue:
    def test_a_single_picture_gets_every_pass(self) -> None:
        picture = faint_code()
        assert zxing_pass(picture, OUR_SYMBOLOGIES) == []
        assert FrameDecoder(OUR_SYMBOLOGIES, is_live=False).decode(picture) == [
            Decoded(CODE, Symbology.code128)
        ]

    def test_a_live_camera_gets_the_rescue_pass_on_alternate_frames(self) -> None:
        decoder = FrameDecoder(OUR_SYMBOLOGIES, is_live=True)
        found = [bool(decoder.decode(faint_code())) for _ in range(6)]
        assert found in ([True, False] * 3, [False, True] * 3)


class TestLinearConfirmation:
    bars = Decoded(CODE, Symbology.code128)
    square = Decoded(CODE, Symbology.qr)

    def test_a_square_code_is_believed_at_once(self) -> None:
        assert LinearConfirmation().confirmed([self.square]) == [self.square]

    def test_bars_are_believed_when_seen_again(self) -> None:
        confirmation = LinearConfirmation()
        assert confirmation.confirmed([self.bars]) == []
        assert confirmation.confirmed([]) == []
        assert confirmation.confirmed([self.bars]) == [self.bars]

    def test_a_misread_seen_once_in_a_while_is_never_believed(self) -> None:
        confirmation = LinearConfirmation()
        for _ in range(5):
            assert confirmation.confirmed([self.bars]) == []
            for _ in range(31):
                confirmation.confirmed([])
