"""What lies under a verdict's words: colour, stripes, band, and the bar of the time left."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF

from pos_app.ui.palette import LookColours

BAR_HEIGHT = 10
BAND_WIDTH = 28
STRIPE_WIDTH = 40


def paint_ground(painter: QPainter, area: QRectF, colours: LookColours) -> None:
    """Fill the card, with diagonal stripes where the look has them."""
    painter.fillRect(area, QColor(colours.background))
    if colours.stripe == colours.background:
        return
    painter.drawTiledPixmap(area, _stripes(colours))


def _stripes(colours: LookColours) -> QPixmap:
    """A tile of diagonal stripes; filling a window with tiles is far quicker than with polygons."""
    side = 2 * STRIPE_WIDTH
    tile = QPixmap(side, side)
    tile.fill(QColor(colours.background))
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.stripe))
    for left in (-side, 0, side):
        corners = [(left, side), (left + side, 0), (left + side + STRIPE_WIDTH, 0)]
        corners.append((left + STRIPE_WIDTH, side))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    painter.end()
    return tile


def paint_band(painter: QPainter, area: QRectF, colour: str) -> None:
    """Leave a band of the look's colour at the edge of a card that has become calm."""
    painter.fillRect(QRectF(0, 0, BAND_WIDTH, area.height()), QColor(colour))


def paint_time_left(
    painter: QPainter, area: QRectF, colours: LookColours, left_share: float
) -> None:
    """Draw the bar of the time left along the lower edge; `left_share` is 0 to 1."""
    bar = QRectF(0, area.height() - BAR_HEIGHT, area.width(), BAR_HEIGHT)
    painter.fillRect(bar, QColor(colours.panel))
    bar.setWidth(area.width() * left_share)
    painter.fillRect(bar, QColor(colours.ink))
