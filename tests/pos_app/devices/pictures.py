"""Pictures and videos of codes, drawn for the tests."""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import segno
import zxingcpp

from pos_app.devices.frame_source import GreyPicture, Picture

WIDTH = 1280
HEIGHT = 720
PAPER_GREY = 200
FPS = 30


def empty_picture() -> GreyPicture:
    return np.full((HEIGHT, WIDTH), PAPER_GREY, dtype=np.uint8)


def qr_picture(text: str, module_pixels: int = 8) -> GreyPicture:
    rows = segno.make(text, error="m", micro=False).matrix_iter(scale=module_pixels, border=4)
    code = np.array([[0 if dark else 255 for dark in row] for row in rows], dtype=np.uint8)
    return on_paper(code)


def linear_picture(text: str, kind: zxingcpp.BarcodeFormat, bar_pixels: int = 3) -> GreyPicture:
    drawn = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=bar_pixels)
    code = np.ascontiguousarray(np.array(drawn, dtype=np.uint8))
    return on_paper(cv2.copyMakeBorder(code, 30, 30, 40, 40, cv2.BORDER_CONSTANT, value=[255]))


def on_paper(code: object) -> GreyPicture:
    picture = empty_picture()
    pixels = np.asarray(code, dtype=np.uint8)
    top = (HEIGHT - pixels.shape[0]) // 2
    left = (WIDTH - pixels.shape[1]) // 2
    picture[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    return picture


def write_video(path: Path, pictures: Iterable[GreyPicture]) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (WIDTH, HEIGHT))
    assert writer.isOpened()
    for picture in pictures:
        writer.write(in_colour(picture))
    writer.release()
    return path


def in_colour(picture: GreyPicture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
