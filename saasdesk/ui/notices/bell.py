"""The bell: how many notices nobody has read yet."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.buttons import IconButton

_MOST_SAID = 99


class Bell(IconButton):
    """An icon with a number at its corner; screen readers hear the number too."""

    def __init__(self, theme: Theme, shortcut: str = "") -> None:
        super().__init__(theme, "bell", "…", size=32, icon_size=16)
        self.setObjectName("bell")
        self._shortcut = shortcut
        self.unread = 0
        self.set_unread(0)

    def set_unread(self, count: int) -> None:
        """Show another number; none at all when everything was read."""
        self.unread = count
        name = self.tr("Notices, {0} unread").format(count) if count else self.tr("Notices, nothing new")
        self.set_name(name, self._shortcut)
        self.update()

    def sizeHint(self) -> QSize:
        # Room for the number, so that nothing moves when it comes.
        return QSize(self._theme.px(44), self._theme.measure("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.unread:
            return
        painter, theme = QPainter(self), self._theme
        text = str(self.unread) if self.unread <= _MOST_SAID else f"{_MOST_SAID}+"
        painter.setFont(theme.font("tag"))
        height = theme.px(16)
        width = max(height, QFontMetrics(painter.font()).horizontalAdvance(text) + theme.px(8))
        middle = self.width() // 2
        left = middle - width if self.isRightToLeft() else middle
        pill = QRect(left, theme.px(1), width, height)
        draw_box(painter, pill.toRectF(), height / 2, theme.color("danger"))
        painter.setPen(theme.color("on-danger"))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)
