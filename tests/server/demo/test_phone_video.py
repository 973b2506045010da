from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from numpy.typing import NDArray
from pyzbar import pyzbar

from server.demo.phone_video import FRAME_HEIGHT, FRAME_WIDTH, film_phone
from server.demo.screen import Picture
from server.demo.waiting import StepFailedError

TOKEN = "1234567890ABCDEFGHJKMNPQRSTVWXYZ123456"

GreyFrame = NDArray[np.uint8]


def page_with(text: str) -> Picture:
    page = np.full((844, 390, 3), 255, np.uint8)
    rows = segno.make(text, error="m").matrix_iter(scale=8, border=4)
    code = np.array([[0 if dark else 255 for dark in row] for row in rows], np.uint8)
    page[150 : 150 + code.shape[0], 60 : 60 + code.shape[1]] = code[:, :, None]
    return page


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> list[GreyFrame]:
    path = tmp_path_factory.mktemp("video") / "phone.avi"
    film_phone(page_with(TOKEN), path)
    capture = cv2.VideoCapture(str(path))
    read: list[GreyFrame] = []
    while True:
        is_there, frame = capture.read()
        if not is_there:
            return read
        read.append(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8))


def test_both_decoders_read_the_code_of_a_filmed_phone(frames: list[GreyFrame]) -> None:
    by_zxing = {code.text for frame in frames for code in zxingcpp.read_barcodes(frame)}
    by_zbar = {code.data.decode() for frame in frames[20:25] for code in pyzbar.decode(frame)}

    assert by_zxing == {TOKEN}
    assert by_zbar == {TOKEN}


def test_the_phone_comes_into_the_picture_and_keeps_moving(frames: list[GreyFrame]) -> None:
    assert frames[0].shape == (FRAME_HEIGHT, FRAME_WIDTH)
    assert not zxingcpp.read_barcodes(frames[0])
    places = {zxingcpp.read_barcodes(frame)[0].position.top_left.x for frame in frames[20:40:5]}
    assert len(places) > 1


def test_a_video_that_cannot_be_written_is_a_failure_of_the_step(tmp_path: Path) -> None:
    with pytest.raises(StepFailedError, match="cannot write a video"):
        film_phone(page_with(TOKEN), tmp_path / "nowhere" / "phone.avi")
