"""The till's icons on buttons, in tables and at the size of a window; crisp at any."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from pos_app.ui.icon_drawings import DRAWINGS, FIELD, Art, Icon

ICON_SIZES = (16, 20, 24, 32, 40, 48, 64, 96)
SPIN_DEGREES_PER_STEP = 30


def paint_icon(painter: QPainter, icon: Icon, rect: QRectF, ink: QColor, paper: QColor) -> None:
    """Draw an icon.

    Args:
        painter: on any device; its state is kept.
        icon: which.
        rect: where; the icon fills the largest square in its middle.
        ink: colour of the shape.
        paper: colour of what is cut out of a filled shape; the background's, as a rule.
    """
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center().x() - side / 2, rect.center().y() - side / 2)
    painter.scale(side / FIELD, side / FIELD)
    DRAWINGS[icon](Art(painter, ink, paper))
    painter.restore()


def icon_pixmap(icon: Icon, side: int, ink: str, pixel_ratio: float = 1.0) -> QPixmap:
    """An icon as a picture of `side` logical pixels on a transparent ground."""
    pixmap = QPixmap(QSize(side, side) * pixel_ratio)
    pixmap.setDevicePixelRatio(pixel_ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, icon, QRectF(0, 0, side, side), QColor(ink), QColor("#FFFFFF"))
    painter.end()
    return pixmap


def button_icon(icon: Icon, ink: str) -> QIcon:
    """An icon for buttons and tables, drawn anew for every size that is needed."""
    drawn = QIcon()
    for side in ICON_SIZES:
        drawn.addPixmap(icon_pixmap(icon, side, ink))
    return drawn


class IconView(QWidget):
    """Shows one icon as large as its place allows; a spinner turns when `step` is called."""

    def __init__(self, icon: Icon, ink: str, paper: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._ink = QColor(ink)
        self._paper = QColor(paper)
        self._angle_degrees = 0

    def show_icon(self, icon: Icon, ink: str, paper: str) -> None:
        """Show another icon, or the same in other colours."""
        self._icon = icon
        self._ink = QColor(ink)
        self._paper = QColor(paper)
        self.update()

    def step(self) -> None:
        """Turn a spinner one step on."""
        self._angle_degrees = (self._angle_degrees + SPIN_DEGREES_PER_STEP) % 360
        self.update()

    def paintEvent(self, event: object) -> None:  # noqa: ARG002 (Qt's signature)
        """Draw the icon in the middle."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self._icon is Icon.spinner:
            painter.translate(area.center())
            painter.rotate(self._angle_degrees)
            painter.translate(-area.center())
        paint_icon(painter, self._icon, area, self._ink, self._paper)
        painter.end()
