"""How much of a limit is used, with a mark where the limit is."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box


class Meter(QProgressBar):
    """A bar of 8 px: green up to the limit, amber beyond it; screen readers hear "14 of 10"."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        value: int = 0,
        limit: int = 1,
        *,
        width: int = 180,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = width
        self._limit = limit
        self.setTextVisible(False)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_use(value, limit)

    def set_use(self, value: int, limit: int) -> None:
        """Show that so much of so much is used."""
        self._limit = limit
        self.setRange(0, max(value, limit, 1))
        self.setValue(value)
        self.setAccessibleDescription(self.tr("{0} of {1}").format(value, limit))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(self._width), self._theme.measure("meter"))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(48), self._theme.measure("meter"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        area = area_of(self)
        radius = area.height() / 2
        scale = area.width() / self.maximum()
        if self.isRightToLeft():
            painter.translate(area.width(), 0)
            painter.scale(-1, 1)
        draw_box(painter, area, radius, theme.color("track"))
        outline = QPainterPath()
        outline.addRoundedRect(area, radius, radius)
        painter.setClipPath(outline)
        within = min(self.value(), self._limit)
        painter.fillRect(QRectF(0, 0, within * scale, area.height()), theme.color("ok"))
        if self.value() > self._limit:
            beyond = QRectF(self._limit * scale, 0, (self.value() - self._limit) * scale, area.height())
            painter.fillRect(beyond, theme.color("warn"))
            # The mark stands where the limit is passed; below it the end of the bar is the limit.
            mark = theme.px(2)
            painter.fillRect(QRectF(self._limit * scale - mark / 2, 0, mark, area.height()), theme.color("text"))
