"""The shapes of the icons, on a field of 100 by 100."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

FIELD = 100.0
STROKE = 9.0


class Icon(StrEnum):
    """A picture; the first six are the shapes of the verdicts."""

    ok = auto()
    offline_ok = auto()
    warn = auto()
    error = auto()
    spinner = auto()
    question = auto()
    online = auto()
    offline = auto()
    upload = auto()
    sync = auto()
    scanner = auto()
    camera = auto()
    sound = auto()
    silent = auto()
    keypad = auto()
    history = auto()
    full_screen = auto()
    close = auto()
    scan_frame = auto()


@dataclass(frozen=True, slots=True)
class Art:
    """A painter set up for one icon, and its two colours.

    Attributes:
        painter: scaled so that the field is the icon's square.
        ink: of the shape.
        paper: of what is cut out of it.
    """

    painter: QPainter
    ink: QColor
    paper: QColor

    def stroke(self, width: float = STROKE, colour: QColor | None = None) -> None:
        """Draw round lines from here on."""
        pen = QPen(colour or self.ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def fill(self, colour: QColor | None = None) -> None:
        """Fill shapes from here on."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour or self.ink)

    def line(self, *points: tuple[float, float]) -> None:
        """Draw a line through points."""
        self.painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))

    def disc(self, x: float, y: float, radius: float) -> None:
        """Draw a circle around a point."""
        self.painter.drawEllipse(QPointF(x, y), radius, radius)

    def solid(self, corners: Sequence[tuple[float, float]], rounding: float) -> None:
        """Fill a shape whose corners are rounded."""
        self.stroke(rounding)
        self.painter.setBrush(self.ink)
        self.painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))


def _draw_ok(art: Art) -> None:
    art.fill()
    art.disc(50, 50, 46)
    art.stroke(11, art.paper)
    art.line((28, 52), (44, 68), (73, 35))


def _draw_offline_ok(art: Art) -> None:
    art.fill()
    art.disc(46, 46, 42)
    art.stroke(10, art.paper)
    art.line((26, 46), (40, 60), (64, 31))
    art.fill(art.paper)
    art.disc(75, 75, 25)
    art.stroke(6)
    art.disc(75, 75, 19)
    art.line((75, 64), (75, 76), (84, 80))


def _draw_warn(art: Art) -> None:
    art.solid([(50, 12), (92, 84), (8, 84)], 8)
    art.stroke(11, art.paper)
    art.line((50, 38), (50, 58))
    art.fill(art.paper)
    art.disc(50, 74, 6.5)


def _draw_error(art: Art) -> None:
    angles = [math.pi / 8 + math.pi / 4 * number for number in range(8)]
    art.solid([(50 + 43 * math.cos(angle), 50 + 43 * math.sin(angle)) for angle in angles], 8)
    art.stroke(11, art.paper)
    art.line((34, 34), (66, 66))
    art.line((66, 34), (34, 66))


def _draw_spinner(art: Art) -> None:
    faint = QColor(art.ink)
    faint.setAlphaF(0.28)
    art.stroke(10, faint)
    art.disc(50, 50, 40)
    art.stroke(10)
    art.painter.drawArc(QRectF(10, 10, 80, 80), 90 * 16, -110 * 16)


def _draw_question(art: Art) -> None:
    dashes = QPen(art.ink, 8, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
    dashes.setDashPattern([1.9, 1.556])  # ten of each go round
    art.painter.setPen(dashes)
    art.painter.setBrush(Qt.BrushStyle.NoBrush)
    art.disc(50, 50, 44)
    art.stroke(10)
    path = QPainterPath(QPointF(36, 40))
    path.cubicTo(36, 20, 64, 20, 64, 40)
    path.cubicTo(64, 51, 50, 50, 50, 62)
    art.painter.drawPath(path)
    art.fill()
    art.disc(50, 77, 6)


def _draw_online(art: Art) -> None:
    art.stroke()
    for inset in (6, 22, 38):
        size = 100 - 2 * inset
        art.painter.drawArc(QRectF(inset, inset + 14, size, size), 45 * 16, 90 * 16)
    art.fill()
    art.disc(50, 76, 8)


def _draw_offline(art: Art) -> None:
    _draw_online(art)
    art.stroke(22, art.paper)
    art.line((66, 94), (92, 60))
    art.stroke()
    art.line((62, 60), (90, 88))
    art.line((90, 60), (62, 88))


def _draw_upload(art: Art) -> None:
    art.stroke()
    art.line((50, 66), (50, 14))
    art.line((28, 36), (50, 14), (72, 36))
    art.line((14, 66), (14, 86), (86, 86), (86, 66))


def _draw_sync(art: Art) -> None:
    art.stroke()
    art.painter.drawArc(QRectF(14, 14, 72, 72), 20 * 16, 140 * 16)
    art.painter.drawArc(QRectF(14, 14, 72, 72), 200 * 16, 140 * 16)
    art.line((88, 16), (84, 38), (62, 34))
    art.line((12, 84), (16, 62), (38, 66))


def _draw_scanner(art: Art) -> None:
    art.stroke()
    for x, y in ((8, 14), (92, 14), (8, 86), (92, 86)):
        toward = 16 if x < FIELD / 2 else -16
        down = 16 if y < FIELD / 2 else -16
        art.line((x + toward, y), (x, y), (x, y + down))
    for x, width in ((28, 8), (42, 5), (54, 10), (70, 6)):
        art.painter.fillRect(QRectF(x - width / 2, 30, width, 40), art.ink)


def _draw_camera(art: Art) -> None:
    art.stroke()
    art.painter.drawRoundedRect(QRectF(6, 28, 88, 56), 10, 10)
    art.line((32, 28), (40, 14), (60, 14), (68, 28))
    art.disc(50, 56, 17)


def _speaker(art: Art) -> None:
    art.solid([(8, 38), (26, 38), (46, 20), (46, 80), (26, 62), (8, 62)], STROKE)
    art.stroke()


def _draw_sound(art: Art) -> None:
    _speaker(art)
    art.painter.drawArc(QRectF(34, 32, 36, 36), -50 * 16, 100 * 16)
    art.painter.drawArc(QRectF(22, 16, 68, 68), -50 * 16, 100 * 16)


def _draw_silent(art: Art) -> None:
    _speaker(art)
    art.line((64, 38), (90, 62))
    art.line((90, 38), (64, 62))


def _draw_keypad(art: Art) -> None:
    art.fill()
    for row in range(3):
        for column in range(3):
            art.painter.drawRoundedRect(QRectF(12 + column * 28, 12 + row * 28, 20, 20), 4, 4)


def _draw_history(art: Art) -> None:
    art.stroke()
    for y in (22, 50, 78):
        art.line((38, y), (90, y))
    art.fill()
    for y in (22, 50, 78):
        art.disc(16, y, 7)


def _draw_full_screen(art: Art) -> None:
    art.stroke()
    for x, y in ((12, 12), (88, 12), (12, 88), (88, 88)):
        toward = 26 if x < FIELD / 2 else -26
        down = 26 if y < FIELD / 2 else -26
        art.line((x + toward, y), (x, y), (x, y + down))


def _draw_close(art: Art) -> None:
    art.stroke()
    art.line((20, 20), (80, 80))
    art.line((80, 20), (20, 80))


def _draw_scan_frame(art: Art) -> None:
    art.stroke(5)
    for x, y in ((6, 6), (94, 6), (6, 94), (94, 94)):
        toward = 20 if x < FIELD / 2 else -20
        down = 20 if y < FIELD / 2 else -20
        art.line((x + toward, y), (x, y), (x, y + down))
    for x, y in ((24, 24), (58, 24), (24, 58)):
        art.painter.drawRect(QRectF(x, y, 18, 18))
    art.fill()
    for x, y in ((31, 31), (65, 31), (31, 65)):
        art.painter.drawRect(QRectF(x, y, 4, 4))
    for x, y in ((56, 56), (72, 56), (64, 64), (56, 72), (72, 72)):
        art.painter.drawRect(QRectF(x, y, 7, 7))


DRAWINGS: dict[Icon, Callable[[Art], None]] = {
    Icon.ok: _draw_ok,
    Icon.offline_ok: _draw_offline_ok,
    Icon.warn: _draw_warn,
    Icon.error: _draw_error,
    Icon.spinner: _draw_spinner,
    Icon.question: _draw_question,
    Icon.online: _draw_online,
    Icon.offline: _draw_offline,
    Icon.upload: _draw_upload,
    Icon.sync: _draw_sync,
    Icon.scanner: _draw_scanner,
    Icon.camera: _draw_camera,
    Icon.sound: _draw_sound,
    Icon.silent: _draw_silent,
    Icon.keypad: _draw_keypad,
    Icon.history: _draw_history,
    Icon.full_screen: _draw_full_screen,
    Icon.close: _draw_close,
    Icon.scan_frame: _draw_scan_frame,
}
