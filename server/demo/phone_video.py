"""Films a phone held up to a camera: the page on its screen, moving, tilted, a little blurred.

The page on the phone is a real picture of the buyer's code page; only the hand is made up here.
"""

import math
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from server.demo.screen import Picture
from server.demo.waiting import StepFailedError

FRAME_WIDTH = 1280
FRAME_HEIGHT = 720
FRAMES_PER_SECOND = 15
SECONDS = 3
ARRIVAL_SECONDS = 0.6

PHONE_HEIGHT = 640
BEZEL = 14
CORNER = 34

SWAY_PIXELS = 9.0
TILT_DEGREES = 4.0
LEAN = 0.05
BLUR_SIGMA = 0.9
NOISE_SHARE = 0.08
NOISE_PICTURES = 4

_BODY_COLOUR = (38, 36, 34)
_NOISE_SEED = 20261122

Matrix = NDArray[np.float64]


def film_phone(page: Picture, path: Path) -> None:
    """Write a video (MJPG in AVI, 1280 x 720, 3 s) in which a phone shows a page.

    The phone comes in from below, so that the first frames show no code, and then stays in the
    picture, swaying.

    Args:
        page: what the phone shows; scaled to the phone's height.
        path: ends in `.avi`.

    Raises:
        StepFailedError: the video cannot be written.
    """
    _film(path, _phone(page))


def film_counter(path: Path) -> None:
    """Write a video of the same length in which nobody is at the counter.

    Raises:
        StepFailedError: the video cannot be written.
    """
    _film(path, None)


def _film(path: Path, phone: Picture | None) -> None:
    writer = cv2.VideoWriter(
        str(path),
        cv2.VideoWriter.fourcc(*"MJPG"),
        FRAMES_PER_SECOND,
        (FRAME_WIDTH, FRAME_HEIGHT),
    )
    if not writer.isOpened():
        raise StepFailedError(f"cannot write a video to {path}")
    counter, noises = _counter(), _noises()
    for number in range(FRAMES_PER_SECOND * SECONDS):
        seen = counter if phone is None else _held_up(phone, counter, number / FRAMES_PER_SECOND)
        noise = noises[number % NOISE_PICTURES]
        writer.write(cv2.addWeighted(seen, 1.0, noise, NOISE_SHARE, -NOISE_SHARE * 128))
    writer.release()


def _phone(page: Picture) -> Picture:
    """The page in a dark body with round corners."""
    height = PHONE_HEIGHT - 2 * BEZEL
    width = round(page.shape[1] * height / page.shape[0])
    phone = np.full((PHONE_HEIGHT, width + 2 * BEZEL, 3), _BODY_COLOUR, np.uint8)
    phone[BEZEL : BEZEL + height, BEZEL : BEZEL + width] = cv2.resize(
        page, (width, height), interpolation=cv2.INTER_AREA
    )
    return phone


def _counter() -> Picture:
    """What the camera sees behind the phone: a shop out of focus."""
    rows = np.linspace(96, 150, FRAME_HEIGHT)[:, None, None]
    columns = np.linspace(-18, 18, FRAME_WIDTH)[None, :, None]
    tint = np.array([0.86, 0.95, 1.06])[None, None, :]
    picture = np.clip((rows + columns) * tint, 0, 255).astype(np.uint8)
    for left, top, shade in ((70, 60, 70), (240, 140, 180), (930, 90, 205), (1080, 260, 62)):
        cv2.rectangle(picture, (left, top), (left + 130, top + 250), (shade, shade, shade), -1)
    return cast("Picture", cv2.GaussianBlur(picture, (0, 0), 17))


def _held_up(phone: Picture, counter: Picture, seconds: float) -> Picture:
    """The phone in front of the counter at a moment of the film."""
    matrix = _pose(phone.shape[1], phone.shape[0], seconds)
    size = (FRAME_WIDTH, FRAME_HEIGHT)
    placed = cv2.warpPerspective(phone, matrix, size, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(_outline(phone), matrix, size, flags=cv2.INTER_NEAREST)
    frame = counter.copy()
    cv2.copyTo(placed, mask, frame)
    return cast("Picture", cv2.GaussianBlur(frame, (0, 0), BLUR_SIGMA))


def _noises() -> list[Picture]:
    """A few pictures of noise around a middle grey, the same on every run."""
    random = np.random.default_rng(_NOISE_SEED)
    shape = (FRAME_HEIGHT, FRAME_WIDTH, 3)
    return [random.integers(0, 256, shape, np.uint8) for _ in range(NOISE_PICTURES)]


def _outline(phone: Picture) -> Picture:
    """White where the phone is, with round corners."""
    height, width = phone.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    cv2.rectangle(mask, (CORNER, 0), (width - CORNER, height), 255, -1)
    cv2.rectangle(mask, (0, CORNER), (width, height - CORNER), 255, -1)
    for x in (CORNER, width - CORNER):
        for y in (CORNER, height - CORNER):
            cv2.circle(mask, (x, y), CORNER, 255, -1)
    return mask


def _pose(width: int, height: int, seconds: float) -> Matrix:
    """Where the phone's corners are in the camera's picture at a moment."""
    angle = math.radians(TILT_DEGREES * math.sin(1.7 * seconds))
    lean = LEAN * (1 + 0.5 * math.sin(1.1 * seconds))
    arrival = max(0.0, 1 - seconds / ARRIVAL_SECONDS)
    centre_x = FRAME_WIDTH / 2 + SWAY_PIXELS * math.sin(2.3 * seconds)
    centre_y = FRAME_HEIGHT / 2 + SWAY_PIXELS * math.cos(1.9 * seconds) + arrival * FRAME_HEIGHT
    corners = []
    for right, bottom in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        # The upper edge is further from the camera than the lower one.
        nearness = 1 + lean * bottom
        x, y = right * width / 2 * nearness, bottom * height / 2 * nearness
        corners.append(
            (
                centre_x + x * math.cos(angle) - y * math.sin(angle),
                centre_y + x * math.sin(angle) + y * math.cos(angle),
            )
        )
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, np.array(corners, np.float32))
    return cast("Matrix", matrix)
