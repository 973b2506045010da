"""The camera from wanted to released, on video files and on sources that misbehave."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from pos_app.core.device_states import CameraState
from pos_app.core.same_code import SameCodeGuard
from pos_app.core.scan import Scan, ScanSource, Symbology
from pos_app.devices.camera import Camera, camera_source
from pos_app.devices.decoding import OUR_SYMBOLOGIES
from pos_app.devices.frame_source import (
    CameraBusyError,
    CameraChoice,
    FrameSource,
    Grab,
    Picture,
)
from tests.pos_app.devices.pictures import (
    FPS,
    empty_picture,
    in_colour,
    linear_picture,
    qr_picture,
    write_video,
)

pytestmark = pytest.mark.qt

CODE = "739120458812"
OTHER_CODE = "204588127396"
WAIT_MS = 20_000


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a second of nothing, one code, nothing, another code."""
    empty = [empty_picture()] * 15
    pictures = [*empty, *[qr_picture(CODE)] * 15, *empty, *[qr_picture(OTHER_CODE)] * 15]
    return write_video(tmp_path_factory.mktemp("video") / "counter.avi", pictures)


class Watched:
    """A camera whose signals are written down."""

    def __init__(self, new_source: Callable[[], FrameSource]) -> None:
        self.camera = Camera(new_source, OUR_SYMBOLOGIES)
        self.scans: list[Scan] = []
        self.states: list[CameraState] = []
        self.previews: list[QImage] = []
        self.camera.scanned.connect(self.scans.append)
        self.camera.state_changed.connect(self.states.append)
        self.camera.preview.connect(self.previews.append)


@pytest.fixture
def watch(qtbot: QtBot) -> Iterator[Callable[[Callable[[], FrameSource]], Watched]]:
    made: list[Watched] = []

    def make(new_source: Callable[[], FrameSource]) -> Watched:
        made.append(Watched(new_source))
        return made[-1]

    yield make
    for watched in made:
        watched.camera.close()


Watch = Callable[[Callable[[], FrameSource]], Watched]


def test_a_video_is_played_once_and_each_code_counts_once(
    qtbot: QtBot, watch: Watch, video: Path
) -> None:
    watched = watch(partial(camera_source, CameraChoice(video=video)))
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: CameraState.off in watched.states, timeout=WAIT_MS)
    assert watched.states == [CameraState.starting, CameraState.running, CameraState.off]
    guard = SameCodeGuard()
    counted = [scan for scan in watched.scans if not guard.is_repeat(scan)]
    assert [scan.text for scan in counted] == [CODE, OTHER_CODE]
    assert {scan.source for scan in counted} == {ScanSource.camera}
    assert {scan.symbology for scan in counted} == {Symbology.qr}
    assert len(watched.scans) == 30


def test_bars_are_told_from_their_second_frame_on(
    qtbot: QtBot, watch: Watch, tmp_path: Path
) -> None:
    bars = linear_picture(CODE, zxingcpp.BarcodeFormat.Code128)
    path = write_video(tmp_path / "bars.avi", [empty_picture(), *[bars] * 5])
    watched = watch(partial(camera_source, CameraChoice(video=path)))
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: CameraState.off in watched.states, timeout=WAIT_MS)
    assert [scan.text for scan in watched.scans] == [CODE] * 4


def test_a_looped_video_is_a_live_camera(qtbot: QtBot, watch: Watch, video: Path) -> None:
    watched = watch(partial(camera_source, CameraChoice(video=video, loops=True)))
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: CameraState.running in watched.states, timeout=WAIT_MS)
    clock = QElapsedTimer()
    clock.start()
    # Two rounds of the file, so that it must have been rewound.
    qtbot.waitUntil(
        lambda: [scan.text for scan in watched.scans].count(OTHER_CODE) > 10, timeout=WAIT_MS
    )
    assert clock.elapsed() > 2000
    scans_per_second = len(watched.scans) * 1000 / clock.elapsed()
    assert scans_per_second <= FPS / 2 + 1
    assert len(watched.previews) * 1000 / clock.elapsed() <= 10 + 1
    assert watched.previews[0].width() == 640
    assert watched.previews[0].height() == 360


def test_the_camera_is_released_within_a_second_of_not_being_wanted(
    qtbot: QtBot, watch: Watch, video: Path
) -> None:
    watched = watch(partial(camera_source, CameraChoice(video=video, loops=True)))
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: CameraState.running in watched.states, timeout=WAIT_MS)
    watched.camera.set_wanted(False)
    seen = len(watched.scans)
    qtbot.waitUntil(lambda: watched.camera.state is CameraState.off, timeout=1000)
    assert len(watched.scans) == seen


def test_a_camera_toggled_quickly_ends_as_last_wished(
    qtbot: QtBot, watch: Watch, video: Path
) -> None:
    watched = watch(partial(camera_source, CameraChoice(video=video, loops=True)))
    for _ in range(5):
        watched.camera.set_wanted(True)
        watched.camera.set_wanted(False)
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: watched.camera.state is CameraState.running, timeout=WAIT_MS)
    watched.camera.set_wanted(False)
    qtbot.waitUntil(lambda: watched.camera.state is CameraState.off, timeout=WAIT_MS)


def test_another_source_is_chosen_while_running(qtbot: QtBot, watch: Watch, video: Path) -> None:
    watched = watch(partial(camera_source, CameraChoice(device="no such camera")))
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: watched.camera.state is CameraState.missing, timeout=WAIT_MS)
    watched.camera.choose(partial(camera_source, CameraChoice(video=video, loops=True)))
    qtbot.waitUntil(lambda: watched.camera.state is CameraState.running, timeout=WAIT_MS)


@pytest.mark.parametrize(
    ("choice", "state"),
    [
        (CameraChoice(device="0"), CameraState.missing),
        (CameraChoice(device="HD Webcam"), CameraState.missing),
        (CameraChoice(video=Path("no-such-file.avi")), CameraState.missing),
        (CameraChoice(video=Path(__file__)), CameraState.failed),
    ],
)
def test_what_cannot_be_opened_is_named(
    qtbot: QtBot, watch: Watch, choice: CameraChoice, state: CameraState
) -> None:
    watched = watch(partial(camera_source, choice))
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: watched.camera.state is state, timeout=WAIT_MS)
    assert watched.states == [CameraState.starting, state]


class LooseCable:
    """A device that another program has at first, and that is pulled out after each picture."""

    is_live = True
    frame_interval_ms = 0

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0
        self._pictures_left = 0

    def open(self) -> None:
        self.opened += 1
        if self.opened == 1:
            raise CameraBusyError
        self._pictures_left = 1

    def grab(self) -> Grab:
        if self._pictures_left == 0:
            return Grab.nothing
        self._pictures_left -= 1
        return Grab.picture

    def retrieve(self) -> Picture:
        return in_colour(qr_picture(CODE))

    def close(self) -> None:
        self.closed += 1


def test_a_camera_that_goes_away_is_opened_again(qtbot: QtBot, watch: Watch) -> None:
    source = LooseCable()
    watched = watch(lambda: source)
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: source.opened == 3, timeout=WAIT_MS)
    watched.camera.set_wanted(False)
    qtbot.waitUntil(lambda: watched.camera.state is CameraState.off, timeout=1000)
    assert source.closed == source.opened
    assert watched.states[:4] == [
        CameraState.starting,
        CameraState.busy,
        CameraState.running,
        CameraState.failed,
    ]


@pytest.mark.expects_log("camera_failed")
def test_a_fault_of_ours_shows_as_failed_and_stops_nothing(qtbot: QtBot, watch: Watch) -> None:
    def broken() -> FrameSource:
        raise ZeroDivisionError

    watched = watch(broken)
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: watched.camera.state is CameraState.failed, timeout=WAIT_MS)
    watched.camera.choose(LooseCable)
    watched.camera.set_wanted(True)
    qtbot.waitUntil(lambda: watched.camera.state is not CameraState.failed, timeout=WAIT_MS)
