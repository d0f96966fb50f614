"""Charts and whole boards as pictures, twice as fine as on the screen."""

from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from saasdesk.errors import UserError
from saasdesk.ui.theme import Theme

_FINER = 2


def picture_of(widget: QWidget, theme: Theme) -> QImage:
    """What a widget looks like now, on the ground of a page."""
    image = QImage(widget.size() * _FINER, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(_FINER)
    image.fill(theme.color("bg"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    painter.end()
    return image


def save_picture(image: QImage, target: Path) -> None:
    """Save a picture as PNG, whole or not at all; a UserError where that is not possible."""
    beside = target.with_name(f"{target.name}.part")
    if not image.save(str(beside), "PNG"):  # type: ignore[call-overload]
        beside.unlink(missing_ok=True)
        raise UserError(f"{target} could not be saved. Is there room, and may you write in that folder?")
    try:
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UserError(f"{target} could not be saved: {error.strerror}. Choose another folder.") from None
