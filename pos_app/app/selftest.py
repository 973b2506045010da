"""Tries every part of an installed till, prints a line of JSON for each, and ends.

A part that hangs is cut off, because a bundle that hangs must not look like one that works.
"""

import faulthandler
import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SECONDS_MAX = 60
MODULE_SIDE_PIXELS = 6
QUIET_ZONE_MODULES = 4
SAMPLE = "123456789"

Check = Callable[[], str]


def run() -> int:
    """Run every check.

    Returns:
        0 where all passed, 1 otherwise.
    """
    faulthandler.dump_traceback_later(SECONDS_MAX, exit=True)
    try:
        failures = sum(not _passes(name, check) for name, check in CHECKS)
        return 1 if failures else 0
    finally:
        faulthandler.cancel_dump_traceback_later()


def _passes(name: str, check: Check) -> bool:
    began = time.monotonic()
    try:
        detail, passed = check(), True
    except Exception as cause:  # noqa: BLE001 - whatever it is, it is this check's result
        detail, passed = f"{type(cause).__name__}: {cause}", False
    line = {
        "check": name,
        "passed": passed,
        "detail": detail,
        "milliseconds": round((time.monotonic() - began) * 1000),
    }
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return passed


def _database() -> str:
    storage = importlib.import_module("pos_app.storage.database")
    journal = importlib.import_module("pos_app.storage.journal")
    with tempfile.TemporaryDirectory() as folder:
        database = storage.Database(Path(folder) / "till.sqlite")
        broken = database.read(journal.verify)
        version = database.read(
            lambda connection: connection.exec_driver_sql("SELECT sqlite_version()").scalar()
        )
        database.close()
    if broken is not None:
        raise RuntimeError(broken.what)
    return f"SQLite {version}"


def _decoders() -> str:
    """Draw a QR code and read it with each decoder."""
    decoding = importlib.import_module("pos_app.devices.decoding")
    picture = _picture_of(SAMPLE)
    symbologies = decoding.OUR_SYMBOLOGIES
    for look in (decoding.zxing_pass, decoding.zbar_pass):
        found = [code.text for code in look(picture, symbologies)]
        if found != [SAMPLE]:
            raise RuntimeError(f"{look.__name__} read {found}")
    return "zxing, zbar"


def _picture_of(text: str) -> object:
    segno = importlib.import_module("segno")
    numpy = importlib.import_module("numpy")
    rows = segno.make_qr(text).matrix_iter(scale=MODULE_SIDE_PIXELS, border=QUIET_ZONE_MODULES)
    return numpy.array([[0 if dark else 255 for dark in row] for row in rows], dtype=numpy.uint8)


def _camera() -> str:
    cv2 = importlib.import_module("cv2")
    importlib.import_module("pos_app.devices.opencv_source")
    return f"OpenCV {cv2.__version__}"


def _sounds() -> str:
    cues = importlib.import_module("pos_app.assets.cues")
    importlib.import_module("pos_app.devices.sound_output")
    missing = [cue.value for cue in cues.Cue if not cues.sound_path(cue).is_file()]
    if missing:
        raise RuntimeError(f"missing: {', '.join(missing)}")
    return f"{len(cues.Cue)} sounds"


def _keys() -> str:
    files = importlib.import_module("pos_app.storage.file_secrets")
    keyring = importlib.import_module("pos_app.storage.keyring_secrets")
    with tempfile.TemporaryDirectory() as folder:
        store = files.FileSecrets(Path(folder) / "keys", b"selftest", os.urandom)
        store.save(b"secret")
        if store.load() != b"secret":
            raise RuntimeError("the file did not give the secret back")
    backend = keyring.protecting_backend()
    return f"file, {type(backend).__module__ if backend else 'no key store on this machine'}"


def _line() -> str:
    client = importlib.import_module("pos_app.network.client")
    client.check_address("https://example.invalid")
    httpx = importlib.import_module("httpx")
    httpx.AsyncClient()  # loads the certificates
    return f"httpx {httpx.__version__}"


def _window() -> str:
    """Paint the window of a till and look at the picture."""
    if "DISPLAY" not in os.environ and sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    widgets = importlib.import_module("PySide6.QtWidgets")
    application = widgets.QApplication.instance() or widgets.QApplication(["selftest"])
    views = importlib.import_module("pos_app.app.status_views")
    texts = importlib.import_module("pos_app.ui.texts")
    zone = importlib.import_module("zoneinfo").ZoneInfo("Asia/Shanghai")
    line = importlib.import_module("pos_app.core.line").Line.unknown
    window = importlib.import_module("pos_app.ui.main_window").MainWindow(
        texts.Texts(texts.Language.chinese, zone),
        views.NOBODY,
        views.status_view(None, line, views.DeviceStates()),
    )
    window.show()
    application.processEvents()
    picture = window.grab().toImage()
    window.close()
    colours = {
        picture.pixelColor(x, y).name()
        for x in range(0, picture.width(), 8)
        for y in range(0, picture.height(), 8)
    }
    if len(colours) < 2:  # noqa: PLR2004 - one colour is an empty picture
        raise RuntimeError("the window stayed empty")
    return f"{picture.width()} x {picture.height()}, {application.platformName()}"


CHECKS: tuple[tuple[str, Check], ...] = (
    ("window", _window),
    ("database", _database),
    ("decoders", _decoders),
    ("camera", _camera),
    ("sounds", _sounds),
    ("keys", _keys),
    ("line", _line),
)
"""Every part that a bundle could lack, by name."""
