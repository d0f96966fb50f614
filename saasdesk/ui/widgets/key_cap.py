"""A shortcut, drawn like the key it stands for."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box


def native_keys(shortcut: str) -> str:
    """The shortcut as this platform writes it."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)


def key_cap_size(theme: Theme, keys: str) -> QSize:
    """How much room a key cap takes."""
    width = QFontMetrics(theme.font("caption")).horizontalAdvance(keys) + 2 * theme.px(6)
    return QSize(width, theme.measure("tag"))


def paint_key_cap(painter: QPainter, theme: Theme, area: QRect, keys: str) -> None:
    """Draw a key cap that fills the area."""
    painter.save()
    painter.translate(QPointF(area.topLeft()))
    inside = QRect(0, 0, area.width(), area.height())
    draw_box(
        painter,
        inside.toRectF(),
        theme.measure("radius-small"),
        theme.color("bg"),
        theme.color("line-strong"),
        edge_width=theme.edge,
    )
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.color("muted"))
    painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter), keys)
    painter.restore()


class KeyCap(QLabel):
    """A key cap among other widgets, with the keys as they are called here."""

    def __init__(self, theme: Theme, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(keys, parent)
        self._theme = theme
        self.setTextFormat(Qt.TextFormat.PlainText)

    def sizeHint(self) -> QSize:
        return key_cap_size(self._theme, self.text())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hint = self.sizeHint()
        top = (self.height() - hint.height()) // 2
        paint_key_cap(painter, self._theme, QRect(0, top, int(area_of(self).width()), hint.height()), self.text())
