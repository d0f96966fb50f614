"""Charts and whole boards as pictures, twice as fine as on the screen."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from saasdesk.errors import UserError
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text

_FINER = 2
_ROOM, _BELOW_TITLE = 24, 12


def picture_of(widget: QWidget, theme: Theme, title: str, note: str) -> QImage:
    """What a widget looks like now, on the ground of a page; above it a title, and a note at the end of its line."""
    room, head = theme.px(_ROOM), theme.line_height("page-title") + theme.px(_BELOW_TITLE)
    size = widget.size() + QSize(2 * room, 2 * room + head)
    image = QImage(size * _FINER, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(_FINER)
    image.fill(theme.color("bg"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    near, far = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    line = QRect(room, room, widget.width(), theme.line_height("page-title"))
    for text, role, ink, side in ((note, "body", "muted", far), (title, "page-title", "text", near)):
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(ink))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(visible_text(text), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        # What comes next has the rest of the line.
        line.setWidth(line.width() - metrics.horizontalAdvance(shown) - room)
    widget.render(painter, QPoint(room, room + head), renderFlags=QWidget.RenderFlag.DrawChildren)
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
