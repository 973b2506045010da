"""The program's own icon: a tick in the corners of a viewfinder."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from pos_app.ui import palette

SIDES = (16, 24, 32, 48, 64, 128, 256, 512)
FIELD = 100.0


def app_icon() -> QIcon:
    """The icon in every size that systems ask for."""
    icon = QIcon()
    for side in SIDES:
        icon.addPixmap(app_icon_pixmap(side))
    return icon


def app_icon_pixmap(side: int) -> QPixmap:
    """The icon as a square picture, `side` pixels wide."""
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / FIELD, side / FIELD)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.GOOD))
    painter.drawRoundedRect(QRectF(2, 2, 96, 96), 22, 22)
    pen = QPen(QColor(palette.WHITE), 7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for x, y in ((20, 20), (80, 20), (20, 80), (80, 80)):
        toward = 15 if x < FIELD / 2 else -15
        down = 15 if y < FIELD / 2 else -15
        _line(painter, (x + toward, y), (x, y), (x, y + down))
    pen.setWidthF(11)
    painter.setPen(pen)
    _line(painter, (33, 52), (46, 64), (68, 38))
    painter.end()
    return pixmap


def _line(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
