"""What the camera sees, with a frame to aim with, or why it sees nothing."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from pos_app.core.device_states import CameraState
from pos_app.ui import palette
from pos_app.ui.icon_drawings import Icon
from pos_app.ui.icons import paint_icon
from pos_app.ui.text_keys import Text
from pos_app.ui.texts import Texts
from pos_app.ui.theme import Sizes

PREVIEW_ASPECT = 16 / 9
AIM_SHARE = 0.62
"""Side of the aiming frame as a share of the preview's height."""
CORNER_RADIUS = 10

_SAID = {
    CameraState.off: Text.camera_said_off,
    CameraState.starting: Text.camera_said_starting,
    CameraState.running: Text.camera_aim,
    CameraState.missing: Text.camera_said_missing,
    CameraState.busy: Text.camera_said_busy,
    CameraState.failed: Text.camera_said_failed,
}


class CameraPanel(QFrame):
    """Shows the preview while the camera runs, and words while it does not.

    Args:
        texts: the words.
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("card")
        self._texts = texts
        self._state = CameraState.off
        self._title = QLabel()
        self._picture = _Picture()
        self._said = QLabel()
        self._said.setProperty("role", "hint")
        self._said.setWordWrap(True)
        self._said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self._title)
        self._layout.addWidget(self._picture)
        self._layout.addWidget(self._said)
        self._layout.addStretch(1)
        texts.language_changed.connect(self.retranslate)
        self.retranslate()

    def show_state(self, state: CameraState) -> None:
        """Say what the camera is doing; a preview is kept only while it runs."""
        self._state = state
        if state is not CameraState.running:
            self._picture.show_image(QImage())
        self.retranslate()

    def show_preview(self, image: QImage) -> None:
        """Show a picture from the camera."""
        if self._state is CameraState.running:
            self._picture.show_image(image)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take on the measures of another density."""
        self._layout.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._layout.setSpacing(sizes.gap)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._title.setText(self._texts(Text.camera_panel))
        self._said.setText(self._texts(_SAID[self._state]))
        self._picture.setAccessibleName(self._said.text())


class _Picture(QWidget):
    """The preview in its own proportions, or a camera on a dark ground."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        keeps_shape = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        keeps_shape.setHeightForWidth(True)
        self.setSizePolicy(keeps_shape)
        self.setMinimumSize(200, 112)

    def heightForWidth(self, width: int) -> int:
        return round(width / PREVIEW_ASPECT)

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: object) -> None:  # noqa: ARG002 (Qt's signature)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = min(float(self.width()), self.height() * PREVIEW_ASPECT)
        height = width / PREVIEW_ASPECT
        place = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
        outline = QPainterPath()
        outline.addRoundedRect(place, CORNER_RADIUS, CORNER_RADIUS)
        painter.setClipPath(outline)
        painter.fillRect(place, QColor(palette.INK))
        white, dark = QColor(palette.WHITE), QColor(palette.INK)
        if self._image.isNull():
            side = height * 0.3
            middle = QRectF(0, 0, side, side)
            middle.moveCenter(place.center())
            paint_icon(painter, Icon.camera, middle, QColor(palette.FIELD_LINE), dark)
        else:
            painter.drawImage(place, self._image)
            aim = QRectF(0, 0, height * AIM_SHARE, height * AIM_SHARE)
            aim.moveCenter(place.center())
            paint_icon(painter, Icon.full_screen, aim, white, dark)
        painter.end()
